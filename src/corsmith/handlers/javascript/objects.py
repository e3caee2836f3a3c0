"""Objects, arrays and their prototypes: reading properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..decisions import FALSE, TRUE, Case, Value, leaves
from ..event import look_up
from ..machine import Machine
from ..store import Record
from ..turns import settle
from ..values import (
    NOTHING,
    BuiltinMethod,
    Const,
    EventPart,
    External,
    HeaderName,
    HeaderText,
    HeaderValue,
    Joined,
    LowerHeaders,
    Made,
    MadeMethod,
    Method,
    Opaque,
    Origin,
    PathText,
    Place,
    Ref,
    SomeText,
)
from .failing import fail
from .tests import nullish, strictly_equal
from .urls import part_of
from .values import (
    SHORT,
    UNDEFINED,
    Bound,
    Closure,
    Copied,
    Getter,
    Kind,
    Maybe,
    Pattern,
    Promise,
    Stream,
    Unset,
    Url,
    UrlPart,
)

_TEXTS = (SomeText, Origin, Method, PathText, Joined, HeaderText, HeaderName, HeaderValue, UrlPart)
_EVERY_OBJECT = {"hasOwnProperty", "toString", "valueOf", "propertyIsEnumerable", "isPrototypeOf", "toLocaleString"}
_OF_FUNCTIONS = {"call", "apply", "bind", "toString"}
_TEXT_METHODS = {
    "toLowerCase", "toUpperCase", "trim", "split", "includes", "startsWith", "endsWith", "indexOf", "replace",
    "match", "slice", "substring", "length",
}  # fmt: skip
_SOMETIMES_MISSING = {"Item", "Attributes"}
_KEYS_AT_MOST = 64


def key_of(key: Value) -> tuple[bool, Any]:
    """Return whether a key is known, and the key: a position as a number, all else as a text."""
    if not isinstance(key, Const):
        return (True, "undefined") if key is UNDEFINED else (False, None)
    value = key.value
    if isinstance(value, bool) or value is None:
        return True, {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return True, int(value) if value.isdecimal() and (value == "0" or value[0] != "0") else value
    return True, int(value) if float(value).is_integer() else str(value)


def get(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    """Return `owner[key]`."""
    if not isinstance(owner, Case) and not isinstance(key, Case):
        return get_leaf(machine, owner, key, place)
    found = machine.each(owner, lambda leaf: machine.each(key, lambda at: get_leaf(machine, leaf, at, place)))
    if isinstance(found, Case) and any(isinstance(leaf, HeaderValue) for leaf in leaves(found)):
        return settle(machine.decisions, found)
    return found


def get_leaf(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    """Return `owner[key]` of leaves."""
    read = _READERS.get(type(owner))
    if read is not None:
        return read(machine, owner, key, place)
    known, name = key_of(key)
    return BuiltinMethod(owner, str(name)) if known else Opaque("a part of it", place)


def _of_nothing(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    fail(machine, "TypeError", place, from_input=True)
    return UNDEFINED


def _of_short(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    return SHORT


def _of_constant(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    assert isinstance(owner, Const)
    if owner.value is None:
        return _of_nothing(machine, owner, key, place)
    known, name = key_of(key)
    if not known:
        return Opaque("a part of a text", place)
    if isinstance(owner.value, str):
        if name == "length":
            return Const(len(owner.value))
        if isinstance(name, int):
            return Const(owner.value[name], owner.place) if name < len(owner.value) else UNDEFINED
    return BuiltinMethod(owner, str(name))


def _of_text(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    known, name = key_of(key)
    if name == "length":
        return Opaque("the length of a text", place)
    if not known or isinstance(name, int):
        return SomeText("a part of a text", place)
    return BuiltinMethod(owner, str(name))


def _of_event(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    if isinstance(key, HeaderName):
        return HeaderValue(key.number) if key.met is None else Origin(key.met)
    known, name = key_of(key)
    if not known:
        return Opaque("a part of the event that is not known", place)
    path = owner.path if isinstance(owner, EventPart) else ("headers",)
    if name in _EVERY_OBJECT or (name in _TEXT_METHODS and (path == ("body",) or len(path) > 2)):
        return BuiltinMethod(owner, str(name))
    if path == ("body",):
        return UNDEFINED
    found = look_up(machine.decisions, owner, name if isinstance(name, str) else str(name))
    return machine.decisions.change(found, lambda leaf: UNDEFINED if leaf is NOTHING else leaf)


def _of_opaque(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    assert isinstance(owner, (Opaque, Made))
    known, name = key_of(key)
    if isinstance(owner, Made) and not owner.name.endswith("()") and name not in _SOMETIMES_MISSING:
        return MadeMethod(owner, str(name)) if known else Opaque(f"a part of {owner.name}", place)
    if isinstance(owner, Maybe):
        fail(machine, "TypeError", place, nullish(machine, owner), from_input=True)
    else:
        machine.may_fail(place)
    return part(machine, owner, name if known else key, place)


def part(machine: Machine, owner: Value, name: Any, place: Place | None) -> Value:
    """Return a part of something that is not known: the same one each time."""
    kept = machine.own.parts.get((id(owner), name))
    if kept is not None:
        return kept[1]  # type: ignore[no-any-return]
    parsed = owner.parsed if isinstance(owner, Opaque) else ""
    because = owner.because if isinstance(owner, Opaque) else f"what {getattr(owner, 'name', 'it')} gives"
    missing = parsed == "request" or name in _SOMETIMES_MISSING
    made = (Maybe if missing else Opaque)(because, place, parsed=parsed)
    machine.own.parts[id(owner), name] = (owner, made)
    return made


def _of_external(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    from .builtins import environment_value, value_of

    assert isinstance(owner, External)
    known, name = key_of(key)
    if owner.name == "process.env":
        return environment_value(machine, key, place)
    return value_of(owner.name, str(name), place) if known else Opaque(f"a part of {owner.name}", place)


def _of_made_method(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    assert isinstance(owner, MadeMethod)
    known, name = key_of(key)
    if known and name in _OF_FUNCTIONS:
        return BuiltinMethod(owner, str(name))
    return part(machine, Opaque(f"what {owner.owner.name}.{owner.name} is", place), name, place)


def _of_function(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    known, name = key_of(key)
    record = machine.store.records.get(owner.number) if isinstance(owner, Closure) else None
    found = record.fields.get(name, NOTHING) if record is not None and known else NOTHING
    if found is not NOTHING:
        return found
    if name == "prototype" and isinstance(owner, Closure):
        from .writing import set_leaf

        made = machine.new(Record("dict", {}, place))
        set_leaf(machine, owner, key, made, place)
        return made
    if name == "name" and isinstance(owner, Closure):
        return Const(owner.name)
    if name == "length":
        return Opaque("the number of parameters", place)
    return BuiltinMethod(owner, str(name)) if name in _OF_FUNCTIONS else UNDEFINED


def _of_class(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    known, name = key_of(key)
    if not known:
        return Opaque("a part of a class", place)
    at: Value | None = owner
    if name == "prototype" and isinstance(owner, Kind):
        return Ref(owner.prototype)
    while isinstance(at, Kind):
        found = machine.store.records[at.statics].fields.get(name, NOTHING)
        if found is not NOTHING:
            return read_out(machine, found, owner, place)
        at = at.base
    if name == "name" and isinstance(owner, Kind):
        return Const(owner.name)
    return UNDEFINED if at is None else Opaque(f"{name} of a class that is not known", place)


def _of_stream(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    return BuiltinMethod(owner, str(key_of(key)[1]))


def _of_url(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    assert isinstance(owner, Url)
    return part_of(owner.origin, str(key_of(key)[1]))


def read_out(machine: Machine, found: Value, this: Value, place: Place | None) -> Value:
    """Return a property's value, getters worked out."""
    if not isinstance(found, Case) and not isinstance(found, Getter):
        return found
    from .calls import call

    return machine.each(
        found, lambda leaf: call(machine, leaf.read, this, [], place) if isinstance(leaf, Getter) else leaf
    )


