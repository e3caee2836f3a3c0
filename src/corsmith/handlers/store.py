"""What variables and objects hold at one point of the run, cheap to fork and to join.

A record is a scope, a dict, a list, a set or an instance. A fork shares the records; whoever writes first copies.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .decisions import Decisions, Value
from .values import NOTHING, Opaque, Place, SomeText


class Record:
    """One scope or object. `fields` maps names, keys or positions to values; a field may be NOTHING.

    `rest` says why there may be more fields than these. `keys` holds where the keys of a dict stand.
    """

    __slots__ = ("fields", "keys", "kind", "owner", "place", "rest", "type")

    def __init__(self, kind: str, fields: dict[Any, Value], place: Place | None = None) -> None:
        self.kind = kind
        self.fields = fields
        self.place = place
        self.rest: Opaque | None = None
        self.keys: dict[Any, Place] = {}
        self.type: Value | None = None
        self.owner: object = None

    def copy(self) -> Record:
        """Return a copy that can be written to."""
        made = Record(self.kind, dict(self.fields), self.place)
        made.rest, made.keys, made.type = self.rest, dict(self.keys), self.type
        return made


class Store:
    """All records at one point. Numbers are never used twice."""

    __slots__ = ("_token", "counter", "records")

    def __init__(self) -> None:
        self.records: dict[int, Record] = {}
        self._token = object()
        self.counter = [0, 0]

    @property
    def writes(self) -> int:
        """How often this store and its forks were written to."""
        return self.counter[1]

    def add(self, record: Record) -> int:
        """Keep `record` and return its number."""
        self.counter[0] += 1
        self.counter[1] += 1
        record.owner = self._token
        self.records[self.counter[0]] = record
        return self.counter[0]

    def next_number(self) -> int:
        """Return a number that nothing has."""
        self.counter[0] += 1
        return self.counter[0]

    def writable(self, number: int) -> Record:
        """Return the record for writing: a copy, where a fork shares it."""
        self.counter[1] += 1
        record = self.records[number]
        if record.owner is not self._token:
            record = record.copy()
            record.owner = self._token
            self.records[number] = record
        return record

    def fork(self) -> Store:
        """Return a store with the same content. Neither sees what the other writes from now on."""
        made = Store.__new__(Store)
        made.records = dict(self.records)
        made.counter = self.counter
        made._token = object()
        self._token = object()
        return made


def join(decisions: Decisions, condition: Value, yes: Store, no: Store) -> Store:
    """Return the store that is `yes` where `condition` holds, else `no`. `yes` is used up."""
    records = yes.records
    for number, other in no.records.items():
        mine = records.get(number)
        if mine is None:
            records[number] = other
        elif mine is not other:
            joined = _join_records(decisions, condition, mine, other)
            joined.owner = yes._token
            records[number] = joined
    return yes


def _join_records(decisions: Decisions, condition: Value, mine: Record, other: Record) -> Record:
    made = mine.copy()
    fields = made.fields
    # A variable that one side has not bound is taken to be bound where it is read: what reads it would fail otherwise.
    binding = mine.kind == "scope"
    for key, value in mine.fields.items():
        theirs = other.fields.get(key, NOTHING)
        if value is not theirs and not (binding and theirs is NOTHING):
            fields[key] = _joined(decisions, condition, value, theirs)
    for key, value in other.fields.items():
        if key not in mine.fields:
            fields[key] = value if binding else decisions.choose(condition, NOTHING, value)
            if key in other.keys:
                made.keys[key] = other.keys[key]
    made.rest = mine.rest or other.rest
    return made


def _joined(decisions: Decisions, condition: Value, mine: Value, theirs: Value) -> Value:
    """Two values of which nothing is known are one: it would be no use to tell them apart."""
    if isinstance(mine, Opaque) and isinstance(theirs, Opaque):
        same = mine.parsed == theirs.parsed and mine.truthy == theirs.truthy
        return (
            mine if same and not mine.truthy else Opaque(mine.because, mine.place, parsed=mine.parsed and theirs.parsed)
        )
    if isinstance(mine, SomeText) and isinstance(theirs, SomeText):
        return mine
    return decisions.choose(condition, mine, theirs)


def numbered(items: Iterable[Value]) -> dict[Any, Value]:
    """Return the fields of a list."""
    return dict(enumerate(items))
