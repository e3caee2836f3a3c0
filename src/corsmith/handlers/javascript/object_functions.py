"""`Object.keys`, `Object.assign` and their kin."""

from __future__ import annotations

from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..operators import as_value
from ..store import Record
from ..values import NOTHING, Const, EventPart, LowerHeaders, Opaque, Place, Ref
from .copies import array, assign, items_of, own_keys, pair
from .membership import has_property
from .objects import get, get_leaf
from .values import UNDEFINED, Act, Closure, Copied, Getter, Kind
from .writing import set_property


def _argument(arguments: list[Value], at: int) -> Value:
    return arguments[at] if at < len(arguments) else UNDEFINED


def _assign(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        if isinstance(leaf, (Closure, Kind)):
            return leaf
        if isinstance(leaf, Ref):
            for source in arguments[1:]:
                assign(machine, leaf, source, place)
        return leaf

    return machine.each(_argument(arguments, 0), one)


def _listed(form: str) -> Act:
    """Return how `Object.keys`, `.values` and `.entries` are called."""

    def give(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
        return machine.each(_argument(arguments, 0), lambda leaf: _list(machine, leaf, form, place))

    return give


def _list(machine: Machine, leaf: Value, form: str, place: Place | None) -> Value:
    if isinstance(leaf, LowerHeaders) or (isinstance(leaf, EventPart) and leaf.path == ("headers",)):
        lower = isinstance(leaf, LowerHeaders)
        rest: Opaque = Copied("the request's headers", place, truthy=True, form=form, lower=lower)
        return array(machine, [], place, rest)
    if not isinstance(leaf, Ref):
        parsed = leaf.parsed if isinstance(leaf, Opaque) else ""
        return array(machine, [], place, Opaque("entries that are not known", place, parsed=parsed))
    record = machine.record(leaf)
    items = []
    for name in own_keys(record):
        field = record.fields[name]
        key = Const(str(name), record.keys.get(name))
        items.append(_entries_of(machine, leaf, field, key, form, place))
    inner = record.rest
    if isinstance(inner, Copied):
        inner = Copied(inner.because, place, truthy=True, form=form, lower=inner.lower)
    return array(machine, items, place, inner)


def _entries_of(machine: Machine, owner: Ref, field: Value, key: Const, form: str, place: Place | None) -> Value:
    return machine.decisions.change(field, lambda part: _entry(machine, owner, part, key, form, place))


def _entry(machine: Machine, owner: Ref, part: Value, key: Const, form: str, place: Place | None) -> Value:
    if part is NOTHING:
        return NOTHING
    if form == "keys":
        return key
    value = get_leaf(machine, owner, key, place) if isinstance(part, Getter) else part
    return value if form == "values" else pair(machine, key, value)


def _from_entries(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    def one(leaf: Value) -> Value:
        made = machine.new(Record("dict", {}, place))
        items = items_of(machine, leaf)
        if items is None:
            rest = machine.record(leaf).rest if isinstance(leaf, Ref) else None
            known = isinstance(rest, Copied) and rest.form == "entries"
            lower = isinstance(rest, Copied) and rest.lower
            machine.store.writable(made.number).rest = (
                Copied("the request's headers", place, truthy=True, lower=lower)
                if known
                else Opaque("entries that are not known", place)
            )
            return made
        for item in items:
            there = machine.decisions.change(item, lambda part: Const(value=part is not NOTHING))
            if isinstance(there, Const) and not there.value:
                continue
            machine.each(item, lambda part: _put_pair(machine, made, part, place))
        return made

    return machine.each(_argument(arguments, 0), one)


def _put_pair(machine: Machine, made: Ref, part: Value, place: Place | None) -> Value:
    if part is not NOTHING:
        key, value = (get(machine, part, Const(at), place) for at in (0, 1))
        set_property(machine, made, key, value, place)
    return part


def _same(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return _argument(arguments, 0)


def _create(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    record = Record("dict", {}, place)
    given = _argument(arguments, 0)
    record.type = given if isinstance(given, Ref) else None
    return machine.new(record)


def define_property(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """`Object.defineProperty(target, key, description)`."""
    target, key, given = (_argument(arguments, at) for at in range(3))
    if isinstance(given, Ref):
        fields = machine.record(given).fields
        getter = fields.get("get", NOTHING)
        value: Any = fields.get("value", UNDEFINED)
        if getter is not NOTHING and getter is not UNDEFINED:
            value = Getter(getter)
        hidden = isinstance(key, Const) and key.value == "__esModule"
        if not hidden:
            set_property(machine, target, key, value, place)
    return target


def _has_own(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    return as_value(machine, has_property(machine, _argument(arguments, 0), _argument(arguments, 1)))


FUNCTIONS: dict[str, Act] = {
    "Object.assign": _assign,
    "Object.create": _create,
    "Object.defineProperty": define_property,
    "Object.entries": _listed("entries"),
    "Object.freeze": _same,
    "Object.fromEntries": _from_entries,
    "Object.getOwnPropertyNames": _listed("keys"),
    "Object.hasOwn": _has_own,
    "Object.keys": _listed("keys"),
    "Object.seal": _same,
    "Object.setPrototypeOf": _same,
    "Object.values": _listed("values"),
    "Reflect.ownKeys": _listed("keys"),
    "Symbol": lambda machine, this, arguments, place: Opaque("a symbol", place, truthy=True),
}
