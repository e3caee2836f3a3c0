"""Truth and comparison of values, leaf by leaf; what they ask of the request becomes an atom."""

from __future__ import annotations

import operator
from typing import Any

from corsmith.api.origin_test import OriginTest

from .decisions import FALSE, TRUE, Rank, Truth, Value
from .event import ANY_PARAMETER, is_there, look_up, second
from .machine import Machine
from .values import (
    NOTHING,
    BuiltinMethod,
    Const,
    EventPart,
    FilledText,
    HeaderName,
    HeaderText,
    HeaderValue,
    Joined,
    LookUp,
    LowerHeaders,
    Method,
    Opaque,
    Origin,
    PathText,
    Pending,
    Ref,
    SomeText,
    Tuple,
)

UNKNOWN_TEST = OriginTest("unknown")


def holds(yes: bool) -> Value:  # noqa: FBT001 - it turns a bool into a condition
    """Return TRUE or FALSE."""
    return TRUE if yes else FALSE


def truth(machine: Machine, value: Value) -> Value:
    """Return the condition that `value` is true."""
    return machine.decisions.change(value, lambda leaf: _leaf_truth(machine, leaf))


def as_value(machine: Machine, condition: Value) -> Value:
    """Return a condition as a Python bool."""
    return machine.decisions.change(condition, lambda leaf: _YES if leaf is TRUE else _NO)


_YES, _NO = Const(value=True), Const(value=False)


def _leaf_truth(machine: Machine, leaf: Value) -> Value:
    if isinstance(leaf, Truth):
        return leaf
    if isinstance(leaf, Const):
        return holds(bool(leaf.value))
    if leaf is NOTHING:
        return FALSE
    if isinstance(leaf, Ref):
        return _ref_truth(machine, leaf)
    if isinstance(leaf, Tuple):
        return holds(bool(leaf.items))
    if isinstance(leaf, EventPart):
        if leaf.path == ("pathParameters",):
            return machine.decisions.when(machine.decisions.atom(Rank.PARAMETER, ANY_PARAMETER))
        there = is_there(leaf)
        return machine.opaque("true", leaf.path) if there is None else holds(there)
    if isinstance(leaf, FilledText):
        return TRUE
    if isinstance(leaf, (SomeText, HeaderText)) or (isinstance(leaf, Opaque) and not leaf.truthy):
        return machine.opaque("true", leaf)
    if isinstance(leaf, Joined):
        texts = [part for part in leaf.parts if not (isinstance(part, Const) and part.value == "")]
        sure = any(isinstance(part, (Const, Method, PathText, Origin)) for part in texts)
        return TRUE if sure else machine.opaque("true", leaf)
    if type(leaf).__name__ in {"Made", "Decorator", "External"}:
        return machine.opaque("true", leaf)
    return TRUE


def _ref_truth(machine: Machine, leaf: Ref) -> Value:
    record = machine.record(leaf)
    if record.kind == "instance":
        return TRUE
    there: Value = FALSE
    for field in record.fields.values():
        there = machine.decisions.either(
            there, machine.decisions.change(field, lambda part: holds(part is not NOTHING))
        )
    if record.rest is not None and there is not TRUE:
        return machine.decisions.either(there, machine.opaque("true", record.rest))
    return there


def origin_test(machine: Machine, origin: Origin, test: OriginTest) -> Value:
    """Return the condition that the request's Origin passes `test`."""
    there = machine.decisions.when(machine.decisions.atom(Rank.PRESENT, origin.looked_up))
    if test.kind == "any":
        return there
    return machine.decisions.when(machine.decisions.atom(Rank.ORIGIN, (origin.looked_up, test)))


