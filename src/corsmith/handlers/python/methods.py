"""Methods of Python's own kinds: texts, dicts, lists, and the parts of the event that stand for them."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter
from typing import Any

from corsmith.api.origin_test import OriginTest

from ..decisions import FALSE, TRUE, Case, Value
from ..machine import Machine
from ..operators import as_value, key_value, origin_test
from ..store import Record, numbered
from ..texts import joined_text
from ..values import (
    NOTHING,
    Const,
    EventPart,
    HeaderItems,
    HeaderName,
    HeaderText,
    HeaderValue,
    Joined,
    LowerHeaders,
    Method,
    Opaque,
    Origin,
    PathText,
    Place,
    Ref,
    SomeText,
    Tuple,
)
from .arithmetic import text_of
from .dicts import update
from .iteration import items_of
from .lookups import constant_key, delete_item, get_item, set_item

Arguments = list[Value]
Keywords = dict[str, Value]
_FORMATTER = Formatter()
Call = Callable[[Machine, Any, str, Arguments, Keywords, Place | None], Value]


def call_method(
    machine: Machine, owner: Value, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    """Return what calling the method `name` of a leaf gives."""
    method = _METHODS.get(type(owner))
    if method is None:
        machine.may_fail(place)
        return Opaque(f"what .{name}() gives", place)
    return method(machine, owner, name, arguments, keywords, place)


# Texts

_PURE = {
    "capitalize", "casefold", "center", "count", "encode", "decode", "endswith", "find", "format", "index", "isalnum", "isalpha",
    "isdigit", "isnumeric", "islower", "isupper", "join", "ljust", "lower", "lstrip", "partition", "removeprefix",
    "removesuffix", "replace", "rfind", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "upper", "zfill",
}  # fmt: skip
_LISTS = {"split", "rsplit", "splitlines"}
_TESTS = {"endswith", "startswith", "isdigit", "isalnum", "isalpha", "isnumeric", "islower", "isupper"}
_KEEPING = {"strip", "rstrip", "lstrip", "lower", "casefold", "encode", "decode"}


def _of_constant(
    machine: Machine, owner: Const, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    if owner.value is None or not hasattr(owner.value, name):
        machine.fail(TRUE, "builtins.AttributeError", place, from_input=True)
        return Opaque("it never returns", place)
    if name == "format":
        return _format(machine, owner, arguments, keywords, place)
    if name == "join" and isinstance(owner.value, str) and arguments:
        return machine.each(arguments[0], lambda leaf: _join(machine, owner, leaf, place))
    if any(isinstance(argument, Case) for argument in arguments):
        return machine.each(
            Tuple(()) if not arguments else arguments[0],
            lambda leaf: (
                _of_constant(machine, owner, name, [leaf, *arguments[1:]], keywords, place)
                if not isinstance(leaf, Case) and not any(isinstance(each, Case) for each in arguments[1:])
                else Opaque("a method of a text")
            ),
        )
    known = [_plain(argument) for argument in arguments]
    if name in _PURE and not keywords and all(sure for sure, _ in known):
        try:
            made = getattr(owner.value, name)(*(value for _, value in known))
        except Exception:  # noqa: BLE001 - a method of a scalar that raises does so in the handler too
            machine.may_fail(place)
            return Opaque("a method of a text that raises", place)
        return _lifted(machine, made, owner, place)
    if name in {"startswith", "endswith"} and arguments:
        return _truth_value(machine, machine.opaque(name, owner.value, arguments[0]))
    if name in _LISTS:
        return _unknown_list(machine, "the parts of a text", place)
    return (
        SomeText("a text made of what is not known", place) if name in _PURE else Opaque(f"what .{name}() gives", place)
    )


def _plain(value: Value) -> tuple[bool, Any]:
    if isinstance(value, Const):
        return True, value.value
    if isinstance(value, Tuple):
        parts = [_plain(item) for item in value.items]
        return all(sure for sure, _ in parts), tuple(part for _, part in parts)
    return False, None


def _lifted(machine: Machine, made: Any, owner: Const, place: Place | None) -> Value:
    if isinstance(made, list):
        return machine.new(Record("list", numbered(Const(part, owner.place, owner.via) for part in made), place))
    if isinstance(made, tuple):
        return Tuple(tuple(Const(part, owner.place, owner.via) for part in made), place)
    return Const(made, owner.place or place, owner.via)


def _unknown_list(machine: Machine, because: str, place: Place | None) -> Ref:
    record = Record("list", {}, place)
    record.rest = Opaque(because, place)
    return machine.new(record)


def _truth_value(machine: Machine, condition: Value) -> Value:
    return as_value(machine, condition)


def _format(machine: Machine, owner: Const, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """`"https://{}".format(host)`: plain and named fields."""
    parts: list[Value] = []
    automatic = 0
    try:
        fields = list(_FORMATTER.parse(owner.value))
    except (ValueError, TypeError):
        return SomeText("a formatted text", place)
    for literal, field, spec, conversion in fields:
        if literal:
            parts.append(Const(literal, place))
        if field is None:
            continue
        if spec or conversion not in (None, "s"):
            return SomeText("a formatted text", place)
        if field == "":
            field, automatic = str(automatic), automatic + 1
        value = keywords.get(field) if not field.isdigit() else dict(enumerate(arguments)).get(int(field))
        if value is None:
            return SomeText("a formatted text", place)
        parts.append(text_of(machine, value))
    return joined_text(machine, parts, place)


def _join(machine: Machine, owner: Const, items: Value, place: Place | None) -> Value:
    known = items_of(machine, items)
    if known is None:
        return SomeText("texts joined that are not known", place)
    whole: Value = Const(None)
    for item in known:
        whole = machine.decisions.change_two(whole, item, lambda done, one: _joined(machine, owner, done, one, place))
    return machine.decisions.change(
        whole, lambda leaf: Const("", place) if isinstance(leaf, Const) and leaf.value is None else leaf
    )


def _joined(machine: Machine, owner: Const, done: Value, one: Value, place: Place | None) -> Value:
    if one is NOTHING:
        return done
    text = text_of(machine, one)
    if isinstance(done, Const) and done.value is None:
        return text
    return joined_text(machine, [done, Const(owner.value), text], place)


def _of_text(
    machine: Machine, owner: Value, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    if isinstance(owner, HeaderName) and name in {"lower", "casefold"}:
        return HeaderName(owner.number, lower=True)
    if isinstance(owner, Method) and name in {"upper", "lower", "strip"}:
        return owner if name == "strip" else Method(lower=name == "lower")
    if isinstance(owner, Origin):
        return _of_origin(machine, owner, name, arguments, place)
    if name in _TESTS:
        constant = tuple(str(_plain(argument)[1]) for argument in arguments)
        return _truth_value(machine, machine.opaque(name, owner, constant))
    if name in _LISTS:
        return _unknown_list(machine, "the parts of a text", place)
    if name in {"partition", "rpartition"}:
        return Tuple(tuple(SomeText("a part of a text") for _ in range(3)), place)
    if isinstance(owner, PathText) and name in {"strip", "rstrip", "lower"}:
        return SomeText("the request's path", place)
    if name == "get" and isinstance(owner, SomeText):
        return Opaque(owner.because, place)
    if name in {"find", "count", "index", "rfind"}:
        return Opaque("a position in a text", place)
    because = owner.because if isinstance(owner, SomeText) else "a text made of what is not known"
    return SomeText(because, place)


def _of_origin(machine: Machine, owner: Origin, name: str, arguments: Arguments, place: Place | None) -> Value:
    if name in _KEEPING:
        return owner
    if name in {"endswith", "startswith"} and arguments:
        return machine.each(arguments[0], lambda leaf: _affix(machine, owner, name, leaf))
    if name in {"find", "count", "index", "rfind"}:
        return Opaque("a position in the Origin", place)
    if name in _LISTS:
        return _unknown_list(machine, "the parts of the Origin", place)
    if name in {"partition", "rpartition"}:
        return Tuple(tuple(SomeText("a part of the Origin") for _ in range(3)), place)
    return SomeText("a text made of the Origin", place)


def _affix(machine: Machine, owner: Origin, name: str, leaf: Value) -> Value:
    items = items_of(machine, leaf) if isinstance(leaf, (Ref, Tuple)) else [leaf]
    known = [item.value for item in items or () if isinstance(item, Const) and isinstance(item.value, str)]
    test = OriginTest("unknown")
    if items is not None and len(known) == len(items):
        test = OriginTest("suffix" if name == "endswith" else "prefix", tuple(known))
    return _truth_value(machine, origin_test(machine, owner, test))


# The event


def _of_event(
    machine: Machine, owner: Value, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    if name in {"get", "pop"} and arguments:
        return _get(machine, owner, arguments, place, raises=name == "pop")
    if name == "items":
        return HeaderItems() if is_headers(owner) else Opaque("entries of the event", place)
    if name == "copy":
        return owner
    if name in {"keys", "values"}:
        return Opaque("the keys of a part of the event", place)
    if name == "setdefault" and len(arguments) > 1:
        return _get(machine, owner, arguments, place, raises=False)
    if isinstance(owner, EventPart) and owner.path in {("body",)}:
        return _of_text(machine, SomeText("the body"), name, arguments, keywords, place)
    return SomeText("a part of the event", place) if name in _PURE else Opaque("a part of the event", place)


def is_headers(owner: Value) -> bool:
    """Say whether a leaf is the request's headers."""
    return isinstance(owner, LowerHeaders) or (isinstance(owner, EventPart) and owner.path == ("headers",))


