"""Reading a place: every API, function and domain of an account's Region, each once, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Protocol

from msgspec import Struct

from .asking import Asking, Gone
from .read_distributions import read_distributions
from .read_functions import Called, called_by, list_functions, list_urls, read_function
from .read_http import list_http_apis, read_domains, read_http_api
from .read_rest import list_rest_apis, read_rest_api
from .snapshot import DomainState, Failure, HttpApiState, Json, RestApiState
from .store import Shelf


class Watch(Protocol):
    """Is told how far a reading is."""

    def more(self, count: int) -> None:
        """Say that there is so much more to read."""
        ...

    def step(self, remark: str) -> None:
        """Say that one thing was read."""
        ...


class Scope(Struct, frozen=True):
    """What is read. `only`: ids, names or ARNs of APIs and functions; all where it is empty."""

    only: tuple[str, ...] = ()
    max_age: float = 0.0

    def takes(self, *names: str) -> bool:
        """Say whether something with these names is to be read."""
        return not self.only or any(name in self.only for name in names)


def read_region(asking: Asking, shelf: Shelf, scope: Scope, now: Callable[[], float], watch: Watch) -> float:
    """Read a Region into its shelf, or go on where an earlier run stopped; return when it was read, seconds since 1970.

    Raises `Stopped` where nothing more can be read; what was read until then is kept.
    """
    reading = shelf.begin(now(), _question(asking, scope), scope.max_age)
    if reading.ended is not None:
        return reading.ended
    place = _Region(asking, shelf, scope, now, watch)
    place.apis()
    place.domains()
    place.functions()
    shelf.end(reading, now())
    return reading.began


def read_global(
    asking: Asking,
    shelf: Shelf,
    scope: Scope,
    domains: frozenset[str],
    managed: frozenset[str],
    now: Callable[[], float],
) -> None:
    """Read the distributions of an account into their shelf. Raises `Stopped`."""
    reading = shelf.begin(now(), _question(asking, scope), scope.max_age)
    if reading.ended is not None:
        return
    before = len(asking.failures)
    for state in read_distributions(asking, domains, managed, now()):
        shelf.keep(f"distributions/{state.id}", state)
    for failure in asking.failures[before:]:
        shelf.note(failure)
    shelf.end(reading, now())


def _question(asking: Asking, scope: Scope) -> str:
    """Return what is asked, and by whom: others may be allowed to see more."""
    return "; ".join((asking.access.label, *sorted(scope.only)))


class _Region(Struct, eq=False):
    asking: Asking
    shelf: Shelf
    scope: Scope
    now: Callable[[], float]
    watch: Watch

    def apis(self) -> None:
        rest = self._list("restapis", lambda: list_rest_apis(self.asking))
        http = self._list("apis", lambda: list_http_apis(self.asking))
        done = self.shelf.done()
        empty = [RestApiState(place=self.asking.place, read_at=0, api=api) for api in rest]
        wanted = [each for each in empty if self.scope.takes(each.id, each.name, each.arn)]
        also = [HttpApiState(place=self.asking.place, read_at=0, api=api) for api in http]
        wanted_http = [each for each in also if self.scope.takes(each.id, each.name, each.arn)]
        self.watch.more(len(wanted) + len(wanted_http))
        for each in wanted:
            self._keep(f"restapis/{each.id}", each.arn, done, partial(read_rest_api, self.asking, each.api))
        for one in wanted_http:
            self._keep(f"apis/{one.id}", one.arn, done, partial(read_http_api, self.asking, one.api))

    def domains(self) -> None:
        if "domains" in self.shelf.done():
            return
        before = len(self.asking.failures)
        for state in read_domains(self.asking, self.now()):
            self.shelf.keep(f"domainnames/{state.id}", state)
        self._note(before)
        self.shelf.pass_over("domains")

    def functions(self) -> None:
        called = called_by(chain(self.shelf.states(RestApiState), self.shelf.states(HttpApiState)))
        listed = self._list("functions", lambda: list_functions(self.asking))
        wanted = [
            each
            for each in listed
            if each["FunctionArn"] in called or self.scope.takes(str(each["FunctionName"]), str(each["FunctionArn"]))
        ]
        self.watch.more(len(wanted))
        done = self.shelf.done()
        for each in wanted:
            key, arn = f"functions/{each['FunctionName']}", str(each["FunctionArn"])
            self._function(key, arn, each, called, done)

    def _function(self, key: str, arn: str, configuration: Json, called: Called, done: frozenset[str]) -> None:
        if key not in done:
            before = len(self.asking.failures)
            # Of a function that only stands behind an API that was asked for, its own URLs are another question.
            asked_for = self.scope.takes(str(configuration["FunctionName"]), arn)
            urls = list_urls(self.asking, configuration) if asked_for else ()
            state = read_function(self.asking, configuration, urls, called.get(arn, set()), self.now())
            self._note(before)
            if state is None:
                self.shelf.pass_over(key)
            else:
                self.shelf.keep(key, state)
        self.watch.step(f"{self.asking.place.account} {self.asking.place.region}: {configuration['FunctionName']}")

    def _keep(
        self, key: str, arn: str, done: frozenset[str], read: Callable[[float], RestApiState | HttpApiState | None]
    ) -> None:
        if key not in done:
            state = read(self.now())
            if state is None:
                self.shelf.note(Failure("", arn, "NotFoundException", f"{arn} was deleted while it was read"))
                self.shelf.pass_over(key)
            else:
                self.shelf.keep(key, state)
        self.watch.step(f"{self.asking.place.account} {self.asking.place.region}: {key}")

    def _list(self, name: str, read: Callable[[], Iterator[Json]]) -> tuple[Json, ...]:
        known = self.shelf.listed(name)
        if known is not None:
            return known
        before = len(self.asking.failures)
        try:
            listed = tuple(read())
        except Gone:
            listed = ()
        self._note(before)
        self.shelf.keep_list(name, listed)
        return listed

    def _note(self, before: int) -> None:
        for failure in self.asking.failures[before:]:
            self.shelf.note(failure)


def domain_names(shelf: Shelf) -> frozenset[str]:
    """Return the custom domains of a Region."""
    return frozenset(state.id for state in shelf.states(DomainState))
