"""Map and Set."""

from __future__ import annotations

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import as_value
from ..store import Record
from ..values import NOTHING, Const, Opaque, Place, Ref
from .array_methods import call_array_method
from .calls import call_any
from .copies import array, items_of
from .failing import fail
from .membership import among
from .objects import get_leaf
from .tests import strictly_equal
from .values import UNDEFINED, Copied


def make_map(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `new Map(entries)`."""
    made = machine.new(Record("map", {}, place))

    def one(leaf: Value) -> Value:
        items = items_of(machine, leaf)
        record = machine.store.writable(made.number)
        if items is None:
            if leaf is not UNDEFINED and not (isinstance(leaf, Const) and leaf.value is None):
                rest = machine.record(leaf).rest if isinstance(leaf, Ref) else None
                record.rest = rest if isinstance(rest, Copied) else Opaque("entries that are not known", place)
            return made
        for item in items:
            key, value = (get_leaf(machine, item, Const(at), place) for at in (0, 1))
            _set(machine, made, key, value, place)
        return made

    return machine.each(arguments[0], one) if arguments else made


def make_set(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return `new Set(items)`."""

    def one(leaf: Value) -> Value:
        items = items_of(machine, leaf)
        record = Record("unique", dict(enumerate(items or ())), place)
        if items is None and leaf is not UNDEFINED:
            rest = machine.record(leaf).rest if isinstance(leaf, Ref) else None
            record.rest = rest if isinstance(rest, Copied) else Opaque("items that are not known", place)
        return machine.new(record)

    return machine.each(arguments[0], one) if arguments else machine.new(Record("unique", {}, place))


def _set(machine: Machine, owner: Ref, key: Value, value: Value, place: Place | None) -> None:
    record = machine.store.writable(owner.number)
    if isinstance(key, Const):
        record.fields[key.value] = value
    else:
        record.rest = Opaque("an entry under a key that is not known", place)


def _get(machine: Machine, owner: Ref, key: Value, place: Place | None) -> Value:
    record = machine.record(owner)
    if isinstance(key, Const) and (key.value in record.fields or record.rest is None):
        found = record.fields.get(key.value, NOTHING)
        return machine.decisions.change(found, lambda leaf: UNDEFINED if leaf is NOTHING else leaf)
    if isinstance(record.rest, Copied):
        as_object = Record("dict", {})
        as_object.rest = record.rest
        return get_leaf(machine, machine.new(as_object), key, place)
    chosen: Value = UNDEFINED if record.rest is None else Opaque(record.rest.because, place)
    for name, field in reversed(record.fields.items()):
        same = strictly_equal(machine, key, Const(name))
        if same is not FALSE:
            chosen = machine.decisions.choose(same, field, chosen)
    return machine.decisions.change(chosen, lambda leaf: UNDEFINED if leaf is NOTHING else leaf)


def call_map_method(machine: Machine, owner: Ref, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a method of a Map gives."""
    key = arguments[0] if arguments else UNDEFINED
    if name == "get":
        return machine.each(key, lambda leaf: _get(machine, owner, leaf, place))
    if name == "set":
        value = arguments[1] if len(arguments) > 1 else UNDEFINED

        def put(leaf: Value) -> Value:
            _set(machine, owner, leaf, value, place)
            return owner

        machine.each(key, put)
        return owner
    if name == "has":
        found = machine.each(key, lambda leaf: _get(machine, owner, leaf, place))
        return as_value(machine, machine.decisions.change(found, lambda leaf: _is_there(machine, leaf)))
    if name in {"delete", "clear"}:
        record = machine.store.writable(owner.number)
        if name == "clear":
            record.fields, record.rest = {}, None
        elif isinstance(key, Const):
            record.fields.pop(key.value, None)
        else:
            record.rest = Opaque("a map that was changed", place)
        return Const(value=True)
    return _views(machine, owner, name, arguments, place)


def _is_there(machine: Machine, leaf: Value) -> Value:
    if isinstance(leaf, Opaque):
        return machine.opaque("in", leaf)
    return FALSE if leaf is UNDEFINED else TRUE


def _views(machine: Machine, owner: Ref, name: str, arguments: list[Value], place: Place | None) -> Value:
    record = machine.record(owner)
    if name == "forEach":
        function = arguments[0] if arguments else UNDEFINED
        for key, value in list(record.fields.items()):
            call_any(machine, function, UNDEFINED, [value, Const(key), owner], place)
        return UNDEFINED
    if name == "keys":
        return array(machine, [Const(key) for key in record.fields], place, record.rest)
    if name == "values":
        return array(machine, list(record.fields.values()), place, record.rest)
    if name == "entries":
        items = items_of(machine, owner)
        return array(machine, items or [], place, record.rest)
    fail(machine, "TypeError", place)
    return UNDEFINED


def call_set_method(machine: Machine, owner: Ref, name: str, arguments: list[Value], place: Place | None) -> Value:
    """Return what calling a method of a Set gives."""
    item = arguments[0] if arguments else UNDEFINED
    record = machine.record(owner)
    if name == "has":
        items = list(record.fields.values())
        return as_value(machine, machine.decisions.change(item, lambda leaf: among(machine, items, record.rest, leaf)))
    if name == "add":
        written = machine.store.writable(owner.number)
        written.fields[len(written.fields)] = item
        return owner
    if name in {"delete", "clear"}:
        written = machine.store.writable(owner.number)
        if name == "clear":
            written.fields, written.rest = {}, None
        else:
            written.rest = Opaque("a set that was changed", place)
        return Const(value=True)
    as_list = array(machine, list(record.fields.values()), place, record.rest)
    return (
        as_list
        if name in {"values", "keys", "entries"}
        else call_array_method(machine, as_list, name, arguments, place)
    )
