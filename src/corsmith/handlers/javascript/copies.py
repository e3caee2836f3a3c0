"""Lists and copies of objects: spreads, `Object.assign`, what a loop goes through."""

from __future__ import annotations

from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..store import Record, numbered
from ..values import (
    NOTHING,
    Const,
    EventPart,
    External,
    LowerHeaders,
    Made,
    MadeMethod,
    Opaque,
    Place,
    Ref,
)
from .objects import read_out
from .values import (
    Closure,
    Copied,
)

_KEYS_AT_MOST = 64


def own_keys(record: Record) -> list[Any]:
    """Return the keys of an object that code sees."""
    return [name for name in record.fields if not isinstance(name, tuple) and not str(name).startswith("%")]


def assign(machine: Machine, target: Ref, source: Value, place: Place | None) -> None:
    """Do `Object.assign(target, source)`."""

    def one(leaf: Value) -> Value:
        _assign_leaf(machine, target, leaf, place)
        return leaf

    machine.each(source, one)


def _assign_leaf(machine: Machine, target: Ref, leaf: Value, place: Place | None) -> None:
    if isinstance(leaf, Ref):
        record = machine.record(leaf)
        if record.kind in {"map", "unique"}:
            return
        for name in own_keys(record):
            value = read_out(machine, record.fields[name], leaf, place)
            written = machine.store.writable(target.number)
            written.fields[name] = _over(machine, value, written.fields.get(name, NOTHING))
            if name in record.keys:
                written.keys[name] = record.keys[name]
        if record.rest is not None:
            _open(machine, target, record.rest)
    elif isinstance(leaf, Closure):
        own = machine.store.records.get(leaf.number)
        if own is not None:
            machine.store.writable(target.number).fields.update(own.fields)
    elif isinstance(leaf, (EventPart, LowerHeaders)):
        if isinstance(leaf, LowerHeaders) or leaf.path == ("headers",):
            lower = isinstance(leaf, LowerHeaders)
            _open(machine, target, Copied("the request's headers", place, truthy=True, lower=lower))
        else:
            _open(machine, target, Opaque("a part of the event", place))
    elif isinstance(leaf, (Opaque, Made, MadeMethod, External)):
        because = leaf.because if isinstance(leaf, Opaque) else f"what {leaf.name} gives"
        parsed = leaf.parsed if isinstance(leaf, Opaque) else ""
        _open(machine, target, Opaque(because, place, parsed=parsed))


def _over(machine: Machine, value: Value, before: Value) -> Value:
    if value is NOTHING:
        return before
    return machine.decisions.change(value, lambda leaf: before if leaf is NOTHING else leaf)


def _open(machine: Machine, target: Ref, why: Opaque) -> None:
    """More entries, of which nothing is known, were put over those that are there."""
    record = machine.store.writable(target.number)
    record.rest = why


def items_of(machine: Machine, value: Value) -> list[Value] | None:
    """Return the items that iterating over a leaf gives; None where they are not known. An item may be NOTHING."""
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) <= _KEYS_AT_MOST:
        return [Const(letter) for letter in value.value]
    if not isinstance(value, Ref):
        return None
    record = machine.record(value)
    if record.rest is not None or len(record.fields) > 4 * _KEYS_AT_MOST:
        return None
    if record.kind in {"list", "unique"}:
        return list(record.fields.values())
    if record.kind == "map":
        return [_map_entry(machine, name, field) for name, field in record.fields.items()]
    return None


def _map_entry(machine: Machine, name: Any, field: Value) -> Value:
    return machine.decisions.change(
        field, lambda leaf: NOTHING if leaf is NOTHING else pair(machine, Const(name), leaf)
    )


def pair(machine: Machine, one: Value, other: Value) -> Ref:
    """Return `[one, other]`."""
    return machine.new(Record("list", {0: one, 1: other}))


def array(machine: Machine, items: list[Value], place: Place | None, rest: Opaque | None = None) -> Ref:
    """Return an array. `rest`: why there may be more items."""
    record = Record("list", numbered(items), place)
    record.rest = rest
    return machine.new(record)
