"""Modules that were run before are not run again: what running one left behind is put into the next machine.

Theory. A module that is loaded outside any function meets nothing of the handler that asks for it: it reads files,
environment variables and the modules that it imports itself. So the load is recorded: the records it made (their numbers
are never used twice, in any run), what it noted in the machine, and what it looked at. A machine in which all of that
would be seen alike takes the records over, shared until someone writes to them. What a load could leave in places that
are not the store (the calls that were made of something made elsewhere) is set back to how the load left it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any, TypeVar

from msgspec import Struct

from corsmith.api.model import Problem
from corsmith.api.tree import Unreadable
from corsmith.api.value import Text, Unknown

from .decisions import TRUE, Decisions, Tables, Value
from .machine import Environment, Failure, Frame, Machine
from .remembered import Asked
from .store import Record, Store
from .values import Made, MadeCall, Pending

T = TypeVar("T", bound="int | None")

_LOADS_AT_MOST = 256
_RECORDS_AT_MOST = 2_000
"""To look through more than that costs as much as to run most modules again."""
_NUMBERS = [1 << 40, 0]
"""The counter that the numbers of recorded loads are taken from: no other store's reaches it."""
_LOADS: dict[Hashable, Load] = {}
_OF_MODULE: dict[int, Load] = {}
_SHARING: list[Machine] = []
"""The machines that run; the first may use and record loads, others, in other threads, would disturb it."""


class Load(Struct, eq=False):
    """What loading one module left behind, and what it depends on."""

    result: Any
    asked: Asked
    environment: dict[str, Text | None]
    needs: tuple[Load, ...]
    """The loads of modules that were there before, and that it made use of."""
    records: dict[int, Record]
    modules: dict[str, int]
    parents: dict[int, int]
    packages: dict[int, tuple[str, ...]]
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    unread: dict[str, Unknown]
    frameworks: dict[str, None]
    made: tuple[Made, ...]
    steps: int
    own: Any
    tables: Tables | None
    """The decisions that it made; None where it made none."""
    outside: tuple[tuple[Made | MadeCall, tuple[Any, ...], bool], ...]
    """What the code can change without writing to the store, as it was at the end of the load."""


@contextmanager
def sharing(machine: Machine) -> Iterator[None]:
    """Let `machine` use what others loaded, while no other does."""
    _SHARING.append(machine)
    try:
        yield
    finally:
        _SHARING.remove(machine)


def once(machine: Machine, path: str, key: Hashable, run: Callable[[], T]) -> T:
    """Return what `run` gives, which loads the module at `path`, or take over what an equal load left behind."""
    if _SHARING[0] is not machine or not _is_outside(machine) or machine.unread or machine.frameworks:
        return run()
    whole = (path, key, machine.coarse, machine.finder.roots)
    known = _LOADS.get(whole)
    if known is not None and _fits(machine, known):
        _LOADS[whole] = _LOADS.pop(whole)
        _take_over(machine, known)
        return known.result  # type: ignore[no-any-return]
    return _recorded(machine, whole, run)


def _is_outside(machine: Machine) -> bool:
    """Say whether no function runs, and nothing is known of the request yet."""
    busy = machine.attempts or machine.active or machine.handling or machine.expecting
    return machine.condition is TRUE and not busy and not machine.uncaught.failures


# Taking over


def _fits(machine: Machine, load: Load) -> bool:
    tree, environment = machine.finder.tree, machine.environment
    return (
        (load.tables is None or machine.decisions.is_empty())
        and all(machine.modules.get(path, number) == number for path, number in load.modules.items())
        and _same_records(machine.store, load, missing=True)
        and all(_same_records(machine.store, each, missing=False) for each in load.needs)
        and all(environment.get(name) == given for name, given in load.environment.items())
        and all(tree.is_file(path) is there for path, there in load.asked.there.items())
        and all(_text(tree, path) == text for path, text in load.asked.texts.items())
    )


def _same_records(store: Store, load: Load, *, missing: bool) -> bool:
    records = store.records
    return all(records.get(number, record if missing else None) is record for number, record in load.records.items())


def _text(tree: Any, path: str) -> str | None:
    try:
        return tree.read(path)  # type: ignore[no-any-return]
    except Unreadable:
        return None


def _take_over(machine: Machine, load: Load) -> None:
    machine.store.records.update(load.records)
    machine.modules.update(load.modules)
    machine.parents.update(load.parents)
    machine.packages.update(load.packages)
    machine.files += (file for file in load.files if file not in machine.files)
    machine.problems += load.problems
    for because, why in load.unread.items():
        machine.unread.setdefault(because, why)
    machine.frameworks.update(load.frameworks)
    machine.made += (made for made in load.made if made not in machine.made)
    machine.steps += load.steps
    if load.own is not None:
        machine.own.take_over(load.own)
    if load.tables is not None:
        machine.decisions.take_over(load.tables)
    for thing, inside, opened in load.outside:
        _contents(thing)[:] = inside
        thing.opened = opened


def _contents(thing: Made | MadeCall) -> list[Any]:
    return thing.calls if isinstance(thing, Made) else thing.decorated