def equal(machine: Machine, one: Value, other: Value) -> Value:
    """Return the condition that two leaves are equal."""
    if isinstance(one, Const) and isinstance(other, Const):
        try:
            return holds(one.value == other.value)
        except Exception:  # noqa: BLE001 - comparing two scalars; whatever it is, they are not equal
            return FALSE
    if isinstance(one, Const):
        one, other = other, one
    if one is other and not isinstance(one, Opaque):
        return TRUE
    if isinstance(other, Const):
        return _equals_constant(machine, one, other)
    if isinstance(one, Tuple) and isinstance(other, Tuple):
        if len(one.items) != len(other.items):
            return FALSE
        both: Value = TRUE
        for left, right in zip(one.items, other.items, strict=True):
            both = machine.decisions.both(both, equals(machine, left, right))
        return both
    for left in (one, other):
        if isinstance(left, Origin):
            return origin_test(machine, left, UNKNOWN_TEST)
    return machine.opaque("equal", one, other)


def equals(machine: Machine, one: Value, other: Value) -> Value:
    """Return the condition that two values are equal."""
    return machine.decisions.change_two(one, other, lambda left, right: equal(machine, left, right))


def _equals_constant(machine: Machine, one: Value, other: Const) -> Value:
    value, decisions = other.value, machine.decisions
    if one is NOTHING or isinstance(one, (LowerHeaders, Tuple, BuiltinMethod)):
        return FALSE
    if isinstance(one, Pending) or (value is None and not isinstance(one, Opaque)):
        return FALSE
    if isinstance(one, Opaque) and one.truthy and not value:
        return FALSE
    if isinstance(one, (Origin, Method, PathText, Joined)) and not isinstance(value, str):
        return FALSE
    if isinstance(one, Origin):
        return origin_test(machine, one, OriginTest("list", (value,))) if value else FALSE
    if isinstance(one, Method):
        spelt = value.upper() if one.lower else value
        right = value == (value.lower() if one.lower else value.upper())
        return decisions.when(decisions.atom(Rank.METHOD, spelt)) if right and value else FALSE
    if isinstance(one, PathText):
        return decisions.when(decisions.atom(Rank.PATH, value))
    if isinstance(one, Joined):
        return _joined_equals(machine, one, value)
    if isinstance(one, HeaderName) and isinstance(value, str):
        if value.lower() == "origin" and (one.lower is False or value == "origin"):
            looked_up = LookUp(value, one.lower)
            return decisions.when(decisions.atom(Rank.PRESENT, looked_up))
        return machine.opaque("header", value.lower())
    if isinstance(one, Ref):
        return FALSE
    return machine.opaque("equal", one, _key(value))


def _joined_equals(machine: Machine, one: Joined, value: str) -> Value:
    """The method, something between, and the path: "GET /items", "GET:/items"."""
    method, between, path = (*one.parts, None, None, None)[:3]
    if len(one.parts) == 3 and isinstance(method, Method) and isinstance(between, Const) and isinstance(path, PathText):
        name, found, rest = value.partition(str(between.value))
        if not found:
            return FALSE
        at_path = equal(machine, path, Const(rest))
        if name == "ANY":
            return at_path
        return machine.decisions.both(equal(machine, method, Const(name)), at_path)
    return machine.opaque("equal", one, value)


def contains(machine: Machine, container: Value, item: Value) -> Value:
    """Return the condition that `item` is in `container`; both are leaves."""
    if isinstance(container, Const) and isinstance(container.value, str):
        return _in_text(machine, container, item)
    if isinstance(container, Tuple):
        return _among(machine, list(container.items), item)
    if isinstance(container, Ref):
        record = machine.record(container)
        if record.kind == "instance":
            return machine.opaque("in", item, container)
        if record.kind == "dict":
            found = has_key(machine, container, item)
        else:
            found = _among(machine, list(record.fields.values()), item)
        if record.rest is not None and not (isinstance(item, Const) and item.value is None):
            more = origin_test(machine, item, UNKNOWN_TEST) if isinstance(item, Origin) else None
            found = machine.decisions.either(found, more or machine.opaque("in", item, record.rest))
        return found
    if isinstance(container, Origin) and isinstance(item, Const) and isinstance(item.value, str):
        return origin_test(machine, container, OriginTest("substring", (item.value,)))
    if isinstance(container, EventPart) and not container.path and isinstance(item, Const):
        first = {"httpMethod", "resource", "path", "multiValueHeaders"}
        if item.value in first:
            return machine.decisions.negate(second(machine.decisions))
        if item.value in {"rawPath", "routeKey", "rawQueryString"}:
            return second(machine.decisions)
    if isinstance(container, (EventPart, LowerHeaders)) and isinstance(item, Const):
        there = look_up(machine.decisions, container, item.value)
        return machine.decisions.change(there, lambda leaf: holds(leaf is not NOTHING))
    if isinstance(item, Origin):
        return origin_test(machine, item, UNKNOWN_TEST)
    if isinstance(item, Const) and item.value is None:
        return FALSE
    return machine.opaque("in", item if not isinstance(item, Const) else _key(item.value), container)


