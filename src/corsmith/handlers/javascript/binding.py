"""Binding: declarations, assignments, parameters, patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..decisions import FALSE, Value
from ..machine import Machine
from ..store import Record
from ..values import NOTHING, Const, Opaque, Place, Ref
from . import syntax as js
from .copies import assign, items_of
from .failing import fail
from .objects import get
from .scopes import declare, write
from .tests import is_undefined, nullish
from .values import UNDEFINED, More
from .writing import set_property

Put = Callable[[Machine, str, Value], None]


def bind(machine: Machine, target: js.Node, value: Value, put: Put = write) -> None:
    """Bind `target` to `value`; names are bound with `put`."""
    if isinstance(target, js.Name):
        put(machine, target.name, value)
    elif isinstance(target, js.Member):
        owner, key = machine.evaluate(target.owner), machine.evaluate(target.key)
        set_property(machine, owner, key, value, machine.spot(target))
    elif isinstance(target, js.Default):
        bind(machine, target.target, with_default(machine, value, target.value), put)
    elif isinstance(target, js.ObjectPattern):
        _object(machine, target, value, put)
    elif isinstance(target, js.ArrayPattern):
        _array(machine, target, value, put)


def with_default(machine: Machine, value: Value, default: js.Node) -> Value:
    """Return `value`, where it is undefined the default."""
    missing = is_undefined(machine, value)
    if missing is FALSE:
        return value
    return machine.branch(missing, lambda: machine.evaluate(default), lambda: value)


def _object(machine: Machine, target: js.ObjectPattern, value: Value, put: Put) -> None:
    place = machine.spot(target)
    if not target.entries:
        fail(machine, "TypeError", place, nullish(machine, value), from_input=True)
    taken: list[Value] = []
    for key_node, inner in target.entries:
        key = machine.evaluate(key_node)
        taken.append(key)
        bind(machine, inner, get(machine, value, key, place), put)
    if target.rest is not None:
        made = machine.new(Record("dict", {}, place))
        assign(machine, made, value, place)
        record = machine.store.writable(made.number)
        for key in taken:
            if isinstance(key, Const):
                record.fields.pop(key.value, None)
        bind(machine, target.rest, made, put)


def _array(machine: Machine, target: js.ArrayPattern, value: Value, put: Put) -> None:
    place = machine.spot(target)
    for at, item in enumerate(target.items):
        if item is None:
            continue
        if isinstance(item, js.Spread):
            bind(machine, item.value, machine.each(value, lambda leaf, at=at: _tail(machine, leaf, at)), put)  # type: ignore[misc]
        else:
            bind(machine, item, machine.each(value, lambda leaf, at=at: _item(machine, leaf, at, place)), put)  # type: ignore[misc]


def _item(machine: Machine, leaf: Value, at: int, place: Place | None) -> Value:
    if isinstance(leaf, Ref) and machine.record(leaf).kind == "map":
        items = items_of(machine, leaf)
        return Opaque("an entry of a map", place) if items is None else items[at] if at < len(items) else UNDEFINED
    return get(machine, leaf, Const(at), place)


def _tail(machine: Machine, leaf: Value, at: int) -> Value:
    from .copies import array

    items = items_of(machine, leaf)
    if items is None:
        return array(machine, [], None, Opaque("the rest of a list that is not known"))
    return array(machine, items[at:], None)


def bind_parameters(
    machine: Machine, parameters: Sequence[js.Parameter], arguments: Sequence[Value], this: Value, place: Place | None
) -> None:
    """Bind a function's parameters in its scope."""
    from .copies import array

    unknown = any(isinstance(each, More) for each in arguments)
    given = [each for each in arguments if not isinstance(each, More)]
    for at, parameter in enumerate(parameters):
        if parameter.rest:
            more = Opaque("arguments that are not known", place) if unknown else None
            bind(machine, parameter.target, array(machine, given[at:], place, more), declare)
            continue
        missing: Value = Opaque("an argument that is not known", place) if unknown else UNDEFINED
        value = given[at] if at < len(given) else missing
        bind(machine, parameter.target, UNDEFINED if value is NOTHING else value, declare)
        if parameter.field:
            bound = machine.store.records[machine.frame.scope].fields.get(parameter.field, UNDEFINED)
            set_property(machine, this, Const(parameter.field), bound, place)