# Recording


class _Noting:
    """Environment variables, and which of them were looked at."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.noted: dict[str, Text | None] = {}

    def get(self, name: str) -> Text | None:
        """Return what the template gives the variable."""
        given = self.noted[name] = self.environment.get(name)
        return given


def _recorded(machine: Machine, key: Hashable, run: Callable[[], T]) -> T:
    environment, counter = machine.environment, machine.store.counter
    noting, asked = _Noting(environment), Asked()
    machine.store = machine.store.fork()
    before = _State(machine)
    machine.environment = noting
    machine.finder.tree.notes.append(asked)
    machine.reached.append([])
    _NUMBERS[1] = counter[1]
    machine.store.counter = _NUMBERS
    try:
        result = run()
    finally:
        machine.environment = environment
        machine.finder.tree.notes.remove(asked)
        reached = machine.reached.pop()
        for each in machine.reached[-1:]:
            each += reached
        counter[1] = machine.store.counter[1]
        machine.store = machine.store.fork()
        machine.store.counter = counter
    load = before.load(machine, result, asked, noting.noted, reached)
    if load is not None:
        _LOADS.pop(key, None)
        _LOADS[key] = load
        for number in load.modules.values():
            _OF_MODULE.setdefault(number, load)
        while len(_LOADS) > _LOADS_AT_MOST:
            gone = _LOADS.pop(next(iter(_LOADS)))
            for number in gone.modules.values():
                _OF_MODULE.pop(number, None)
    return result


class _State:
    """What a machine held before a load."""

    def __init__(self, machine: Machine) -> None:
        self.records = dict(machine.store.records)
        self.kept = {name: len(getattr(machine, name)) for name in _GROWING}
        self.steps = machine.steps
        self.noted = (len(machine.json_read), machine.frame)
        self.decisions = machine.decisions.size()
        self.own = None if machine.own is None else machine.own.before()

    def load(
        self,
        machine: Machine,
        result: Any,
        asked: Asked,
        environment: dict[str, Text | None],
        reached: list[int],
    ) -> Load | None:
        """Return what was left behind since; None where it could not be taken over by another machine."""
        if not _is_outside(machine) or (len(machine.json_read), machine.frame) != self.noted:
            return None
        records = machine.store.records
        if len(records) - len(self.records) > _RECORDS_AT_MOST:
            return None
        if any(records.get(number) is not record for number, record in self.records.items()):
            return None
        decided = machine.decisions.size() != self.decisions
        if decided and self.decisions != Decisions().size():
            return None
        grown = {name: _since(getattr(machine, name), self.kept[name]) for name in _GROWING}
        needs = [_OF_MODULE.get(number) for number in reached if number not in grown["modules"].values()]
        if any(each is None or not _same_records(machine.store, each, missing=False) for each in needs):
            return None
        new = {number: record for number, record in records.items() if number not in self.records}
        own = None if machine.own is None else machine.own.since(self.own)
        if machine.own is not None and own is None:
            return None
        try:
            outside = list(_outside(_values(new.values()), set()))
        except _BoundToRun:
            return None
        needed = {id(each): each for one in needs if one is not None for each in (one, *one.needs)}
        if any(
            tuple(_contents(thing)) != inside or thing.opened is not opened
            for each in needed.values()
            for thing, inside, opened in each.outside
        ):
            return None
        return Load(
            result,
            asked,
            environment,
            tuple(needed.values()),
            new,
            steps=machine.steps - self.steps,
            own=own,
            tables=machine.decisions.tables() if decided else None,
            outside=tuple((thing, tuple(_contents(thing)), thing.opened) for thing in outside),
            **grown,
        )


_GROWING = ("modules", "parents", "packages", "files", "problems", "unread", "frameworks", "made")


def _since(grown: Any, before: int) -> Any:
    return dict(list(grown.items())[before:]) if isinstance(grown, dict) else tuple(grown[before:])


class _BoundToRun(Exception):  # noqa: N818 - it names a state
    """A value holds the machine that made it."""


def _values(records: Iterable[Record]) -> Iterator[Any]:
    for record in records:
        yield from record.fields.values()
        yield record.type
        yield record.rest


def _outside(waiting: Iterable[Any], seen: set[int]) -> Iterator[Made | MadeCall]:
    """Yield what hangs on values and can change without the store. Raises `_BoundToRun`."""
    stack = list(waiting)
    while stack:
        part = stack.pop()
        if id(part) in seen or part is None:
            continue
        seen.add(id(part))
        if isinstance(part, (Machine, Store, Frame, Failure, Pending)):
            raise _BoundToRun
        if isinstance(part, (Made, MadeCall)):
            yield part
        if isinstance(part, (Value, MadeCall)):
            stack += (getattr(part, name) for name in part.__struct_fields__)
        elif isinstance(part, (tuple, list)):
            stack += part
        elif isinstance(part, dict):
            stack += part.values()
        elif isinstance(part, FunctionType):
            stack += (cell.cell_contents for cell in part.__closure__ or ())