def has_key(machine: Machine, container: Ref, item: Value) -> Value:
    """Return the condition that a dict has the key `item`, its unknown part left out."""
    decisions, found = machine.decisions, FALSE
    result: Value = found
    for key, field in machine.record(container).fields.items():
        same = equals(machine, item, key_value(key))
        if same is FALSE:
            continue
        there = decisions.change(field, lambda part: holds(part is not NOTHING))
        result = decisions.either(result, decisions.both(same, there))
    return result


def key_value(key: Any) -> Value:
    """Return a dict's key as a value."""
    if isinstance(key, tuple):
        return Tuple(tuple(key_value(part) for part in key))
    return Const(key)


def _in_text(machine: Machine, container: Const, item: Value) -> Value:
    if isinstance(item, Const):
        return holds(isinstance(item.value, str) and item.value in container.value)
    if isinstance(item, Origin):
        return origin_test(machine, item, OriginTest("within", (container.value,)))
    return machine.opaque("in", item, container.value)


def _among(machine: Machine, items: list[Value], item: Value) -> Value:
    decisions = machine.decisions
    if isinstance(item, Origin) and all(isinstance(each, (Const, Opaque, SomeText)) for each in items):
        texts = tuple(each.value for each in items if isinstance(each, Const) and isinstance(each.value, str))
        found = origin_test(machine, item, OriginTest("list", texts)) if texts else FALSE
        if any(not isinstance(each, Const) for each in items):
            found = decisions.either(found, origin_test(machine, item, UNKNOWN_TEST))
        return found
    found = FALSE
    for each in items:
        found = decisions.either(found, equals(machine, item, each))
    return found


def _key(value: Any) -> Any:
    return (type(value).__name__, value)


_ORDER = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}


def ordered(machine: Machine, sign: str, one: Value, other: Value) -> Value:
    """Return the condition `one < other` (or `<=`, `>`, `>=`) of two leaves."""
    if isinstance(one, Const) and isinstance(other, Const):
        try:
            return holds(bool(_ORDER[sign](one.value, other.value)))
        except TypeError:
            return FALSE
    keys = [_key(each.value) if isinstance(each, Const) else each for each in (one, other)]
    return machine.opaque(sign, *keys)


def is_same(machine: Machine, one: Value, other: Value) -> Value:
    """Return the condition `one is other` of two leaves."""
    if isinstance(one, Const) and isinstance(other, Const):
        return holds(one.value is other.value or (one.value == other.value and type(one.value) is type(other.value)))
    constant = next((each for each in (one, other) if isinstance(each, Const)), None)
    if constant is not None:
        rest = other if constant is one else one
        if isinstance(rest, (Opaque, HeaderValue)) and not (isinstance(rest, Opaque) and rest.truthy):
            return machine.opaque("equal", rest, _key(constant.value))
        return FALSE
    if isinstance(one, Opaque) or isinstance(other, Opaque):
        return machine.opaque("is", one, other)
    return holds(one is other or (isinstance(one, Ref) and isinstance(other, Ref) and one.number == other.number))
