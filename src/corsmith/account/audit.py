"""An audit: accounts are read, at most some Regions at a time, and judged unit by unit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from threading import Event

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags

from .accesses import Reaching, Wanted, accesses, regions_of
from .alike import Alike
from .asking import Asking, Stopped
from .expected import Expected
from .found import Found, Open
from .judge import Judged, judge
from .pace import Clock, Pace, RealClock
from .read import Around, Scope, Watch, domain_names, read_global, read_region
from .session import Access
from .snapshot import DistributionState, DomainState, Failure, FunctionState, HttpApiState, Place, RestApiState, State
from .store import Shelf, Store
from .unit import Door, Unit
from .units import Code, no_code, units

AT_A_TIME = 8
"""How many Regions are read at a time. Each has limits of its own."""


class Read(Struct, frozen=True):
    """A place that was read, and when (seconds since 1970)."""

    place: Place
    access: Access
    read_at: float


class Readings(Struct, frozen=True):
    """What was read of all accounts. The states themselves are on disk."""

    store: Store
    places: tuple[Read, ...]
    failures: tuple[Failure, ...]

    def access(self, place: Place) -> Access:
        """Return how the account of a place is reached. Raises `KeyError`."""
        return {each.place.account: each.access for each in self.places}[place.account]

    def shelf(self, place: Place) -> Shelf:
        """Return what is kept of a place."""
        return self.store.shelf(place)

    def units(self, code: Code = no_code) -> Iterator[Unit]:
        """Yield every unit, one at a time."""
        for each in self.places:
            yield from units(self.shelf(each.place), self.shelf(_around(each.place)), code)

    def all_failures(self) -> tuple[Failure, ...]:
        """Return every call that AWS did not answer."""
        found = list(self.failures)
        for account in dict.fromkeys(_around(each.place) for each in self.places):
            found += _failures(self.shelf(account), (DistributionState,))
        for each in self.places:
            found += _failures(self.shelf(each.place), (RestApiState, HttpApiState, FunctionState, DomainState))
        return tuple(dict.fromkeys(found))


class Calls(Struct, frozen=True):
    """How many calls were made to public addresses, and what came of them. `failed`: the network did."""

    made: int
    agree: int
    differ: int
    failed: int


class Audit(Struct, frozen=True):
    """What an audit found. `units` is how many front doors were judged."""

    readings: Readings
    found: tuple[Found, ...] = ()
    undecided: tuple[Open, ...] = ()
    failures: tuple[Failure, ...] = ()
    allowed: int = 0
    blocked: int = 0
    unexplained: int = 0
    units: int = 0
    expected: tuple[Expected, ...] = ()
    """What is expected of the routes' calls, for whoever makes them."""
    remarks: tuple[str, ...] = ()
    """What else there is to say: it changes no verdict and no exit code."""
    calls: Calls | None = None
    """What came of the calls that were made, None where none were."""

    def with_found(self, more: tuple[Found, ...], remarks: tuple[str, ...] = ()) -> Audit:
        """Return the audit with more findings, the worst first, and remarks."""
        ranks = ("error", "warning", "info")
        found = sorted((*self.found, *more), key=lambda each: ranks.index(each.finding.severity))
        return replace(self, found=tuple(found), remarks=(*self.remarks, *remarks))