def _get(machine: Machine, owner: Value, arguments: Arguments, place: Place | None, *, raises: bool) -> Value:
    default = arguments[1] if len(arguments) > 1 else Const(None, place)

    def one(key: Value) -> Value:
        found = get_item(machine, owner, key)
        if raises and len(arguments) == 1:
            missing = machine.decisions.change(found, lambda leaf: TRUE if leaf is NOTHING else FALSE)
            machine.fail(missing, "builtins.KeyError", place, from_input=True)
        return machine.decisions.change(found, lambda leaf: default if leaf is NOTHING else leaf)

    return machine.each(arguments[0], one)


# Dicts, lists, sets


def _of_object(
    machine: Machine, owner: Ref, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    record = machine.record(owner)
    if record.kind == "dict":
        return _of_dict(machine, owner, name, arguments, keywords, place)
    if record.kind == "instance":
        machine.may_fail(place)
        return Opaque(f"what .{name}() gives", place)
    if not hasattr(_KINDS.get(record.kind, list), name):
        machine.fail(TRUE, "builtins.AttributeError", place)
        return Opaque("it never returns", place)
    return _of_list(machine, owner, name, arguments, place)


_KINDS: dict[str, type] = {"list": list, "set": set}


def _of_dict(
    machine: Machine, owner: Ref, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:

    record = machine.record(owner)
    if name == "get" and arguments:
        return _get(machine, owner, arguments, place, raises=False)
    if name == "update":
        for argument in arguments:
            update(machine, owner, argument)
        if keywords:
            extra = machine.new(Record("dict", {key: value for key, value in keywords.items() if key != "**"}, place))
            update(machine, owner, extra)
            if "**" in keywords:
                update(machine, owner, keywords["**"])
        return Const(None, place)
    if record.type is not None and name in {"add", "set"} and len(arguments) > 1:
        return machine.each(arguments[0], lambda key: _put(machine, owner, key, arguments[1], place))
    if name == "copy":
        made = record.copy()
        return machine.new(made)
    if name == "setdefault" and arguments:
        return machine.each(arguments[0], lambda key: _set_default(machine, owner, key, arguments, place))
    if name == "pop" and arguments:
        found = _get(machine, owner, arguments, place, raises=True)
        machine.each(arguments[0], lambda key: _deleted(machine, owner, key))
        return found
    if name in {"items", "keys", "values"}:
        return _views(machine, record, name, place)
    if name == "clear":
        written = machine.store.writable(owner.number)
        written.fields, written.rest = {}, None
        return Const(None, place)
    return Opaque(f"what .{name}() of a dict gives", place)


def _put(machine: Machine, owner: Ref, key: Value, value: Value, place: Place | None) -> Value:
    set_item(machine, owner, key, value, place)
    return owner


def _set_default(machine: Machine, owner: Ref, key: Value, arguments: Arguments, place: Place | None) -> Value:
    default = arguments[1] if len(arguments) > 1 else Const(None, place)
    found = get_item(machine, owner, key)
    value = machine.decisions.change(found, lambda leaf: default if leaf is NOTHING else leaf)
    set_item(machine, owner, key, value, place)
    return value


def _deleted(machine: Machine, owner: Ref, key: Value) -> Value:
    delete_item(machine, owner, key)
    return owner


def _views(machine: Machine, record: Record, name: str, place: Place | None) -> Value:
    fields: list[Value] = []
    for key, field in record.fields.items():
        at = key_value(key)
        if isinstance(at, Const) and key in record.keys:
            at = Const(at.value, record.keys[key])
        if name == "values":
            fields.append(field)
        elif name == "keys":
            fields.append(machine.decisions.change(field, lambda leaf, at=at: NOTHING if leaf is NOTHING else at))  # type: ignore[misc]
        else:
            fields.append(
                machine.decisions.change(
                    field,
                    lambda leaf, at=at: NOTHING if leaf is NOTHING else Tuple((at, leaf)),  # type: ignore[misc]
                )
            )
    made = Record("list", numbered(fields), place)
    made.rest = record.rest
    return machine.new(made)


def _of_list(machine: Machine, owner: Ref, name: str, arguments: Arguments, place: Place | None) -> Value:
    record = machine.store.writable(owner.number)
    if name in {"append", "add"} and arguments:
        record.fields[len(record.fields)] = arguments[0]
        return Const(None, place)
    if name in {"extend", "update"} and arguments:
        more = items_of(machine, arguments[0])
        if more is None:
            record.rest = Opaque("items that are not known", place)
        else:
            record.fields.update(numbered([*record.fields.values(), *more]))
        return Const(None, place)
    if name == "copy":
        return machine.new(record.copy())
    if name == "pop":
        found = get_item(machine, owner, arguments[0] if arguments else Const(-1))
        position = constant_key(arguments[0])[1] if arguments else -1
        kept = list(record.fields.items())
        if isinstance(position, int) and kept and -len(kept) <= position < len(kept):
            del kept[position]
            record.fields = numbered(value for _, value in kept)
        return found if found is not NOTHING else Opaque("an item that is missing", place)
    if name in {"insert", "remove", "discard", "sort", "reverse", "clear"}:
        if name not in {"sort", "reverse"}:
            record.rest = Opaque("a list that was changed", place)
        if name == "clear":
            record.fields, record.rest = {}, None
        return Const(None, place)
    return Opaque(f"what .{name}() of a list gives", place)


def _of_opaque(
    machine: Machine, owner: Opaque, name: str, arguments: Arguments, keywords: Keywords, place: Place | None
) -> Value:
    machine.may_fail(place)
    return Opaque(owner.because, place)


_METHODS: dict[type[Value], Call] = {
    Const: _of_constant,
    SomeText: _of_text,
    Origin: _of_text,
    Method: _of_text,
    PathText: _of_text,
    Joined: _of_text,
    HeaderName: _of_text,
    HeaderText: _of_text,
    HeaderValue: _of_text,
    EventPart: _of_event,
    LowerHeaders: _of_event,
    Ref: _of_object,
    Opaque: _of_opaque,
}
