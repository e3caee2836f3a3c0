"""Comprehensions, and going through the request's headers one by one."""

from __future__ import annotations

import ast

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import truth
from ..store import Record, numbered
from ..turns import settle
from ..values import (
    NOTHING,
    HeaderItems,
    HeaderName,
    HeaderValue,
    LowerHeaders,
    Nothing,
    Opaque,
    SomeText,
    Tuple,
)
from .binding import bind
from .iteration import items_of
from .lookups import set_item
from .methods import is_headers

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_MISSING = object()


def comprehension(machine: Machine, node: Comprehension) -> Value:
    """Return the list, set or dict that a comprehension makes; a generator is kept as a list that says so."""
    scope = machine.frame.scope
    names = {part.id for each in node.generators for part in ast.walk(each.target) if isinstance(part, ast.Name)}
    kept = {name: machine.store.records[scope].fields.get(name) for name in names}
    found: list[Value] = []
    sure = _generate(machine, node, 0, found)
    fields = machine.store.writable(scope).fields
    for name, value in kept.items():
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
    found = [settle(machine.decisions, value) for value in found]
    if isinstance(node, ast.DictComp):
        return _dict(machine, node, found, sure=sure)
    kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}
    record = Record(kinds[type(node)], numbered(found), machine.spot(node))
    if not sure:
        record.rest = Opaque("items that are not known", machine.spot(node))
    return machine.new(record)


def _dict(machine: Machine, node: ast.DictComp, found: list[Value], *, sure: bool) -> Value:
    if len(found) == 1 and isinstance(found[0], Tuple):
        name, value = found[0].items
        if isinstance(name, HeaderName) and isinstance(value, (HeaderValue, SomeText)):
            return LowerHeaders() if name.lower else Opaque("the request's headers", machine.spot(node), truthy=True)
    made = machine.new(Record("dict", {}, machine.spot(node)))
    place = machine.spot(node.key)

    def put(pair: Value) -> Value:
        if isinstance(pair, Tuple):
            set_item(machine, made, pair.items[0], pair.items[1], place)
        return made

    for pair in found:
        machine.each(pair, put)
    if not sure:
        machine.store.writable(made.number).rest = Opaque("entries that are not known", machine.spot(node))
    return made


def _generate(machine: Machine, node: Comprehension, at: int, found: list[Value]) -> bool:
    """Add what the generators from `at` on give to `found`; return whether that is all."""
    generator = node.generators[at]
    over = machine.evaluate(generator.iter)
    items = items_of(machine, over)
    sure = items is not None or _is_each_header(over)
    for item in items if items is not None else [generic_item(machine, over)]:
        value, inner_sure = _one(machine, node, at, item, found)
        sure = sure and inner_sure
        if value is not NOTHING:
            found.append(value)
    return sure


def _is_each_header(over: Value) -> bool:
    return isinstance(over, HeaderItems) or is_headers(over)


def _one(machine: Machine, node: Comprehension, at: int, item: Value, found: list[Value]) -> tuple[Value, bool]:
    generator = node.generators[at]
    sure = True

    def element() -> Value:
        nonlocal sure
        bind(machine, generator.target, item)
        condition: Value = TRUE
        for test in generator.ifs:
            condition = machine.decisions.both(condition, truth(machine, machine.evaluate(test)))
        return machine.branch(condition, inner, lambda: NOTHING)

    def inner() -> Value:
        nonlocal sure
        if at + 1 < len(node.generators):
            sure = _generate(machine, node, at + 1, found)
            return NOTHING
        if isinstance(node, ast.DictComp):
            key, value = machine.evaluate(node.key), machine.evaluate(node.value)
            return machine.decisions.change_two(key, value, lambda name, entry: Tuple((name, entry)))
        return machine.evaluate(node.elt)

    there = machine.decisions.change(item, lambda leaf: FALSE if isinstance(leaf, Nothing) else TRUE)
    return machine.branch(there, element, lambda: NOTHING), sure


def generic_item(machine: Machine, over: Value) -> Value:
    """Return what stands for any item of something whose items are not known."""
    if isinstance(over, HeaderItems):
        number = machine.store.next_number()
        return Tuple((HeaderName(number), HeaderValue(number)))
    if is_headers(over):
        return HeaderName(machine.store.next_number(), lower=isinstance(over, LowerHeaders))
    parsed = over.parsed if isinstance(over, Opaque) else ""
    return Opaque(f"an item of {over.because}" if isinstance(over, Opaque) else "an item", parsed=parsed)
