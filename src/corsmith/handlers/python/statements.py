"""Statements."""

from __future__ import annotations

import ast

from ..decisions import FALSE, TRUE, Value
from ..machine import Attempt, Execute, Exit, Frame, Machine
from ..operators import truth
from ..store import Record
from ..values import Class, Const, External, Made, Opaque, Ref, Tuple
from .binding import bind, unbind
from .calls import call, define
from .dicts import update
from .exceptions import raise_statement, try_statement
from .expressions import binary
from .imports import import_from, import_module
from .loops import for_loop, while_loop
from .matching import match_statement

_NONE = Const(None)


def _expression(machine: Machine, node: ast.Expr) -> None:
    if not isinstance(node.value, ast.Constant):
        machine.evaluate(node.value)


def _assign(machine: Machine, node: ast.Assign) -> None:
    value = machine.evaluate(node.value)
    for target in node.targets:
        bind(machine, target, value)


def _annotated(machine: Machine, node: ast.AnnAssign) -> None:
    if node.value is not None:
        bind(machine, node.target, machine.evaluate(node.value))
    if isinstance(node.target, ast.Name) and machine.frame.closes_over is not None:
        fields = machine.store.writable(machine.frame.scope).fields
        before = fields.get("__annotated__")
        names = before.items if isinstance(before, Tuple) else ()
        fields["__annotated__"] = Tuple((*names, Const(node.target.id)))


def _augmented(machine: Machine, node: ast.AugAssign) -> None:
    old = machine.evaluate(node.target)
    added = machine.evaluate(node.value)

    def in_place(leaf: Value) -> Value:
        kind = machine.record(leaf).kind if isinstance(leaf, Ref) else ""
        if kind == "dict" and isinstance(node.op, ast.BitOr):
            update(machine, leaf, added)  # type: ignore[arg-type]
            return leaf
        if kind == "list" and isinstance(node.op, ast.Add):
            from .methods import call_method

            call_method(machine, leaf, "extend", [added], {}, machine.spot(node))
            return leaf
        return binary(machine, node.op, leaf, added, machine.spot(node))

    bind(machine, node.target, machine.each(old, in_place))


def _delete(machine: Machine, node: ast.Delete) -> None:
    for target in node.targets:
        unbind(machine, target)


def _return(machine: Machine, node: ast.Return) -> None:
    value = Const(None, machine.spot(node)) if node.value is None else machine.evaluate(node.value)
    if machine.condition is not FALSE:
        handling = bool(machine.handling)
        way = Exit(machine.condition, value, machine.store.fork(), machine.spot(node), handling)
        machine.frame.returns.append(way)
        machine.stop()


def _if(machine: Machine, node: ast.If) -> None:
    condition = truth(machine, machine.evaluate(node.test))
    if machine.condition is FALSE:
        return

    def run(body: list[ast.stmt]) -> Value:
        machine.execute(body)
        return _NONE

    machine.branch(condition, lambda: run(node.body), lambda: run(node.orelse))


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    value: Value = define(machine, node.name, node, node.args)
    quiet = {"staticmethod", "classmethod", "property", "cached_property", "abstractmethod", "setter"}
    for decorator in reversed(node.decorator_list):
        if _short(decorator) in quiet and machine.frame.closes_over is not None:
            continue
        wrapper = machine.evaluate(decorator)
        value = machine.each(wrapper, lambda leaf, inner=value: call(machine, leaf, [inner], {}, node))  # type: ignore[misc]
    machine.write(node.name, value)


def _short(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _class(machine: Machine, node: ast.ClassDef) -> None:
    bases = tuple(machine.evaluate(base) for base in node.bases)
    scope = machine.store.add(Record("scope", {}))
    outside = machine.frame
    around = outside.closes_over or outside.scope
    machine.parents[scope] = around
    machine.frame = Frame(outside.source, scope, outside.module, outside.package, closes_over=around)
    machine.execute(node.body)
    machine.frame = outside
    value: Value = Class(node.name, scope, bases, outside.source)
    for decorator in reversed(node.decorator_list):
        wrapper = machine.evaluate(decorator)
        if not isinstance(wrapper, (External, Made)) or not wrapper.name.startswith(
            ("dataclasses", "typing", "functools")
        ):
            value = machine.each(wrapper, lambda leaf, inner=value: call(machine, leaf, [inner], {}, node))  # type: ignore[misc]
    machine.write(node.name, value)


def _with(machine: Machine, node: ast.With | ast.AsyncWith) -> None:
    suppressing = False
    for item in node.items:
        value = machine.evaluate(item.context_expr)
        suppressing = suppressing or (isinstance(value, Made) and value.name == "contextlib.suppress")
        if item.optional_vars is not None:
            bind(machine, item.optional_vars, Opaque("what a with block gives", machine.spot(item.context_expr)))
    if not suppressing:
        machine.execute(node.body)
        return
    attempt = Attempt()
    machine.attempts.append(attempt)
    machine.execute(node.body)
    machine.attempts.pop()
    exits = [Exit(failure.condition, _NONE, failure.store, None) for failure in attempt.failures]
    if machine.condition is not FALSE:
        exits.append(Exit(machine.condition, _NONE, machine.store, None))
    if exits:
        machine.merge(exits)


def _assert(machine: Machine, node: ast.Assert) -> None:
    failed = machine.decisions.negate(truth(machine, machine.evaluate(node.test)))
    machine.fail(failed, "builtins.AssertionError", machine.spot(node), from_input=failed is not TRUE)


def _break(machine: Machine, node: ast.Break) -> None:
    if machine.frame.loops:
        machine.frame.loops[-1].breaks.append(Exit(machine.condition, _NONE, machine.store.fork(), None))
    machine.stop()


def _continue(machine: Machine, node: ast.Continue) -> None:
    if machine.frame.loops:
        machine.frame.loops[-1].continues.append(Exit(machine.condition, _NONE, machine.store.fork(), None))
    machine.stop()


STATEMENTS: dict[type[ast.AST], Execute] = {
    ast.AnnAssign: _annotated,
    ast.Assert: _assert,
    ast.Assign: _assign,
    ast.AsyncFor: for_loop,
    ast.AsyncFunctionDef: _function,
    ast.AsyncWith: _with,
    ast.AugAssign: _augmented,
    ast.Break: _break,
    ast.ClassDef: _class,
    ast.Continue: _continue,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.For: for_loop,
    ast.FunctionDef: _function,
    ast.If: _if,
    ast.Import: import_module,
    ast.ImportFrom: import_from,
    ast.Match: match_statement,
    ast.Raise: raise_statement,
    ast.Return: _return,
    ast.Try: try_statement,
    ast.TryStar: try_statement,
    ast.While: while_loop,
    ast.With: _with,
}
