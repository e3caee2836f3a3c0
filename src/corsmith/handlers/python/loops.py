"""Loops: over known items they are unrolled, else two turns stand for all."""

from __future__ import annotations

import ast

from ..decisions import FALSE, TRUE, Value
from ..machine import Exit, Loop, Machine
from ..operators import truth
from ..turns import repeat, settle, settle_store
from ..values import NOTHING, Const, HeaderItems
from .binding import bind
from .comprehensions import generic_item
from .iteration import items_of
from .methods import is_headers

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

        repeat(machine, turn, machine.opaque("loop", machine.store.next_number()), settled=headers)
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
        repeat(machine, lambda: _body(machine, node.body, loop), again, settled=False)
    machine.frame.loops.pop()
    if endless:
        machine.stop()
    _finish(machine, node.orelse, loop, settled=False)


def _finish(machine: Machine, orelse: list[ast.stmt], loop: Loop, *, settled: bool) -> None:
    if machine.condition is not FALSE:
        machine.execute(orelse)
    exits = loop.breaks
    if settled:
        for way in exits:
            settle_store(machine, way)
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)
    if settled and machine.condition is not FALSE:
        scope = machine.store.writable(machine.frame.scope)
        for name, value in scope.fields.items():
            scope.fields[name] = settle(machine.decisions, value)
