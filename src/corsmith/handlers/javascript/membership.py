"""Who has what: `in`, `includes`, `has`, `instanceof`, as conditions."""

from __future__ import annotations

from corsmith.api.origin_test import OriginTest

from ..decisions import FALSE, TRUE, Value
from ..event import look_up
from ..machine import Machine
from ..operators import UNKNOWN_TEST, holds, origin_test
from ..values import NOTHING, Const, EventPart, External, LowerHeaders, Opaque, Origin, Ref, SomeText
from .copies import own_keys
from .objects import key_of
from .tests import strictly_equal
from .values import UNDEFINED, Closure, Kind


def has_property(machine: Machine, owner: Value, key: Value) -> Value:
    """Return the condition `key in owner`, also asked by `hasOwnProperty`."""
    return machine.decisions.change_two(owner, key, lambda left, right: _has(machine, left, right))


def _has(machine: Machine, owner: Value, key: Value) -> Value:
    known, name = key_of(key)
    if isinstance(owner, (EventPart, LowerHeaders)) and known:
        found = look_up(machine.decisions, owner, str(name))
        return machine.decisions.change(found, lambda leaf: holds(leaf is not NOTHING))
    if isinstance(owner, Ref):
        record = machine.record(owner)
        found = FALSE
        if known:
            found = machine.decisions.change(record.fields.get(name, NOTHING), lambda leaf: holds(leaf is not NOTHING))
        else:
            for each in own_keys(record):
                found = machine.decisions.either(found, strictly_equal(machine, key, Const(str(each))))
        if record.rest is not None:
            found = machine.decisions.either(found, machine.opaque("in", name if known else key, record.rest))
        return found
    return machine.opaque("in", name if known else key, owner)


def among(machine: Machine, items: list[Value], rest: Opaque | None, item: Value) -> Value:
    """Return the condition that a leaf is one of `items`, as `includes` and `has` ask it."""
    decisions = machine.decisions
    found: Value = FALSE
    if isinstance(item, Origin):
        texts = tuple(each.value for each in items if isinstance(each, Const) and isinstance(each.value, str))
        found = origin_test(machine, item, OriginTest("list", texts)) if texts else FALSE
        others = [each for each in items if not isinstance(each, Const)]
        for each in others:
            found = decisions.either(found, strictly_equal(machine, item, each) if each is not NOTHING else FALSE)
        if rest is not None:
            found = decisions.either(found, origin_test(machine, item, UNKNOWN_TEST))
        return found
    for each in items:
        there = decisions.change(each, lambda leaf: FALSE if leaf is NOTHING else TRUE)
        found = decisions.either(found, decisions.both(there, strictly_equal(machine, item, each)))
    if rest is not None and item is not UNDEFINED:
        found = decisions.either(found, machine.opaque("in", item if not isinstance(item, Const) else item.value, rest))
    return found


def in_text(machine: Machine, text: Value, item: Value, name: str) -> Value:
    """Return the condition of `includes`, `startsWith` or `endsWith` on leaves."""
    if isinstance(text, Const) and isinstance(text.value, str):
        if isinstance(item, Const):
            asked = str(item.value)
            answers = {"includes": asked in text.value, "startsWith": text.value.startswith(asked)}
            return holds(answers.get(name, text.value.endswith(asked)))
        if isinstance(item, Origin):
            test = OriginTest("within", (text.value,)) if name == "includes" else UNKNOWN_TEST
            return origin_test(machine, item, test)
    if isinstance(text, Origin):
        kind = {"includes": "substring", "startsWith": "prefix", "endsWith": "suffix"}[name]
        known = isinstance(item, Const) and isinstance(item.value, str)
        return origin_test(machine, text, OriginTest(kind, (item.value,)) if known else UNKNOWN_TEST)  # type: ignore[attr-defined]
    if isinstance(item, Origin):
        return origin_test(machine, item, UNKNOWN_TEST)
    return machine.opaque(name, text, item.value if isinstance(item, Const) else item)


def instance_of(machine: Machine, value: Value, kind: Value) -> Value:
    """Return the condition `value instanceof kind`."""
    return machine.decisions.change_two(value, kind, lambda left, right: _instance(machine, left, right))


def _instance(machine: Machine, left: Value, right: Value) -> Value:
    if isinstance(left, Ref):
        record = machine.record(left)
        if isinstance(right, External):
            return _of_global(machine, record.kind, record.type, right.name)
        at = record.type
        while at is not None:
            if at is right:
                return TRUE
            if not isinstance(at, Kind):
                break
            at = at.base
        unknown = at is not None and not isinstance(at, (Kind, Closure, External))
        return machine.opaque("instance", left.number, right) if unknown else FALSE
    if isinstance(left, (Const, SomeText, Origin)) or left is UNDEFINED:
        return FALSE
    return machine.opaque("instance", left, right.name if isinstance(right, External) else right)


def _of_global(machine: Machine, kind: str, made_by: Value | None, name: str) -> Value:
    if name == "Object":
        return TRUE
    if kind != "error":
        return holds({"list": "Array", "map": "Map", "unique": "Set"}.get(kind) == name)
    at = made_by
    while isinstance(at, Kind):
        at = at.base
    own = at.name if isinstance(at, External) else ""
    return holds(name in {"Error", own})
