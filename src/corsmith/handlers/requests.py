"""What the request says, as conditions: its method, and tests of its Origin."""

from __future__ import annotations

from corsmith.api.origin_test import OriginTest

from .decisions import FALSE, Rank, Value
from .event import header
from .machine import Machine
from .operators import origin_test
from .values import NOTHING, Origin


def sent_origin(machine: Machine) -> Value:
    """Return the request's Origin, NOTHING where it has none."""
    return header(machine.decisions, "origin", ignores_case=True)


def admitted(machine: Machine, tests: list[OriginTest]) -> Value:
    """Return the condition that the request's Origin passes one of `tests`."""
    if not tests:
        return FALSE
    test = tests[0] if len(tests) == 1 else OriginTest("either", tests=tuple(tests))
    return machine.decisions.change(
        sent_origin(machine), lambda part: origin_test(machine, part, test) if isinstance(part, Origin) else FALSE
    )


def echo_where(machine: Machine, condition: Value) -> Value:
    """Return the Origin where `condition` holds, else NOTHING."""
    return machine.decisions.choose(condition, sent_origin(machine), NOTHING)


def with_origin(machine: Machine, value: Value) -> Value:
    """Return `value` where the request has an Origin, else NOTHING."""
    return machine.decisions.change(sent_origin(machine), lambda leaf: value if isinstance(leaf, Origin) else NOTHING)


def method_condition(machine: Machine, methods: tuple[str, ...]) -> Value:
    """Return the condition that the request's method is one of `methods`."""
    found: Value = FALSE
    for method in methods:
        found = machine.decisions.either(found, machine.decisions.when(machine.decisions.atom(Rank.METHOD, method)))
    return found
