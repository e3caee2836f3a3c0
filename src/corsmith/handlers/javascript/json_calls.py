"""`JSON.parse` and `JSON.stringify`."""

from __future__ import annotations

import json
from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..store import Record, numbered
from ..values import Const, EventPart, LeftOut, Opaque, Place, SomeText
from .failing import error, fail
from .values import UNDEFINED


def stringify(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return what `JSON.stringify` gives."""
    given = arguments[0] if arguments else UNDEFINED
    text = SomeText("JSON text", place)
    return machine.decisions.change(given, lambda leaf: UNDEFINED if isinstance(leaf, LeftOut) else text)


def parse(machine: Machine, this: Value, arguments: list[Value], place: Place | None) -> Value:
    """Return what `JSON.parse` gives, and remember that the body is read as JSON."""

    def one(leaf: Value) -> Value:
        if leaf is UNDEFINED:
            fail(machine, "SyntaxError", place, from_input=True)
            return UNDEFINED
        if isinstance(leaf, Const):
            return _constant(machine, leaf, place)
        body = (isinstance(leaf, EventPart) and leaf.path == ("body",)) or (
            isinstance(leaf, SomeText) and leaf.because == "the body"
        )
        if body:
            machine.json_read.append(machine.condition)
            machine.fail(machine.raises(), "SyntaxError", place, error(machine, "SyntaxError", place), from_input=True)
            return Opaque("what the request's body holds", place, parsed="request")
        machine.may_fail(place)
        return Opaque("parsed JSON", place, parsed="elsewhere")

    return machine.each(arguments[0] if arguments else UNDEFINED, one)


def _constant(machine: Machine, leaf: Const, place: Place | None) -> Value:
    if not isinstance(leaf.value, str):
        return leaf
    try:
        return from_json(machine, json.loads(leaf.value), place)
    except (ValueError, RecursionError):
        fail(machine, "SyntaxError", place)
        return UNDEFINED


def from_json(machine: Machine, value: Any, place: Place | None) -> Value:
    """Return plain JSON as a value."""
    if isinstance(value, dict):
        fields = {key: from_json(machine, item, place) for key, item in value.items()}
        return machine.new(Record("dict", fields, place))
    if isinstance(value, list):
        return machine.new(Record("list", numbered(from_json(machine, item, place) for item in value), place))
    return Const(value, place)