def _of_object(machine: Machine, owner: Value, key: Value, place: Place | None) -> Value:
    assert isinstance(owner, Ref)
    record = machine.record(owner)
    known, name = key_of(key)
    if not known:
        return _under_unknown_key(machine, owner, record, key, place)
    found = record.fields.get(name, NOTHING)
    if record.kind in {"list", "unique", "map"}:
        return _of_collection(owner, record, name, found)
    if not isinstance(found, Case) and found is not NOTHING:
        return read_out(machine, found, owner, place)
    inherited = _inherited(machine, owner, record, name, place)
    if found is NOTHING:
        return read_out(machine, inherited, owner, place)
    whole = machine.decisions.change(found, lambda leaf: inherited if leaf is NOTHING else leaf)
    return read_out(machine, whole, owner, place)


def _inherited(machine: Machine, owner: Ref, record: Record, name: Any, place: Place | None) -> Value:
    if isinstance(record.rest, Copied):
        headers: Value = LowerHeaders() if record.rest.lower else EventPart(("headers",))
        return _of_event(machine, headers, Const(name), place)
    if record.rest is not None:
        return part(machine, record.rest, name, place)
    at: Any = record.type
    while at is not None:
        fields = _prototype(machine, at)
        found = fields.get(name, NOTHING)
        if found is not NOTHING:
            return found
        if isinstance(at, Kind):
            at = at.base
        elif isinstance(at, Ref):
            at = machine.record(at).type
        else:
            break
    if isinstance(at, External) and record.kind != "error":
        return part(machine, Opaque(f"what {at.name} has", place), name, place)
    if name in _EVERY_OBJECT or (record.kind == "error" and name == "stack"):
        return BuiltinMethod(owner, str(name)) if name != "stack" else SomeText("a stack trace")
    if name == "constructor":
        return at if isinstance(at, Value) else UNDEFINED
    return UNDEFINED


