"""Raising and handling exceptions."""

from __future__ import annotations

import ast
import builtins
import json

from ..decisions import FALSE, TRUE, Value
from ..machine import ELSEWHERE, THE_EXCEPTION, Attempt, Exit, Failure, Machine
from ..values import Class, Const, External, Made, Ref, Tuple

_NONE = Const(None)
_RAISED_ELSEWHERE = {"json.JSONDecodeError": json.JSONDecodeError, "json.decoder.JSONDecodeError": json.JSONDecodeError}
_EVERYTHING = {"builtins.BaseException", "builtins.Exception"}


def raise_statement(machine: Machine, node: ast.Raise) -> None:
    """Run a `raise`."""
    place = machine.spot(node)
    if node.exc is None:
        again = machine.handling[-1] if machine.handling else None
        if again is None:
            machine.fail(TRUE, "builtins.RuntimeError", place)
        else:
            machine.fail(TRUE, again.kind, place, again.instance, from_input=again.from_input)
        machine.stop()
        return

    def one(leaf: Value) -> Value:
        kind = _kind_of(machine, leaf)
        plain = isinstance(kind, str) and kind.startswith("builtins.")
        machine.fail(TRUE, kind, place, None if plain else leaf)
        return leaf

    machine.each(machine.evaluate(node.exc), one)
    machine.stop()


def _kind_of(machine: Machine, leaf: Value) -> Value | str | None:
    if leaf is THE_EXCEPTION and machine.handling:
        return machine.handling[-1].kind
    if isinstance(leaf, (External, Made)):
        return leaf.name
    if isinstance(leaf, Ref):
        return machine.record(leaf).type
    return leaf if isinstance(leaf, Class) else None


def try_statement(machine: Machine, node: ast.Try) -> None:
    """Run a `try` with its handlers, `else` and `finally`."""
    if node.finalbody:
        _with_finally(machine, node)
    else:
        _handled(machine, node)


def _with_finally(machine: Machine, node: ast.Try) -> None:
    frame = machine.frame
    before = len(frame.returns)
    attempt = Attempt()
    machine.attempts.append(attempt)
    _handled(machine, node)
    machine.attempts.pop()
    returned, frame.returns[before:] = frame.returns[before:], []
    after = (machine.store, machine.condition)
    outer: list[Exit] = []
    for way in returned:
        machine.store, machine.condition = way.store, way.condition
        machine.execute(node.finalbody)
        if machine.condition is not FALSE:
            outer.append(Exit(machine.condition, way.value, machine.store, way.place, way.after_exception))
    for failure in attempt.failures:
        machine.store, machine.condition = failure.store.fork(), failure.condition
        machine.execute(node.finalbody)
        machine.fail(TRUE, failure.kind, failure.place, failure.instance, from_input=failure.from_input)
    frame.returns += outer
    machine.store, machine.condition = after
    if machine.condition is not FALSE:
        machine.execute(node.finalbody)


def _handled(machine: Machine, node: ast.Try) -> None:
    if _only_imports(node):
        machine.execute(node.body)
        machine.execute(node.orelse)
        return
    attempt = Attempt()
    machine.attempts.append(attempt)
    machine.execute(node.body)
    machine.attempts.pop()
    if machine.condition is not FALSE:
        machine.execute(node.orelse)
    normal = [Exit(machine.condition, _NONE, machine.store, None)] if machine.condition is not FALSE else []
    exits: list[Exit] = []
    waiting = attempt.failures
    for handler in node.handlers:
        caught, waiting = _sort(machine, handler, waiting)
        if not caught:
            continue
        machine.merge_failures(caught)
        _run_handler(machine, handler, caught)
        if machine.condition is not FALSE:
            exits.append(Exit(machine.condition, _NONE, machine.store, None))
    for failure in waiting:
        machine.store, machine.condition = failure.store, failure.condition
        machine.fail(TRUE, failure.kind, failure.place, failure.instance, from_input=failure.from_input)
    if exits or normal:
        machine.merge([*exits, *normal])
    else:
        machine.stop()


def _only_imports(node: ast.Try) -> bool:
    """A package that is imported is taken to be there: what follows a failed import is another environment's."""
    return all(isinstance(part, (ast.Import, ast.ImportFrom)) for part in node.body)


def _run_handler(machine: Machine, handler: ast.ExceptHandler, caught: list[Failure]) -> None:
    if handler.name is not None:
        value = caught[-1].instance
        for failure in caught[:-1]:
            if failure.instance is not value:
                value = machine.decisions.choose(failure.condition, failure.instance, value)
        machine.write(handler.name, value)
    machine.handling.append(caught[0])
    machine.execute(handler.body)
    machine.handling.pop()


def _sort(machine: Machine, handler: ast.ExceptHandler, failures: list[Failure]) -> tuple[list[Failure], list[Failure]]:
    """Return the failures that `handler` catches, and those that go on."""
    kinds = _handled_kinds(machine, handler)
    caught: list[Failure] = []
    others: list[Failure] = []
    for failure in failures:
        answers = [_is_kind(machine, failure.kind, kind) for kind in kinds]
        if True in answers or handler.type is None:
            caught.append(failure)
        elif None in answers:
            here = machine.raises()
            caught.append(_under(machine, failure, here))
            others.append(_under(machine, failure, machine.decisions.negate(here)))
        else:
            others.append(failure)
    return (
        [failure for failure in caught if failure.reached is not FALSE],
        [failure for failure in others if failure.reached is not FALSE],
    )


def _under(machine: Machine, failure: Failure, condition: Value) -> Failure:
    both = machine.decisions.both(failure.condition, condition)
    return Failure(both, failure.kind, failure.instance, failure.store.fork(), failure.place, failure.from_input)


def _handled_kinds(machine: Machine, handler: ast.ExceptHandler) -> list[Value]:
    if handler.type is None:
        return []
    value = machine.evaluate(handler.type)
    return list(value.items) if isinstance(value, Tuple) else [value]


def _is_kind(machine: Machine, kind: Value | str | None, handled: Value) -> bool | None:
    """Say whether `except handled` catches an exception of `kind`; None where that cannot be read."""
    if isinstance(handled, External) and handled.name in _EVERYTHING:
        return not (kind == "builtins.SystemExit" and handled.name == "builtins.Exception")
    if isinstance(kind, Class):
        return _derives(kind, handled)
    if kind is None or not isinstance(kind, str):
        return None
    if kind == ELSEWHERE:
        return False if isinstance(handled, Class) else None
    if not isinstance(handled, External):
        return False if isinstance(handled, Class) else None
    raised, caught = _python_class(kind), _python_class(handled.name)
    if raised is not None and caught is not None:
        return issubclass(raised, caught)
    if kind == handled.name:
        return True
    return None if raised is None and caught is None else False if raised is not None else None


def _derives(kind: Value, handled: Value) -> bool | None:
    if kind is handled:
        return True
    if not isinstance(kind, Class):
        if isinstance(kind, External) and isinstance(handled, External):
            raised, caught = _python_class(kind.name), _python_class(handled.name)
            if raised is not None and caught is not None:
                return issubclass(raised, caught)
            return True if kind.name == handled.name else None if raised is None else False
        return False if isinstance(kind, External) and _python_class(kind.name) is not None else None
    answers = [_derives(base, handled) for base in kind.bases]
    return True if True in answers else None if None in answers else False


def _python_class(name: str) -> type[BaseException] | None:
    if name in _RAISED_ELSEWHERE:
        return _RAISED_ELSEWHERE[name]
    found = getattr(builtins, name.removeprefix("builtins."), None) if name.startswith("builtins.") else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
