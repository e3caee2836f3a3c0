"""Reading a place: every API, function and domain of an account's Region, each once, whatever becomes of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from .asking import Asking, Gone
from .read_distributions import Policies, list_distributions, read_distribution
from .read_functions import Called, called_by, list_functions, list_urls, read_function
from .read_http import list_domains, list_http_apis, read_domain, read_http_api
from .read_rest import asks_for_keys, list_rest_apis, list_usage_plans, read_rest_api
from .snapshot import DomainState, Failure, HttpApiState, Json, RestApiState
from .store import Shelf

_PLANS = "GetUsagePlans"


class Watch(Protocol):
    """Is told how far a reading is."""

    def more(self, count: int) -> None:
        """Say that there is so much more to read."""
        ...

    def step(self, remark: str) -> None:
        """Say that one thing was read."""
        ...

    def asks(self, what: str) -> None:
        """Say what is being asked: "apigateway:GetResources of 123456789012, eu-west-1"."""
        ...

    def tell(self, sentence: str) -> None:
        """Say what somebody who waits should know."""
        ...


class Scope(Struct, frozen=True):
    """What is read. `only`: ids, names or ARNs of APIs and functions; all where it is empty."""

    only: tuple[str, ...] = ()
    max_age: float = 0.0
    run: str = ""
    """The run that all places of an audit are read by: see `corsmith.account.store`."""

    def takes(self, *names: str) -> bool:
        """Say whether something with these names is to be read."""
        return not self.only or any(name in self.only for name in names)


def read_region(asking: Asking, shelf: Shelf, scope: Scope, now: Callable[[], float], watch: Watch) -> float:
    """Read a Region into its shelf, or go on where an earlier run stopped; return when it was read, seconds since 1970.

    Raises `Stopped` where nothing more can be read; what was read until then is kept.
    """
    reading = shelf.begin(now(), _question(asking, scope), scope.max_age, scope.run)
    if reading.ended is not None:
        return reading.ended
    place = _Region(asking, shelf, scope, now, watch)
    place.apis()
    place.domains()
    place.functions()
    shelf.end(reading, now())
    return reading.began


class Around(Struct, frozen=True):
    """What an account's distributions may stand in front of: `domains`; `managed`: ids of CloudFront's own policies."""

    domains: frozenset[str]
    managed: frozenset[str]


def read_global(asking: Asking, shelf: Shelf, scope: Scope, around: Around, now: Callable[[], float]) -> None:
    """Read the distributions of an account into their shelf. Raises `Stopped`."""
    # Which of them matter depends on the domains of the Regions that are read.
    question = "; ".join((_question(asking, scope), *sorted(around.domains)))
    reading = shelf.begin(now(), question, scope.max_age, scope.run)
    if reading.ended is not None:
        return
    listed = _listed(asking, shelf, "distributions", lambda: list_distributions(asking, around.domains))
    policies, done = Policies(asking, around.managed), shelf.done()
    for each in listed:
        key = f"distributions/{each['Id']}"
        if key not in done:
            shelf.keep(key, read_distribution(asking, each, policies, now()))
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
            self._keep(f"restapis/{each.id}", each.arn, done, partial(self._rest_api, each.api))
        for one in wanted_http:
            self._keep(f"apis/{one.id}", one.arn, done, partial(read_http_api, self.asking, one.api))

    def _rest_api(self, api: Json, now: float) -> RestApiState | None:
        state = read_rest_api(self.asking, api, now)
        if state is None or not asks_for_keys(state):
            return state
        before = len(self.asking.failures)
        plans = self._list("usageplans", lambda: list_usage_plans(self.asking))
        if len(self.asking.failures) > before or any(_PLANS in each.operation for each in self.shelf.failures()):
            return state
        held = ([s for s in each.get("apiStages") or () if s.get("apiId") == state.id] for each in plans)
        return replace(state, usage_plans=tuple({"apiStages": own} for own in held if own))

    def domains(self) -> None:
        listed = self._list("domainnames", lambda: list_domains(self.asking))
        done = self.shelf.done()
        self.watch.more(len(listed))
        for domain in listed:
            empty = DomainState(place=self.asking.place, read_at=0, domain=domain)
            self._keep(f"domainnames/{empty.id}", empty.arn, done, partial(read_domain, self.asking, domain))

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
        self,
        key: str,
        arn: str,
        done: frozenset[str],
        read: Callable[[float], RestApiState | HttpApiState | DomainState | None],
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
        return _listed(self.asking, self.shelf, name, read)

    def _note(self, before: int) -> None:
        _note(self.asking, self.shelf, before)


def _listed(asking: Asking, shelf: Shelf, name: str, read: Callable[[], Iterator[Json]]) -> tuple[Json, ...]:
    """Return a list as it was kept; where it was not, as it is read now."""
    known = shelf.listed(name)
    if known is not None:
        return known
    before = len(asking.failures)
    try:
        listed = tuple(read())
    except Gone:
        listed = ()
    _note(asking, shelf, before)
    shelf.keep_list(name, listed)
    return listed


def _note(asking: Asking, shelf: Shelf, before: int) -> None:
    for failure in asking.failures[before:]:
        shelf.note(failure)


def domain_names(shelf: Shelf) -> frozenset[str]:
    """Return the custom domains of a Region."""
    return frozenset(state.id for state in shelf.states(DomainState))
