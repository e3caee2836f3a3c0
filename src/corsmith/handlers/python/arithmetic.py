"""Joining texts and computing with numbers."""

from __future__ import annotations

import ast
import operator
from typing import Any

from ..decisions import Value
from ..machine import Machine
from ..store import Record, numbered
from ..texts import joined_text
from ..values import Const, EventPart, HeaderText, Joined, Method, Opaque, Origin, PathText, Ref, SomeText, Tuple

_LONGEST_TEXT = 10_000
_NUMBERS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}


def text_of(machine: Machine, value: Value) -> Value:
    """Return `str(value)`."""
    return machine.decisions.change(value, _leaf_text)


def _leaf_text(leaf: Value) -> Value:
    if isinstance(leaf, Const):
        return leaf if isinstance(leaf.value, str) else Const(str(leaf.value), leaf.place, leaf.via)
    if isinstance(leaf, (Origin, Method, PathText, Joined, SomeText, HeaderText)):
        return leaf
    return _UNKNOWN_TEXT


# One for all: texts of which nothing is known need not be told apart.
_UNKNOWN_TEXT = SomeText("a text made of what is not known")


def arithmetic(machine: Machine, sign: ast.operator, one: Value, other: Value, place: Any) -> Value:
    """Return `one sign other` of two leaves that are no dicts."""
    if isinstance(sign, ast.Mod) and isinstance(one, Const) and isinstance(one.value, str):
        return percent(machine, one.value, other, place)
    if isinstance(one, Const) and isinstance(other, Const):
        return _constants(machine, sign, one, other, place)
    if isinstance(sign, ast.Add):
        if isinstance(one, (Ref, Tuple)) and isinstance(other, (Ref, Tuple)):
            return _concatenated(machine, one, other, place)
        texts = (Const, Origin, Method, PathText, Joined, SomeText, HeaderText, EventPart)
        if any(isinstance(each, texts) and isinstance(getattr(each, "value", ""), str) for each in (one, other)):
            return joined_text(machine, [_leaf_text(one), _leaf_text(other)], place)
    if any(isinstance(each, SomeText) for each in (one, other)):
        return SomeText("a text made of what is not known", place)
    return Opaque("arithmetic on what is not known", place)


def _constants(machine: Machine, sign: ast.operator, one: Const, other: Const, place: Any) -> Value:
    if isinstance(sign, ast.Add) and isinstance(one.value, str) and isinstance(other.value, str):
        return joined_text(machine, [one, other], place)
    compute = _NUMBERS.get(type(sign))
    small = all(not isinstance(each.value, (str, bytes)) or len(each.value) < _LONGEST_TEXT for each in (one, other))
    if compute is not None and small and not (isinstance(sign, ast.Mult) and _is_large(one, other)):
        try:
            return Const(compute(one.value, other.value), place)
        except Exception:  # noqa: BLE001 - two scalars that do not go together raise in the handler too
            machine.may_fail(place)
    return Opaque("arithmetic that is not followed", place)


def _is_large(one: Const, other: Const) -> bool:
    return any(isinstance(each.value, int) and abs(each.value) > _LONGEST_TEXT for each in (one, other))


def _concatenated(machine: Machine, one: Ref | Tuple, other: Ref | Tuple, place: Any) -> Value:
    if isinstance(one, Tuple) and isinstance(other, Tuple):
        return Tuple((*one.items, *other.items), place)
    items: list[Value] = []
    rest = None
    for each in (one, other):
        record = machine.record(each) if isinstance(each, Ref) else None
        items += each.items if isinstance(each, Tuple) else machine.record(each).fields.values()
        rest = rest or (record.rest if record else None)
    made = Record("list", numbered(items), place)
    made.rest = rest
    return machine.new(made)


def percent(machine: Machine, template: str, value: Value, place: Any) -> Value:
    """Return `template % value` for templates with %s alone."""
    values = list(value.items) if isinstance(value, Tuple) else [value]
    pieces = template.replace("%%", "\0").split("%s")
    if len(pieces) != len(values) + 1 or any("%" in piece for piece in pieces):
        return SomeText("a formatted text", place)
    parts: list[Value] = [Const(pieces[0].replace("\0", "%"), place)]
    for each, piece in zip(values, pieces[1:], strict=True):
        parts += (text_of(machine, each), Const(piece.replace("\0", "%"), place))
    return joined_text(machine, parts, place)
