"""JSON, read and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..decisions import TRUE, Value
from ..machine import Machine
from ..store import Record, numbered
from ..values import (
    Const,
    EventPart,
    Opaque,
    Place,
    SomeText,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]


def dumps(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `json.dumps` gives."""
    machine.may_fail(place)
    return SomeText("JSON text", place)


def loads(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
    """Return what `json.loads` gives, and remember that the body is read as JSON."""
    source = arguments[0] if arguments else Opaque("a text")

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Const):
            return _loaded_constant(machine, leaf, place)
        body = isinstance(leaf, EventPart) and leaf.path == ("body",)
        if body or _is_body_text(leaf):
            machine.json_read.append(machine.condition)
        machine.may_fail(place, "json.JSONDecodeError", from_input=body or _is_body_text(leaf))
        if body or _is_body_text(leaf):
            return Opaque("what the request's body holds", place, parsed="request")
        return Opaque("parsed JSON", place, parsed="elsewhere")

    return machine.each(source, one)


def _is_body_text(leaf: Value) -> bool:
    return isinstance(leaf, SomeText) and leaf.because == "the body"


def _loaded_constant(machine: Machine, leaf: Const, place: Place | None) -> Value:
    import json

    if leaf.value is None:
        machine.fail(TRUE, "builtins.TypeError", place, from_input=True)
        return Opaque("it never returns", place)
    try:
        return _from_json(machine, json.loads(leaf.value), leaf, place)
    except (ValueError, TypeError, RecursionError):
        machine.fail(TRUE, "json.JSONDecodeError", place)
        return Opaque("it never returns", place)


def _from_json(machine: Machine, value: Any, leaf: Const, place: Place | None) -> Value:
    if isinstance(value, dict):
        fields = {key: _from_json(machine, item, leaf, place) for key, item in value.items()}
        return machine.new(Record("dict", fields, place))
    if isinstance(value, list):
        return machine.new(Record("list", numbered(_from_json(machine, item, leaf, place) for item in value), place))
    return Const(value, leaf.place, leaf.via)
