"""Throwing and catching."""

from __future__ import annotations

from ..decisions import FALSE, TRUE, Value
from ..machine import ELSEWHERE, THE_EXCEPTION, Attempt, Exit, Failure, Machine
from ..values import Const, External, Made, Opaque, Place, Ref
from . import syntax as js
from .binding import bind
from .scopes import declare, enter
from .values import Closure, Kind

_NONE = Const(None)


def failure_of(machine: Machine, leaf: Value, place: Place | None) -> Failure:
    """Return the failure that throwing a leaf is, with the condition left to the caller."""
    if machine.handling and (leaf is THE_EXCEPTION or leaf is machine.handling[-1].instance):
        again = machine.handling[-1]
        return Failure(TRUE, again.kind, leaf, machine.store, place, again.from_input)
    return Failure(TRUE, _kind_of(machine, leaf), leaf, machine.store, place, False)  # noqa: FBT003


def _kind_of(machine: Machine, leaf: Value) -> str:
    if isinstance(leaf, Ref):
        kind = machine.record(leaf).type
        if isinstance(kind, (Kind, External, Closure)):
            return kind.name or "Error"
        return "Error"
    if isinstance(leaf, Made):
        return leaf.name.rpartition(".")[2].removesuffix("()") or "Error"
    return ELSEWHERE if isinstance(leaf, Opaque) else "Error"


def throw_statement(machine: Machine, node: js.Throw) -> None:
    """Run a `throw`."""
    place = machine.spot(node)

    def one(leaf: Value) -> Value:
        failure = failure_of(machine, leaf, place)
        machine.fail(TRUE, failure.kind, place, leaf, from_input=failure.from_input)
        return leaf

    machine.each(machine.evaluate(node.value), one)
    machine.stop()


def try_statement(machine: Machine, node: js.Try) -> None:
    """Run a `try` with its `catch` and `finally`."""
    if node.final is None:
        _handled(machine, node)
        return
    frame = machine.frame
    before = len(frame.returns)
    attempt = Attempt(quiet=node.handler is None and _all_quiet(machine))
    machine.attempts.append(attempt)
    _handled(machine, node)
    machine.attempts.pop()
    returned, frame.returns[before:] = frame.returns[before:], []
    after = (machine.store, machine.condition)
    outer: list[Exit] = []
    for way in returned:
        machine.store, machine.condition = way.store, way.condition
        machine.execute([node.final])
        if machine.condition is not FALSE:
            outer.append(Exit(machine.condition, way.value, machine.store, way.place, way.after_exception))
    for failure in attempt.failures:
        machine.store, machine.condition = failure.store.fork(), failure.condition
        machine.execute([node.final])
        machine.fail(TRUE, failure.kind, failure.place, failure.instance, from_input=failure.from_input)
    frame.returns += outer
    machine.store, machine.condition = after
    if machine.condition is not FALSE:
        machine.execute([node.final])


def _all_quiet(machine: Machine) -> bool:
    return not machine.expecting and all(attempt.quiet for attempt in machine.attempts)


def _handled(machine: Machine, node: js.Try) -> None:
    if node.handler is None:
        machine.execute([node.body])
        return
    attempt = Attempt()
    machine.attempts.append(attempt)
    machine.execute([node.body])
    machine.attempts.pop()
    exits = [Exit(machine.condition, _NONE, machine.store, None)] if machine.condition is not FALSE else []
    caught = [failure for failure in attempt.failures if failure.reached is not FALSE]
    if caught:
        value = machine.merge_failures(caught)
        _run_handler(machine, node, caught[0], value)
        if machine.condition is not FALSE:
            exits.insert(0, Exit(machine.condition, _NONE, machine.store, None))
    if exits:
        machine.merge(exits)
    else:
        machine.stop()


def _run_handler(machine: Machine, node: js.Try, first: Failure, value: Value) -> None:
    assert node.handler is not None
    outside = enter(machine)
    if node.caught is not None:
        bind(machine, node.caught, value, declare)
    machine.handling.append(first)
    machine.execute([node.handler])
    machine.handling.pop()
    machine.frame.scope = outside
