"""Python's own functions: collections, numbers, quantifiers, copies."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import as_value, truth
from ..store import Record, numbered
from ..values import (
    NOTHING,
    Const,
    EventPart,
    External,
    Function,
    HeaderText,
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

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]


def make_dict(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `dict()` gives."""

    made = machine.new(Record("dict", {}, place))
    for argument in arguments[:1]:
        pairs = (
            items_of(machine, argument)
            if isinstance(argument, Ref) and machine.record(argument).kind != "dict"
            else None
        )
        if pairs is not None and all(isinstance(pair, Tuple) and len(pair.items) == 2 for pair in pairs):
            from .lookups import set_item

            for pair in pairs:
                set_item(machine, made, pair.items[0], pair.items[1], place)  # type: ignore[attr-defined]
        else:
            update(machine, made, argument)
    if keywords:
        update(machine, made, machine.new(Record("dict", {k: v for k, v in keywords.items() if k != "**"}, place)))
    if "**" in keywords:
        update(machine, made, keywords["**"])
    return made


def collection(kind: str) -> Call:
    """Return how `list()` and its kin are called."""

    def collected(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        if not arguments:
            return Tuple((), place) if kind == "tuple" else machine.new(Record(kind, {}, place))

        def one(leaf: Value) -> Value:
            items = items_of(machine, leaf)
            if items is not None and kind == "tuple":
                return Tuple(tuple(items), place)
            record = Record("list" if kind == "tuple" else kind, numbered(items or ()), place)
            if items is None:
                record.rest = Opaque("items that are not known", place)
            return machine.new(record)

        return machine.each(arguments[0], one)

    return collected


def make_text(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `str()` gives."""
    return text_of(machine, arguments[0]) if arguments else Const("", place)


def make_bool(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `bool()` gives."""
    return as_value(machine, truth(machine, arguments[0])) if arguments else Const(value=False, place=place)


def number(convert: Callable[[Any], Any]) -> Call:
    """Return how `int()` and `float()` are called."""

    def converted(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        def one(leaf: Value) -> Value:
            if isinstance(leaf, Const):
                try:
                    return Const(convert(leaf.value), leaf.place or place, leaf.via)
                except (ValueError, TypeError):
                    machine.fail(TRUE, "builtins.ValueError", place, from_input=True)
                    return Opaque("it never returns", place)
            if isinstance(leaf, External):
                status = status_of(leaf.name)
                if status is not None:
                    return Const(status, place)
            from_request = isinstance(leaf, (SomeText, HeaderText, EventPart)) or (
                isinstance(leaf, Opaque) and leaf.parsed == "request"
            )
            request = from_request and "request" in getattr(leaf, "because", "the request")
            machine.may_fail(place, "builtins.ValueError", from_input=request)
            return Opaque("a number", place)

        return machine.each(arguments[0], one) if arguments else Const(convert(), place)  # type: ignore[call-arg]

    return converted


def quantified(*, every: bool) -> Call:
    """Return how `all()` and `any()` are called."""

    def quantified(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        items = items_of(machine, arguments[0]) if arguments else None
        if items is None:
            return as_value(machine, machine.opaque("all", arguments[0] if arguments else place))
        decisions = machine.decisions
        result: Value = TRUE if every else FALSE
        for item in items:
            there = decisions.change(item, lambda leaf: FALSE if leaf is NOTHING else TRUE)
            this = truth(machine, item)
            if every:
                result = decisions.both(result, decisions.either(decisions.negate(there), this))
            else:
                result = decisions.either(result, decisions.both(there, this))
        return as_value(machine, result)

    return quantified


def first_of(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `next()` gives."""
    if not arguments:
        return Opaque("what next() gives", place)
    items = items_of(machine, arguments[0])
    if items is None:
        machine.may_fail(place, "builtins.StopIteration")
        return Opaque("what next() gives", place)
    chosen: Value = NOTHING
    for item in reversed(items):
        chosen = machine.decisions.change(item, lambda leaf, rest=chosen: rest if leaf is NOTHING else leaf)  # type: ignore[misc]
    if len(arguments) > 1:
        return machine.decisions.change(chosen, lambda leaf: arguments[1] if leaf is NOTHING else leaf)
    machine.fail(
        machine.decisions.change(chosen, lambda leaf: TRUE if leaf is NOTHING else FALSE),
        "builtins.StopIteration",
        place,
    )
    return chosen


def length(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `len()` gives."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const) and isinstance(leaf.value, (str, bytes)):
            return Const(len(leaf.value), place)
        items = items_of(machine, leaf) if isinstance(leaf, (Ref, Tuple)) else None
        if items is not None and not any(type(item).__name__ in {"Case", "Nothing"} for item in items):
            return Const(len(items), place)
        return Opaque("a length", place)

    return machine.each(arguments[0], one) if arguments else Opaque("a length", place)


def is_instance(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `isinstance()` gives."""
    if len(arguments) != 2:
        return Opaque("an isinstance test", place)
    value, kind = arguments
    return as_value(machine, machine.decisions.change_two(value, kind, lambda one, of: _is_a(machine, one, of)))


def _is_a(machine: Machine, leaf: Value, kind: Value) -> Value:
    kinds = kind.items if isinstance(kind, Tuple) else (kind,)
    names = {each.name.removeprefix("builtins.") for each in kinds if isinstance(each, External)}
    if len(names) == len(kinds) and names <= {"str", "dict", "list", "int", "bool", "float", "tuple", "set", "bytes"}:
        mine = _kind_name(machine, leaf)
        if mine is not None:
            return TRUE if names & mine else FALSE
    return machine.opaque("isinstance", leaf, *kinds)


def _kind_name(machine: Machine, leaf: Value) -> set[str] | None:
    if isinstance(leaf, Const):
        return {base.__name__ for base in type(leaf.value).__mro__}
    if isinstance(leaf, (SomeText, HeaderText, Origin, Method, PathText, Joined)):
        return {"str"}
    if isinstance(leaf, Ref):
        kind = machine.record(leaf).kind
        return {kind} if kind != "instance" else None
    if isinstance(leaf, Tuple):
        return {"tuple"}
    if isinstance(leaf, LowerHeaders) or (
        isinstance(leaf, EventPart) and leaf.path in {(), ("headers",), ("requestContext",)}
    ):
        return {"dict"}
    if isinstance(leaf, EventPart) and leaf.path == ("body",):
        return {"str"}
    return {"function"} if isinstance(leaf, Function) else None


def copied(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `copy.copy` gives."""

    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Ref):
            return leaf
        made = machine.record(leaf).copy()
        return machine.new(made)

    return machine.each(arguments[0], one) if arguments else Opaque("a copy", place)


def deep_copied(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `copy.deepcopy` gives."""

    def one(leaf: Value) -> Value:
        if not isinstance(leaf, Ref) or machine.record(leaf).kind == "instance":
            return leaf
        made = machine.record(leaf).copy()
        for key, field in made.fields.items():
            made.fields[key] = machine.decisions.change(field, one)
        return machine.new(made)

    return machine.each(arguments[0], one) if arguments else Opaque("a copy", place)


def status_of(name: str) -> int | None:
    """HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.value, http.client.NOT_FOUND"""
    parts = name.removeprefix("http.").split(".")
    if parts[0] == "client" and len(parts) == 2:
        parts[0] = "HTTPStatus"
    if parts[0] == "HTTPStatus" and len(parts) > 1 and parts[1] in HTTPStatus.__members__:
        return HTTPStatus[parts[1]].value if parts[2:] in ([], ["value"]) else None
    return None