def _prototype(machine: Machine, at: Any) -> dict[Any, Value]:
    if isinstance(at, Kind):
        return machine.store.records[at.prototype].fields
    if isinstance(at, Ref):
        return machine.record(at).fields
    if isinstance(at, Closure):
        own = machine.store.records.get(at.number)
        prototype = own.fields.get("prototype") if own is not None else None
        return machine.record(prototype).fields if isinstance(prototype, Ref) else {}
    return {}


def _of_collection(owner: Ref, record: Record, name: Any, found: Value) -> Value:
    if record.kind == "list":
        if found is not NOTHING:
            return found
        if isinstance(name, int):
            return UNDEFINED if record.rest is None else Opaque(record.rest.because, record.rest.place)
        if name == "length":
            exact = record.rest is None and not any(
                isinstance(each, Case) or each is NOTHING for each in record.fields.values()
            )
            return Const(len(record.fields)) if exact else Opaque("the length of a list")
    if name == "size":
        exact = record.rest is None and not any(isinstance(each, Case) for each in record.fields.values())
        return Const(len(record.fields)) if exact else Opaque("the size of a collection")
    return BuiltinMethod(owner, str(name))


def _under_unknown_key(machine: Machine, owner: Ref, record: Record, key: Value, place: Place | None) -> Value:
    """The entry under a key that is known only in part: a method, a path, the Origin."""
    chosen: Value = UNDEFINED if record.rest is None else Opaque(record.rest.because, record.rest.place)
    fields = list(record.fields.items())
    if len(fields) > _KEYS_AT_MOST:
        return Opaque("an item under a key that is not known", place)
    decisions = machine.decisions
    for name, field in reversed(fields):
        if not isinstance(name, (str, int)):
            continue
        if isinstance(key, (Opaque, SomeText, HeaderText, Made)) or (isinstance(name, int) and record.kind == "list"):
            same = machine.opaque("item", key, name)
        else:
            same = strictly_equal(machine, key, Const(name if isinstance(name, str) else str(name)))
        if same is not FALSE:
            there = decisions.change(field, lambda leaf: FALSE if leaf is NOTHING else TRUE)
            chosen = decisions.choose(decisions.both(same, there), field, chosen)
    return read_out(machine, chosen, owner, place)


_Read = Callable[[Machine, Value, Value, "Place | None"], Value]
_READERS: dict[type[Value], _Read] = {
    type(UNDEFINED): _of_nothing,
    type(NOTHING): _of_nothing,
    type(SHORT): _of_short,
    Const: _of_constant,
    EventPart: _of_event,
    LowerHeaders: _of_event,
    Opaque: _of_opaque,
    Maybe: _of_opaque,
    Made: _of_opaque,
    MadeMethod: _of_made_method,
    External: _of_external,
    Closure: _of_function,
    Bound: _of_function,
    Kind: _of_class,
    Stream: _of_stream,
    Promise: _of_stream,
    Pattern: _of_stream,
    Url: _of_url,
    Ref: _of_object,
    Unset: _of_text,
    **dict.fromkeys(_TEXTS, _of_text),
}
