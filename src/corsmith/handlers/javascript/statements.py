"""Statements."""

from __future__ import annotations

from typing import Any

from ..decisions import FALSE, TRUE, Value
from ..machine import Execute, Exit, Loop, Machine
from ..store import Record
from ..values import Const
from . import syntax as js
from .binding import bind
from .classes import define_class
from .exceptions import throw_statement, try_statement
from .expressions import named
from .loops import for_each, for_loop, while_loop
from .modules import export_all, export_declaration, export_names, export_value, import_statement
from .scopes import declare, declare_var, enter, helper, hoist
from .tests import strictly_equal, truth
from .values import UNDEFINED, Run
from .writing import set_leaf

_NONE = Const(None)


def _expression(machine: Machine, node: js.ExpressionStatement) -> None:
    machine.evaluate(node.value)


def _declare(machine: Machine, node: js.Declare) -> None:
    put = declare_var if node.kind == "var" else declare
    for target, value in node.declarators:
        if isinstance(target, js.Name):
            known = helper(machine, target.name)
            if known is not None:
                put(machine, target.name, known)
                continue
        if value is None:
            if node.kind != "var":
                bind(machine, target, UNDEFINED, put)
            continue
        bind(machine, target, named(machine, value, target), put)


def _class(machine: Machine, node: js.ClassDeclaration) -> None:
    declare(machine, node.kind.name, define_class(machine, node.kind))


def _block(machine: Machine, node: js.Block) -> None:
    if not node.scoped:
        machine.execute(node.statements)
        return
    outside = enter(machine)
    hoist(machine, node.statements)
    machine.execute(node.statements)
    machine.frame.scope = outside


def _if(machine: Machine, node: js.If) -> None:
    condition = truth(machine, machine.evaluate(node.test))
    if machine.condition is FALSE:
        return

    def run(body: js.Node | None) -> Value:
        if body is not None:
            machine.execute([body])
        return _NONE

    machine.branch(condition, lambda: run(node.yes), lambda: run(node.no))


def _switch(machine: Machine, node: js.Switch) -> None:
    """Every case runs where its test is the first to hold, or the case before it falls through."""
    value = machine.evaluate(node.value)
    if machine.condition is FALSE:
        return
    decisions = machine.decisions
    loop = Loop(repeats=False)
    machine.frame.loops.append(loop)
    outside = enter(machine)
    hoist(machine, [statement for _, body in node.cases for statement in body])
    waiting: Value = TRUE
    matches: list[Value] = []
    for test, _ in node.cases:
        if test is None:
            matches.append(FALSE)
            continue
        same = decisions.both(waiting, strictly_equal(machine, value, machine.evaluate(test)))
        matches.append(same)
        waiting = decisions.both(waiting, decisions.negate(same))
    entered = [waiting if test is None else same for (test, _), same in zip(node.cases, matches, strict=True)]
    missed = FALSE if any(test is None for test, _ in node.cases) else waiting
    entry, store = machine.condition, machine.store
    machine.condition = FALSE
    for (_, body), here in zip(node.cases, entered, strict=True):
        reached = decisions.both(entry, here)
        exits = [Exit(reached, _NONE, store.fork(), None)] if reached is not FALSE else []
        if machine.condition is not FALSE:
            exits.append(Exit(machine.condition, _NONE, machine.store, None))
        if not exits:
            continue
        machine.merge(exits)
        machine.execute(body)
    past = decisions.both(entry, missed)
    exits = [*loop.breaks]
    if past is not FALSE:
        exits.append(Exit(past, _NONE, store.fork(), None))
    if machine.condition is not FALSE:
        exits.append(Exit(machine.condition, _NONE, machine.store, None))
    machine.frame.loops.pop()
    machine.frame.scope = outside
    if exits:
        machine.merge(exits)
    else:
        machine.stop()


def _return(machine: Machine, node: js.Return) -> None:
    own: Run = machine.own
    with own.waiting():
        value = UNDEFINED if node.value is None else machine.evaluate(node.value)
    if machine.condition is not FALSE:
        handling = bool(machine.handling)
        machine.frame.returns.append(Exit(machine.condition, value, machine.store.fork(), machine.spot(node), handling))
        machine.stop()


def _leave(machine: Machine, node: js.Leave) -> None:
    way = Exit(machine.condition, _NONE, machine.store.fork(), None)
    for loop in reversed(machine.frame.loops):
        if node.label and node.label not in loop.labels:
            continue
        if node.sign == "break":
            loop.breaks.append(way)
            break
        if loop.repeats:
            loop.continues.append(way)
            break
    machine.stop()


def _labelled(machine: Machine, node: js.Labelled) -> None:
    if isinstance(node.body, (js.For, js.ForEach, js.While)):
        machine.own.label = node.label
        machine.execute([node.body])
        return
    loop = Loop(labels=(node.label,), repeats=False)
    machine.frame.loops.append(loop)
    machine.execute([node.body])
    machine.frame.loops.pop()
    exits = loop.breaks
    if machine.condition is not FALSE:
        exits = [*exits, Exit(machine.condition, _NONE, machine.store, None)]
    if exits:
        machine.merge(exits)


def _enum(machine: Machine, node: js.Enum) -> None:
    made = machine.new(Record("dict", {}, machine.spot(node)))
    number = 0
    for name, value in node.members:
        given = Const(number) if value is None else machine.evaluate(value)
        if isinstance(given, Const) and isinstance(given.value, int):
            number = given.value + 1
        set_leaf(machine, made, Const(name), given, machine.spot(node))
    declare(machine, node.name, made)


def _hoisted(machine: Machine, node: js.FunctionDeclaration) -> None:
    """It was bound before its block ran."""


STATEMENTS: dict[type[Any], Execute] = {
    js.Block: _block,
    js.ClassDeclaration: _class,
    js.Declare: _declare,
    js.Enum: _enum,
    js.ExportAll: export_all,
    js.ExportDeclaration: export_declaration,
    js.ExportNames: export_names,
    js.ExportValue: export_value,
    js.ExpressionStatement: _expression,
    js.For: for_loop,
    js.ForEach: for_each,
    js.FunctionDeclaration: _hoisted,
    js.If: _if,
    js.Import: import_statement,
    js.Labelled: _labelled,
    js.Leave: _leave,
    js.Return: _return,
    js.Switch: _switch,
    js.Throw: throw_statement,
    js.Try: try_statement,
    js.While: while_loop,
}
