"""Loops: over known items they are unrolled, else two turns stand for all."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ..decisions import FALSE, TRUE, Value, leaves
from ..store import Store
from ..values import NOTHING, Const, HeaderItems, Opaque, SomeText
from .binding import bind
from .comprehensions import generic_item, settle
from .iteration import items_of
from .machine import Exit, Loop, Machine
from .methods import is_headers
from .operators import truth

_NONE = Const(None)
_TURNS = 16
_CANDIDATES = 6


def for_loop(machine: Machine, node: ast.For | ast.AsyncFor) -> None:
    """Run a `for`."""
    over = machine.evaluate(node.iter)
    machine.each(over, lambda leaf: _over(machine, node, leaf))


def _over(machine: Machine, node: ast.For | ast.AsyncFor, over: Value) -> Value:
    items = items_of(machine, over)
    loop = Loop()
    machine.frame.loops.append(loop)
    if items is None:
        machine.may_fail(machine.spot(node.iter))
        generic = generic_item(machine, over)
        headers = isinstance(over, HeaderItems) or is_headers(over)

        def turn() -> None:
            bind(machine, node.target, generic)
            _body(machine, node.body, loop)

        _repeat(machine, turn, machine.opaque("loop", machine.store.next_number()), settled=headers)
    else:
        for item in items:
            if machine.condition is FALSE:
                break
            _turn(machine, node, item, loop)
    machine.frame.loops.pop()
    _finish(machine, node.orelse, loop, settled=items is None)
    return _NONE


def _turn(machine: Machine, node: ast.For | ast.AsyncFor, item: Value, loop: Loop) -> None:
    there = machine.decisions.change(item, lambda leaf: FALSE if leaf is NOTHING else TRUE)

    def run() -> Value:
        bind(machine, node.target, item)
        _body(machine, node.body, loop)
        return _NONE

    machine.branch(there, run, lambda: _NONE)


def _body(machine: Machine, body: list[ast.stmt], loop: Loop) -> None:
    machine.execute(body)
    exits, loop.continues = loop.continues, []
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)


def while_loop(machine: Machine, node: ast.While) -> None:
    """Run a `while`."""
    loop = Loop()
    machine.frame.loops.append(loop)
    endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
    turns = 0
    condition = truth(machine, machine.evaluate(node.test))
    while condition is TRUE and not endless and turns < _TURNS and machine.condition is not FALSE:
        _body(machine, node.body, loop)
        turns += 1
        condition = truth(machine, machine.evaluate(node.test)) if machine.condition is not FALSE else FALSE
    if condition is not FALSE:
        again = TRUE if endless else machine.opaque("loop", machine.store.next_number())
        _repeat(machine, lambda: _body(machine, node.body, loop), again, settled=False)
    machine.frame.loops.pop()
    if endless:
        machine.stop()
    _finish(machine, node.orelse, loop, settled=False)


def _repeat(machine: Machine, turn: Callable[[], None], condition: Value, *, settled: bool) -> None:
    def turns() -> Value:
        before = machine.store.fork()
        turn()
        if machine.condition is FALSE:
            return _NONE
        if settled:
            _settle_changes(machine, before)
            return _NONE
        once = machine.store.fork()
        turn()
        if machine.condition is not FALSE:
            _widen(machine, before, once)
        return _NONE

    machine.branch(condition, turns, lambda: _NONE)


def _settle_changes(machine: Machine, before: Store) -> None:
    for number, record in list(machine.store.records.items()):
        old = before.records.get(number)
        if old is None or old is record:
            continue
        for name, value in record.fields.items():
            if value is not old.fields.get(name):
                machine.store.writable(number).fields[name] = settle(machine.decisions, value)


def _widen(machine: Machine, before: Store, once: Store) -> None:
    """What a second turn changes again may have any value after more turns."""
    for number, record in list(machine.store.records.items()):
        old, first = before.records.get(number), once.records.get(number)
        if old is None or first is None or record is old:
            continue
        grown = [key for key in record.fields if key not in old.fields and isinstance(key, int)]
        for key in dict.fromkeys((*record.fields, *first.fields)):
            value = record.fields.get(key, NOTHING)
            before_it, after_one = old.fields.get(key, NOTHING), first.fields.get(key, NOTHING)
            if value is not before_it and value is not after_one:
                machine.store.writable(number).fields[key] = _any_turn(machine, before_it, after_one, value)
        if record.kind in {"list", "set"} and grown:
            written = machine.store.writable(number)
            written.rest = Opaque("items added in a loop", record.place)


def _any_turn(machine: Machine, before: Value, once: Value, twice: Value) -> Value:
    """Return what a variable can be after any number of turns: one of what it was, when that is all that shows up."""
    earlier = dict.fromkeys((*leaves(before), *leaves(once)))
    later = list(leaves(twice))
    candidates: list[Value] = list(earlier)
    if len(earlier) > _CANDIDATES or not set(later) <= set(earlier):
        text = all(isinstance(leaf, SomeText) for leaf in later)
        changed = SomeText("it changes in a loop") if text else Opaque("it changes in a loop")
        candidates = [changed, NOTHING] if NOTHING in (*earlier, *later) else [changed]
    chosen = candidates[0]
    for candidate in candidates[1:]:
        chosen = machine.decisions.choose(machine.opaque("turns", machine.store.next_number()), candidate, chosen)
    return chosen


def _finish(machine: Machine, orelse: list[ast.stmt], loop: Loop, *, settled: bool) -> None:
    if machine.condition is not FALSE:
        machine.execute(orelse)
    exits = loop.breaks
    if settled:
        for way in exits:
            _settle_store(machine, way)
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)
    if settled and machine.condition is not FALSE:
        scope = machine.store.writable(machine.frame.scope)
        for name, value in scope.fields.items():
            scope.fields[name] = settle(machine.decisions, value)


def _settle_store(machine: Machine, way: Exit) -> None:
    scope = way.store.writable(machine.frame.scope)
    for name, value in scope.fields.items():
        scope.fields[name] = settle(machine.decisions, machine.decisions.choose(way.condition, value, value))
