"""`match` statements."""

from __future__ import annotations

import ast

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import equals, truth
from ..values import Const, Opaque, Tuple
from .binding import bind

_NONE = Const(None)


def match_statement(machine: Machine, node: ast.Match) -> None:
    """Run a `match`."""
    subject = machine.evaluate(node.subject)
    _cases(machine, node.cases, 0, subject)


def _cases(machine: Machine, cases: list[ast.match_case], at: int, subject: Value) -> None:
    if at == len(cases):
        return
    case = cases[at]

    def matched() -> Value:
        _capture(machine, case.pattern, subject)
        if case.guard is None:
            machine.execute(case.body)
            return _NONE

        def body() -> Value:
            machine.execute(case.body)
            return _NONE

        return machine.branch(truth(machine, machine.evaluate(case.guard)), body, others)

    def others() -> Value:
        _cases(machine, cases, at + 1, subject)
        return _NONE

    machine.branch(_condition(machine, case.pattern, subject), matched, others)


def _condition(machine: Machine, pattern: ast.pattern, subject: Value) -> Value:
    decisions = machine.decisions
    if isinstance(pattern, ast.MatchValue):
        return equals(machine, subject, machine.evaluate(pattern.value))
    if isinstance(pattern, ast.MatchSingleton):
        return equals(machine, subject, Const(pattern.value))
    if isinstance(pattern, ast.MatchOr):
        found: Value = FALSE
        for each in pattern.patterns:
            found = decisions.either(found, _condition(machine, each, subject))
        return found
    if isinstance(pattern, ast.MatchAs):
        return TRUE if pattern.pattern is None else _condition(machine, pattern.pattern, subject)
    if isinstance(pattern, ast.MatchSequence) and isinstance(subject, Tuple):
        if len(pattern.patterns) != len(subject.items):
            return (
                FALSE
                if not any(isinstance(each, ast.MatchStar) for each in pattern.patterns)
                else machine.opaque("match", pattern)
            )
        every: Value = TRUE
        for each, item in zip(pattern.patterns, subject.items, strict=True):
            every = decisions.both(every, _condition(machine, each, item))
        return every
    return machine.opaque("match", pattern, subject)


def _capture(machine: Machine, pattern: ast.pattern, subject: Value) -> None:
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None:
            _capture(machine, pattern.pattern, subject)
        if pattern.name is not None:
            machine.write(pattern.name, subject)
    elif (
        isinstance(pattern, ast.MatchSequence)
        and isinstance(subject, Tuple)
        and len(pattern.patterns) == len(subject.items)
    ):
        for each, item in zip(pattern.patterns, subject.items, strict=True):
            _capture(machine, each, item)
    else:
        for part in ast.walk(pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(name, str):
                bind(machine, ast.Name(name, ast.Store()), Opaque("a part of what is matched"))