class Reader(Struct, eq=False):
    """Reads what the flags name. `clock` paces the calls; `now` dates what was read."""

    wanted: Wanted
    store: Store
    scope: Scope
    watch: Watch
    managed: frozenset[str]
    """Ids of CloudFront's policies that need no reading."""
    clock: Clock = field(default_factory=RealClock)
    now: Callable[[], float] = time.time
    asked: Callable[[str, str], None] | None = None
    failures: list[Failure] = field(default_factory=list)
    _halt: Event = field(default_factory=Event)
    _closed: set[str] = field(default_factory=set)
    """Accounts whose credentials are good no more."""

    def read(self) -> Readings:
        """Read all places. Raises `corsmith.account.session.NotInstalled`.

        Where it is broken off, the calls that are under way are the last ones.
        """
        found: list[Read] = []
        question = repr((self.wanted, self.scope.only))
        self.scope = replace(self.scope, run=self.store.run(self.now(), question).id)
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            try:
                for access in accesses(self.wanted, self._how()):
                    found += self._account(access, pool)
            except BaseException:
                self._halt.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        if not self._closed:
            # Where credentials gave out, the next run goes on from here, with better ones.
            self.store.ended(question)
        readings = Readings(self.store, tuple(found), tuple(dict.fromkeys(self.failures)))
        return replace(readings, failures=(*readings.failures, *self._not_found(readings)))

    def _account(self, access: Access, pool: ThreadPoolExecutor) -> list[Read]:
        regions = regions_of(access, self.wanted, self._how())
        if not regions and not self.wanted.regions and access.session.region_name is None:
            message = f"no Region is configured for {access.label}; name one with --region, or use --all-regions"
            self.failures.append(Failure("", f"account {access.account}", "", message))
        read = list(pool.map(partial(self._region, access), regions))
        if read and access.account not in self._closed:
            self._distributions(access, tuple(each.place for each in read))
        return read

    def _pace(self) -> Pace:
        return Pace(self.clock, halt=self._halt)

    def _how(self) -> Reaching:
        return Reaching(self._pace(), self.failures, self.watch.tell)

    def _asking(self, access: Access, place: Place, shelf: Shelf) -> Asking:
        def asked(service: str, operation: str) -> None:
            self.watch.asks(f"{service}:{operation} of {place.account}{f', {place.region}' if place.region else ''}")
            if self.asked is not None:
                self.asked(service, operation)

        return Asking(access, place, self._pace(), asked, self.watch.tell, shelf.answers())

    def _region(self, access: Access, region: str) -> Read:
        place = Place(access.partition, access.account, region)
        if access.account in self._closed:
            return Read(place, access, self.now())
        shelf = self.store.shelf(place)
        asking = self._asking(access, place, shelf)
        try:
            return Read(place, access, read_region(asking, shelf, self.scope, self.now, self.watch))
        except Stopped as stopped:
            self._stopped(access, stopped)
            return Read(place, access, self.now())
        finally:
            asking.close()

    def _stopped(self, access: Access, stopped: Stopped) -> None:
        self.failures.append(stopped.failure)
        if stopped.everywhere:
            self._closed.add(access.account)

    def _not_found(self, readings: Readings) -> Iterator[Failure]:
        """Yield a failure for each name that nothing has."""
        left = set(self.scope.only)
        for place in readings.places if left else ():
            shelf = self.store.shelf(place.place)
            doors: Iterator[Door] = chain(
                shelf.states(RestApiState), shelf.states(HttpApiState), shelf.states(FunctionState)
            )
            for state in doors:
                left -= {state.id, state.name, state.arn}
        for name in sorted(left):
            yield Failure("", name, "", f"--api {name}: no API or function of that id, name or ARN was found")

    def _distributions(self, access: Access, places: tuple[Place, ...]) -> None:
        around = _around(places[0])
        domains = frozenset().union(*(domain_names(self.store.shelf(place)) for place in places))
        shelf = self.store.shelf(around)
        asking = self._asking(access, around, shelf)
        try:
            read_global(asking, shelf, self.scope, Around(domains, self.managed), self.now)
        except Stopped as stopped:
            self._stopped(access, stopped)
        finally:
            asking.close()


def _nobody(name: str) -> None:
    del name


def audit(readings: Readings, flags: CallerFlags, code: Code = no_code, step: Callable[[str], None] = _nobody) -> Audit:
    """Judge everything that was read. `step` is told of each front door, by its name."""
    judged: list[Judged] = []
    alike: dict[Place, Alike] = {}
    for unit in readings.units(code):
        known = alike.setdefault(unit.place, Alike())
        judged.append(known.judged(unit, lambda each: judge(each, flags)))
        step(unit.door.name)
    empty = Audit(readings).with_found(tuple(each for one in judged for each in one.found))
    return Audit(
        readings,
        empty.found,
        tuple(dict.fromkeys(each for one in judged for each in one.undecided)),
        (*readings.all_failures(), *dict.fromkeys(each for one in judged for each in one.failures)),
        sum(each.allowed for each in judged),
        sum(each.blocked for each in judged),
        sum(each.unexplained for each in judged),
        len(judged),
        tuple(each for one in judged for each in one.expected),
        tuple(each for one in judged for each in one.remarks),
    )


def _around(place: Place) -> Place:
    """Return where an account's distributions are: they have no Region."""
    return Place(place.partition, place.account, "")


def _failures(shelf: Shelf, kinds: tuple[type[State], ...]) -> list[Failure]:
    found = list(shelf.failures())
    for kind in kinds:
        for state in shelf.states(kind):
            found += state.failures
    return found
