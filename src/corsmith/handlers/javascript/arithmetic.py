"""Texts of values, and computing with numbers."""

from __future__ import annotations

import math
import operator
from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..operators import as_value, holds
from ..texts import joined_text
from ..values import (
    Const,
    EventPart,
    HeaderName,
    HeaderText,
    HeaderValue,
    Joined,
    Method,
    Opaque,
    Origin,
    PathText,
    Place,
    Ref,
    SomeText,
)
from .values import UNDEFINED, Position

_LONGEST = 10_000
_TEXTS = (SomeText, Origin, Method, PathText, Joined, HeaderText, HeaderValue, HeaderName)
# One for all: texts of which nothing is known need not be told apart.
_UNKNOWN_TEXT = SomeText("a text made of what is not known")
_NUMBERS: dict[str, Any] = {
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "**": math.pow,
    "|": lambda one, other: int(one) | int(other),
    "&": lambda one, other: int(one) & int(other),
}
_ORDER: dict[str, Any] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def number_text(number: Any) -> str:
    """Return a scalar as JavaScript writes it."""
    if number is None:
        return "null"
    if isinstance(number, bool):
        return "true" if number else "false"
    if isinstance(number, float):
        if math.isnan(number):
            return "NaN"
        if math.isinf(number):
            return "Infinity" if number > 0 else "-Infinity"
        return str(int(number)) if number.is_integer() and abs(number) < 1e21 else repr(number)
    return str(number)


def text_of(machine: Machine, value: Value) -> Value:
    """Return `String(value)`."""
    return machine.decisions.change(value, lambda leaf: _leaf_text(machine, leaf))


def _leaf_text(machine: Machine, leaf: Value) -> Value:
    if isinstance(leaf, Const):
        return leaf if isinstance(leaf.value, str) else Const(number_text(leaf.value), leaf.place, leaf.via)
    if leaf is UNDEFINED:
        return Const("undefined")
    if isinstance(leaf, _TEXTS):
        return leaf
    if isinstance(leaf, EventPart) and leaf.path == ("body",):
        return SomeText("the body")
    if isinstance(leaf, Ref):
        return _object_text(machine, leaf)
    return _UNKNOWN_TEXT


def _object_text(machine: Machine, leaf: Ref) -> Value:
    record = machine.record(leaf)
    if record.kind == "list" and record.rest is None:
        return join_items(machine, list(record.fields.values()), ",", record.place)
    if record.kind == "dict" and record.type is None:
        return Const("[object Object]", record.place)
    return _UNKNOWN_TEXT


def join_items(machine: Machine, items: list[Value], separator: str, place: Place | None) -> Value:
    """Return `items.join(separator)`; an item may be NOTHING in some cases."""
    from ..values import NOTHING

    whole: Value = UNDEFINED

    def add(done: Value, one: Value) -> Value:
        if one is NOTHING:
            return done
        empty = one is UNDEFINED or (isinstance(one, Const) and one.value is None)
        text = Const("") if empty else _leaf_text(machine, one)
        return text if done is UNDEFINED else joined_text(machine, [done, Const(separator), text], place)

    for item in items:
        whole = machine.decisions.change_two(whole, item, add)
    return machine.decisions.change(whole, lambda leaf: Const("", place) if leaf is UNDEFINED else leaf)


def arithmetic(machine: Machine, sign: str, one: Value, other: Value, place: Place | None) -> Value:
    """Return `one sign other`, comparisons of order among them."""
    return machine.decisions.change_two(one, other, lambda left, right: _leaves(machine, sign, left, right, place))


def _leaves(machine: Machine, sign: str, one: Value, other: Value, place: Place | None) -> Value:
    if sign in _ORDER:
        return as_value(machine, _ordered(machine, sign, one, other))
    if sign == "+":
        return _plus(machine, one, other, place)
    if isinstance(one, Const) and isinstance(other, Const) and sign in _NUMBERS:
        left, right = _numeric(one), _numeric(other)
        if left is not None and right is not None and max(abs(left), abs(right)) < 1e15:
            try:
                made = _NUMBERS[sign](left, right)
                return Const(int(made) if isinstance(made, float) and made.is_integer() else made, place)
            except (ZeroDivisionError, ValueError, OverflowError, TypeError):
                return Opaque("arithmetic that is not followed", place)
    return Opaque("arithmetic on what is not known", place)


def _numeric(leaf: Const) -> int | float | None:
    if leaf.value is None:
        return 0
    if isinstance(leaf.value, (bool, int, float)):
        return leaf.value
    try:
        return float(leaf.value) if leaf.value.strip() else 0
    except ValueError:
        return None


def _plus(machine: Machine, one: Value, other: Value, place: Place | None) -> Value:
    if (
        isinstance(one, Const)
        and isinstance(other, Const)
        and not isinstance(one.value, str)
        and not isinstance(other.value, str)
    ):
        left, right = _numeric(one), _numeric(other)
        return Const(left + right, place) if left is not None and right is not None else Opaque("a number", place)
    textual = any(
        isinstance(each, (*_TEXTS, Ref)) or (isinstance(each, Const) and isinstance(each.value, str))
        for each in (one, other)
    )
    if textual or any(isinstance(each, EventPart) for each in (one, other)):
        texts = [text_of(machine, each) for each in (one, other)]
        if any(
            isinstance(each, Const) and isinstance(each.value, str) and len(each.value) > _LONGEST for each in texts
        ):
            return _UNKNOWN_TEXT
        return joined_text(machine, texts, place)
    return Opaque("a sum of what is not known", place)


def _ordered(machine: Machine, sign: str, one: Value, other: Value) -> Value:
    if isinstance(one, Const) and isinstance(other, Const):
        if isinstance(one.value, str) and isinstance(other.value, str):
            return holds(_ORDER[sign](one.value, other.value))
        left, right = _numeric(one), _numeric(other)
        return holds(left is not None and right is not None and _ORDER[sign](left, right))
    if isinstance(one, Position) and isinstance(other, Const):
        return _position(machine, sign, one, other.value)
    if isinstance(other, Position) and isinstance(one, Const):
        turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}[sign]
        return _position(machine, turned, other, one.value)
    keys = [(type(each.value).__name__, each.value) if isinstance(each, Const) else each for each in (one, other)]
    return machine.opaque(sign, *keys)


def _position(machine: Machine, sign: str, position: Position, value: Any) -> Value:
    """Compare -1 (not found), 0 (at the start) and any greater number with a number."""
    decisions = machine.decisions
    if not isinstance(value, (int, float)):
        return machine.opaque(sign, position, value)
    later = 1 if value < 1 else None
    answers = [holds(_ORDER[sign](each, value)) for each in (-1, 0)]
    after = holds(_ORDER[sign](later, value)) if later is not None else machine.opaque(sign, position, value)
    return decisions.choose(position.found, decisions.choose(position.first, answers[1], after), answers[0])
