"""Objects: writing and deleting properties."""

from __future__ import annotations

from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..store import Record
from ..values import (
    Const,
    HeaderName,
    HeaderValue,
    Made,
    Opaque,
    Place,
    Ref,
)
from .failing import fail
from .objects import key_of
from .values import (
    UNDEFINED,
    Closure,
    Copied,
    Kind,
)


def set_property(machine: Machine, owner: Value, key: Value, value: Value, place: Place | None) -> None:
    """Do `owner[key] = value`."""

    def one(leaf: Value) -> Value:
        return machine.each(key, lambda at: _kept(machine, leaf, at, value, place))

    machine.each(owner, one)


def _kept(machine: Machine, leaf: Value, at: Value, value: Value, place: Place | None) -> Value:
    set_leaf(machine, leaf, at, value, place)
    return leaf


def set_leaf(machine: Machine, owner: Value, key: Value, value: Value, place: Place | None) -> None:
    """Do `owner[key] = value` of leaves. Where the owner is not known, nothing is remembered."""
    known, name = key_of(key)
    if owner is UNDEFINED or (isinstance(owner, Const) and owner.value is None):
        fail(machine, "TypeError", place, from_input=True)
        return
    if isinstance(owner, Made):
        owner.opened = True
    number = _record_number(machine, owner)
    if number is None:
        return
    setter = _setter(machine, owner, name) if known else None
    if setter is not None:
        from .calls import call

        call(machine, setter, owner, [value], place)
        return
    record = machine.store.writable(number)
    if not known:
        _set_under_unknown_key(machine, record, key, value, place)
        return
    if record.kind == "list" and name == "length":
        record.fields = {
            at: each for at, each in record.fields.items() if at < (value.value if isinstance(value, Const) else 0)
        }
        return
    record.fields[name] = value
    if place is not None:
        record.keys[name] = place


def _set_under_unknown_key(machine: Machine, record: Record, key: Value, value: Value, place: Place | None) -> None:
    if isinstance(key, HeaderName) and isinstance(value, HeaderValue):
        record.rest = Copied("the request's headers", place, truthy=True, lower=key.lower)
        return
    record.rest = Opaque("an entry under a key that is not known", place)


def _record_number(machine: Machine, owner: Value) -> int | None:
    if isinstance(owner, Ref):
        return owner.number
    if isinstance(owner, Kind):
        return owner.statics
    if isinstance(owner, Closure):
        if owner.number not in machine.store.records:
            record = Record("dict", {})
            machine.store.records[owner.number] = record
        return owner.number
    return None


def _setter(machine: Machine, owner: Value, name: Any) -> Value | None:
    if not isinstance(owner, Ref):
        return None
    at: Any = machine.record(owner).type
    while isinstance(at, Kind):
        found = machine.store.records[at.prototype].fields.get(("set", name))
        if found is not None:
            return found
        at = at.base
    return machine.record(owner).fields.get(("set", name))


def delete(machine: Machine, owner: Value, key: Value, place: Place | None) -> None:
    """Do `delete owner[key]`."""

    def one(leaf: Value) -> Value:
        return machine.each(key, lambda at: _deleted(machine, leaf, at))

    machine.each(owner, one)


def _deleted(machine: Machine, leaf: Value, at: Value) -> Value:
    known, name = key_of(at)
    if isinstance(leaf, Ref):
        record = machine.store.writable(leaf.number)
        if not known:
            record.rest = Opaque("an entry was deleted under a key that is not known")
        else:
            record.fields.pop(name, None)
    return leaf
