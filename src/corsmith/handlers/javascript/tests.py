"""What JavaScript takes for true, null or equal, leaf by leaf."""

from __future__ import annotations

from ..decisions import FALSE, TRUE, Truth, Value
from ..machine import Machine
from ..operators import equal as same_leaf
from ..operators import holds
from ..operators import truth as python_truth
from ..values import (
    NOTHING,
    BuiltinMethod,
    Const,
    Emptied,
    EventPart,
    External,
    HeaderText,
    HeaderValue,
    LeftOut,
    LowerHeaders,
    Made,
    MadeMethod,
    Method,
    Opaque,
    Origin,
    PathText,
    Ref,
    SomeText,
)
from .urls import part_equals
from .values import UNDEFINED, Kind, Maybe, Position, Short, Stream, Typeof, UrlPart

_OBJECTS = (Ref, LowerHeaders, Emptied, Stream, BuiltinMethod, External, MadeMethod)
_BROWSER = {"window", "document", "navigator", "Deno", "Bun", "self"}


def truth(machine: Machine, value: Value) -> Value:
    """Return the condition that `value` is truthy."""
    return machine.decisions.change(value, lambda leaf: _truth(machine, leaf))


def _truth(machine: Machine, leaf: Value) -> Value:
    if isinstance(leaf, Truth):
        return leaf
    if leaf is UNDEFINED or leaf is NOTHING or isinstance(leaf, Short):
        return FALSE
    if isinstance(leaf, Const):
        number = leaf.value
        return holds(bool(number) and not (isinstance(number, float) and number != number))
    if isinstance(leaf, External):
        return holds(leaf.name not in _BROWSER)
    if isinstance(leaf, (LeftOut, *_OBJECTS)):
        return TRUE
    if isinstance(leaf, Position):
        return machine.decisions.negate(leaf.first)
    if isinstance(leaf, (Opaque, Made)):
        if isinstance(leaf, Opaque) and leaf.truthy:
            return TRUE
        there = machine.decisions.negate(nullish(machine, leaf))
        return machine.decisions.both(there, machine.opaque("true", leaf))
    if isinstance(leaf, (Typeof, UrlPart)):
        return TRUE if isinstance(leaf, Typeof) else machine.opaque("true", leaf.part)
    return python_truth(machine, leaf)


def nullish(machine: Machine, value: Value) -> Value:
    """Return the condition that `value` is null or undefined."""

    def one(leaf: Value) -> Value:
        if leaf is UNDEFINED or leaf is NOTHING or isinstance(leaf, Short):
            return TRUE
        if isinstance(leaf, Const):
            return holds(leaf.value is None)
        if isinstance(leaf, Opaque) and not leaf.truthy:
            return machine.opaque("nullish", leaf)
        if isinstance(leaf, Made) and leaf.name.endswith("()"):
            return machine.opaque("nullish", leaf)
        return FALSE

    return machine.decisions.change(value, one)


def is_undefined(machine: Machine, value: Value) -> Value:
    """Return the condition that `value` is undefined, as default values ask it."""

    def one(leaf: Value) -> Value:
        if leaf is UNDEFINED or leaf is NOTHING:
            return TRUE
        if isinstance(leaf, Maybe):
            return machine.opaque("nullish", leaf)
        return FALSE

    return machine.decisions.change(value, one)


def strictly_equal(machine: Machine, one: Value, other: Value) -> Value:
    """Return the condition `one === other`."""
    return machine.decisions.change_two(one, other, lambda left, right: _strict(machine, left, right))


def loosely_equal(machine: Machine, one: Value, other: Value) -> Value:
    """Return the condition `one == other`."""

    def leaf(left: Value, right: Value) -> Value:
        for each, rest in ((left, right), (right, left)):
            if each is UNDEFINED or (isinstance(each, Const) and each.value is None):
                return nullish(machine, rest)
        if isinstance(left, Const) and isinstance(right, Const) and js_type(left) != js_type(right):
            return holds(_number(left) == _number(right))
        return _strict(machine, left, right)

    return machine.decisions.change_two(one, other, leaf)


