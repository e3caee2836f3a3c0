"""An audit: accounts are read, at most some Regions at a time, and judged unit by unit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags

from .accesses import Wanted, accesses, regions_of
from .asking import Asking, Stopped
from .judge import Expected, Found, Judged, Open, judge
from .pace import Clock, Pace, RealClock
from .read import Scope, Watch, domain_names, read_global, read_region
from .session import Access
from .snapshot import DistributionState, Failure, FunctionState, HttpApiState, Place, RestApiState, State
from .store import Shelf, Store
from .unit import Unit
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
            found += _failures(self.shelf(each.place), (RestApiState, HttpApiState, FunctionState))
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

    def read(self) -> Readings:
        """Read all places. Raises `corsmith.account.session.NotInstalled`."""
        found: list[Read] = []
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            for access in accesses(self.wanted, Pace(self.clock), self.failures):
                regions = regions_of(access, self.wanted, Pace(self.clock), self.failures)
                if not regions:
                    message = (
                        f"no Region is configured for {access.label}; name one with --region, or use --all-regions"
                    )
                    self.failures.append(Failure("", f"account {access.account}", "", message))
                read = [
                    each
                    for each in pool.map(lambda region, access=access: self._region(access, region), regions)
                    if each
                ]
                found += read
                if read:
                    self._distributions(access, tuple(each.place for each in read))
        return Readings(self.store, tuple(found), tuple(dict.fromkeys(self.failures)))

    def _region(self, access: Access, region: str) -> Read | None:
        place = Place(access.partition, access.account, region)
        asking = Asking(access, place, Pace(self.clock), self.asked)
        shelf = self.store.shelf(place)
        try:
            read_at = read_region(asking, shelf, self.scope, self.now, self.watch)
        except Stopped as stopped:
            self.failures.append(stopped.failure)
            read_at = self.now()
        return Read(place, access, read_at)

    def _distributions(self, access: Access, places: tuple[Place, ...]) -> None:
        around = _around(places[0])
        domains = frozenset().union(*(domain_names(self.store.shelf(place)) for place in places))
        asking = Asking(access, around, Pace(self.clock), self.asked)
        try:
            read_global(asking, self.store.shelf(around), self.scope, domains, self.managed, self.now)
        except Stopped as stopped:
            self.failures.append(stopped.failure)


def audit(readings: Readings, flags: CallerFlags, profile: str = "model", code: Code = no_code) -> Audit:
    """Judge everything that was read."""
    judged: list[Judged] = [judge(unit, flags, profile) for unit in readings.units(code)]
    empty = Audit(readings).with_found(tuple(each for one in judged for each in one.found))
    return Audit(
        readings,
        empty.found,
        tuple(dict.fromkeys(each for one in judged for each in one.undecided)),
        readings.all_failures(),
        sum(each.allowed for each in judged),
        sum(each.blocked for each in judged),
        sum(each.unexplained for each in judged),
        len(judged),
        tuple(each for one in judged for each in one.expected),
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
