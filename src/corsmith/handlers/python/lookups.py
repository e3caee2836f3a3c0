"""Reading and writing items and attributes, leaf by leaf. A missing item is NOTHING; who asks says whether that raises."""

from __future__ import annotations

from typing import Any

from ..decisions import FALSE, Value
from ..event import look_up
from ..machine import Machine
from ..operators import equals, key_value
from ..store import Record, numbered
from ..values import (
    NOTHING,
    BuiltinMethod,
    Class,
    Const,
    Decorator,
    EventPart,
    HeaderName,
    HeaderText,
    HeaderValue,
    LowerHeaders,
    Made,
    MadeMethod,
    Opaque,
    Origin,
    Place,
    Ref,
    SomeText,
    Tuple,
)

SYMBOLIC_KEYS_AT_MOST = 64


def constant_key(key: Value) -> tuple[bool, Any]:
    """Return whether `key` is a known key of a dict, and the key."""
    if isinstance(key, Const):
        return True, key.value
    if isinstance(key, Tuple):
        parts = [constant_key(item) for item in key.items]
        if all(known for known, _ in parts):
            return True, tuple(part for _, part in parts)
    return False, None


def get_item(machine: Machine, container: Value, key: Value) -> Value:
    """Return `container[key]`, both leaves; NOTHING where there is none."""
    if isinstance(container, (EventPart, LowerHeaders)):
        known, name = constant_key(key)
        if isinstance(key, HeaderName):
            return HeaderValue(key.number) if key.met is None else Origin(key.met)
        return look_up(machine.decisions, container, name) if known else Opaque("a part of the event that is not known")
    if isinstance(container, Ref):
        return _from_record(machine, machine.record(container), key)
    if isinstance(container, Tuple):
        known, position = constant_key(key)
        if known and isinstance(position, int) and -len(container.items) <= position < len(container.items):
            return container.items[position]
        return NOTHING if known else Opaque("an item of a tuple at a position that is not known")
    if isinstance(container, Const):
        return _from_constant(container, key)
    if isinstance(container, (SomeText, HeaderText)):
        return SomeText("a part of a text")
    if isinstance(container, Opaque):
        return Opaque(container.because, container.place, parsed=container.parsed)
    if container is NOTHING:
        return NOTHING
    return Opaque("an item of something that is not known")


def _from_constant(container: Const, key: Value) -> Value:
    known, name = constant_key(key)
    if not known:
        return SomeText("a part of a text at a position that is not known")
    try:
        return Const(container.value[name], container.place, container.via)
    except Exception:  # noqa: BLE001 - indexing a scalar; whatever it is, there is no such item
        return NOTHING


def _from_record(machine: Machine, record: Record, key: Value) -> Value:
    known, name = constant_key(key)
    if known:
        try:
            if record.kind in {"list", "set"} and isinstance(name, int) and name < 0:
                name += len(record.fields)
            found = record.fields.get(name, NOTHING)
        except TypeError:
            return NOTHING
        if found is NOTHING and record.rest is not None:
            return _rest(record.rest)
        return found
    chosen: Value = NOTHING if record.rest is None else _rest(record.rest)
    if record.kind == "dict" and len(record.fields) <= SYMBOLIC_KEYS_AT_MOST and not isinstance(key, Opaque):
        for name, field in reversed(record.fields.items()):
            same = equals(machine, key, key_value(name))
            if same is not FALSE:
                chosen = machine.decisions.choose(same, field, chosen)
        return chosen
    if not record.fields:
        return chosen
    chosen = Opaque("an item under a key that is not known")
    values = list(record.fields.values())
    if len(values) <= SYMBOLIC_KEYS_AT_MOST:
        for number, field in enumerate(values):
            chosen = machine.decisions.choose(machine.opaque("item", key, number), field, chosen)
        return machine.decisions.choose(machine.opaque("item", key, "none"), NOTHING, chosen)
    return chosen


def _rest(rest: Opaque) -> Opaque:
    return Opaque(rest.because, rest.place, parsed=rest.parsed)


def set_item(machine: Machine, container: Value, key: Value, value: Value, place: Place | None) -> None:
    """Do `container[key] = value`, both leaves. Where the container is not known, nothing is remembered."""
    open_up(container)
    if not isinstance(container, Ref):
        return
    known, name = constant_key(key)
    record = machine.store.writable(container.number)
    if not known:
        record.rest = Opaque("an entry under a key that is not known", place)
        return
    if record.kind == "list":
        if isinstance(name, int) and name < 0:
            name += len(record.fields)
        if name not in record.fields:
            return
    try:
        record.fields[name] = value
    except TypeError:
        record.rest = Opaque("an entry under a key that is not known", place)
        return
    if place is not None:
        record.keys[name] = place


def delete_item(machine: Machine, container: Value, key: Value) -> None:
    """Do `del container[key]`, both leaves."""
    if not isinstance(container, Ref):
        return
    known, name = constant_key(key)
    record = machine.store.writable(container.number)
    if not known:
        record.rest = Opaque("an entry was deleted under a key that is not known")
    elif record.kind == "list":
        kept = [field for position, field in record.fields.items() if position != name]
        record.fields = numbered(kept)
    else:
        record.fields.pop(name, None)


def open_up(value: Value) -> None:
    """Remember that the code looks into something made elsewhere, and may change it."""
    if isinstance(value, Made):
        value.opened = True
    elif isinstance(value, MadeMethod):
        value.owner.opened = True
    elif isinstance(value, Decorator):
        value.call.opened = True


def class_attribute(machine: Machine, owner: Value, name: str) -> Value:
    """Return what a class, or the classes it stands on, has under `name`; NOTHING where none has it."""
    if not isinstance(owner, Class):
        return NOTHING
    record = machine.store.records.get(owner.scope)
    found = record.fields.get(name) if record is not None else None
    if found is not None:
        return found
    for base in owner.bases:
        inherited = class_attribute(machine, base, name)
        if inherited is not NOTHING:
            return inherited
    return NOTHING


def method_of(owner: Value, name: str) -> BuiltinMethod:
    """Return the method `name` of a value of a kind that Python itself has."""
    return BuiltinMethod(owner, name)