def _number(leaf: Const) -> float | None:
    try:
        return float(leaf.value) if leaf.value != "" else 0.0
    except (TypeError, ValueError):
        return None


def js_type(leaf: Const) -> str:
    """Return what `typeof` gives for a scalar."""
    if leaf.value is None:
        return "object"
    if isinstance(leaf.value, bool):
        return "boolean"
    return "string" if isinstance(leaf.value, str) else "number"


def _strict(machine: Machine, left: Value, right: Value) -> Value:
    if isinstance(right, (Position, Typeof, UrlPart)) or (isinstance(left, Const) and not isinstance(right, Const)):
        left, right = right, left
    if left is UNDEFINED or right is UNDEFINED:
        other = right if left is UNDEFINED else left
        if other is UNDEFINED or other is NOTHING:
            return TRUE
        return nullish(machine, other) if isinstance(other, (Opaque, Made)) else FALSE
    if isinstance(left, Const) and isinstance(right, Const):
        return holds(js_type(left) == js_type(right) and left.value == right.value)
    if isinstance(right, Const):
        return _with_constant(machine, left, right)
    if isinstance(left, Ref) and isinstance(right, Ref):
        return holds(left.number == right.number)
    if isinstance(left, (LeftOut, Ref)) or isinstance(right, (LeftOut, Ref)):
        unknown = isinstance(left, (Opaque, Made)) or isinstance(right, (Opaque, Made))
        return machine.opaque("is", left, right) if unknown else holds(left is right)
    return same_leaf(machine, left, right)


def _with_constant(machine: Machine, left: Value, right: Const) -> Value:
    value = right.value
    if isinstance(left, Position):
        return {-1: machine.decisions.negate(left.found), 0: left.first}.get(value, FALSE)
    if isinstance(left, Typeof):
        return _typeof_is(machine, left, str(value))
    if isinstance(left, UrlPart):
        return part_equals(machine, left, str(value))
    if value is None:
        return nullish(machine, left) if isinstance(left, (Opaque, Made)) else FALSE
    texts = (SomeText, Origin, Method, PathText, HeaderText, HeaderValue)
    if isinstance(left, texts) and not isinstance(value, str):
        return FALSE
    if isinstance(left, (LeftOut, *_OBJECTS)):
        return FALSE
    if isinstance(left, (Opaque, Made)):
        asked = machine.opaque("equal", left, (js_type(right), value))
        return machine.decisions.both(machine.decisions.negate(nullish(machine, left)), asked)
    if isinstance(left, EventPart) and left.path == ("body",) and value == "":
        return FALSE
    return same_leaf(machine, left, right)


def _typeof_is(machine: Machine, left: Typeof, name: str) -> Value:
    if name == "undefined":
        return nullish(machine, left.of)
    asked = machine.opaque("typeof", left.of, name)
    return machine.decisions.both(machine.decisions.negate(nullish(machine, left.of)), asked)


def type_of(leaf: Value) -> Value:
    """Return what `typeof` gives for a leaf."""
    if leaf is UNDEFINED or leaf is NOTHING or isinstance(leaf, Short):
        return Const("undefined")
    if isinstance(leaf, Const):
        return Const(js_type(leaf))
    if isinstance(leaf, (Kind, LeftOut, BuiltinMethod)):
        return Const("function")
    if isinstance(leaf, External):
        return Const("undefined") if leaf.name in _BROWSER else Typeof(leaf)
    if isinstance(leaf, (SomeText, Origin, Method, PathText, HeaderText, HeaderValue)):
        return Const("string")
    if isinstance(leaf, EventPart):
        return Const("string") if leaf.path == ("body",) else Const("object")
    if isinstance(leaf, (Ref, LowerHeaders, Emptied)):
        return Const("object")
    if isinstance(leaf, Position):
        return Const("number")
    return Typeof(leaf)
