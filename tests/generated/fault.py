"""A fault: one change of a correct plan, the rule that has to report it, and where."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from .plan import (
    ALB,
    CDK,
    CFN,
    HTTP,
    LANGUAGES,
    OPENAPI,
    REST,
    SAM,
    SLS,
    TF,
    URL,
    Answer,
    Lists,
    Plan,
    Preflight,
    Written,
)

Plant = Callable[[Plan, random.Random], Plan]
EVERY = (SAM, CFN, CDK, OPENAPI, SLS, TF)
RAW = (CFN, CDK, OPENAPI, TF)
"""Dialects in which the parts of an OPTIONS mock are written one by one."""
PLAIN = (CFN, CDK, TF)
LISTED = (HTTP, URL)


class Fault(Struct, frozen=True):
    """One fault. `wants` is what its plan must have; `severity` the least that its finding has.

    `line`: the reported line holds one of these texts; "{origin}" and other fields of the plan are filled in, "code:" before
    a text says that the line stands in the code, "template:" that it stands in the template.
    """

    rule: str
    name: str
    plant: Plant
    doors: tuple[str, ...] = (REST, HTTP, URL, ALB)
    owners: tuple[str, ...] = ("door",)
    dialects: tuple[str, ...] = EVERY
    languages: tuple[str, ...] = LANGUAGES
    wants: dict[str, Any] = field(default_factory=dict)
    severity: str = "error"
    line: tuple[str, ...] = ()
    explicit: bool = True
    """Whether flags say who calls; else that is derived from the project with its fault."""
    beside: tuple[tuple[str, str], ...] = ()
    """Front doors and owners that it is planted in, too."""

    def fits(self, door: str, owner: str) -> bool:
        """Say whether it can be planted behind a front door for which `owner` answers."""
        return (door in self.doors and owner in self.owners) or (door, owner) in self.beside


def of_lists(change: Callable[[Plan, Lists], Lists]) -> Plant:
    """Return a plant that changes the settings of an HTTP API or a Function URL."""

    def plant(plan: Plan, dice: random.Random) -> Plan:
        del dice
        assert plan.lists is not None
        return replace(plan, lists=change(plan, plan.lists))

    return plant


def of_preflight(change: Callable[[Plan, Preflight], Preflight]) -> Plant:
    """Return a plant that changes the OPTIONS mock of a REST API."""

    def plant(plan: Plan, dice: random.Random) -> Plan:
        del dice
        assert plan.preflight is not None
        return replace(plan, preflight=change(plan, plan.preflight))

    return plant


def parameter(name: str, value: str | None) -> Callable[[Plan, Preflight], Preflight]:
    """Return a change of one header of the mock; None takes it out. "{origin}" is the page's."""

    def change(plan: Plan, preflight: Preflight) -> Preflight:
        kept = tuple(pair for pair in preflight.parameters if pair[0] != name)
        if value is None:
            return replace(preflight, parameters=kept)
        written = (name, value.replace("{origin}", plan.origin).replace("{method}", plan.method))
        return replace(preflight, parameters=(written, *kept))

    return change


Change = Callable[[Plan, Answer], Answer]


def of_answers(change: Change, *when: str) -> Plant:
    """Return a plant that changes the handler's answers of these kinds ("options", "bad", "else"); none means all."""

    def plant(plan: Plan, dice: random.Random) -> Plan:
        del dice
        answers = tuple(change(plan, each) if not when or each.when in when else each for each in plan.code.answers)
        return replace(plan, code=replace(plan.code, answers=answers))

    return plant


def header(name: str, value: str | Written | None, called: str = "") -> Change:
    """Return a change of one header of an answer: its value, or its name; None takes it out."""

    def change(plan: Plan, answer: Answer) -> Answer:
        kept: list[tuple[str, str | Written]] = []
        for key, old in answer.headers or ():
            if key != name:
                kept.append((key, old))
            elif value is not None or called:
                new = value if value is not None else old
                text = new.replace("{origin}", plan.origin) if isinstance(new, str) else new
                kept.append((called or key, text))
        return replace(answer, headers=tuple(kept) or None)

    return change


def with_header(name: str, value: str | Written) -> Change:
    """Return a change that adds a header to an answer."""

    def change(plan: Plan, answer: Answer) -> Answer:
        text = value.replace("{origin}", plan.origin) if isinstance(value, str) else value
        return replace(answer, headers=(*(answer.headers or ()), (name, text)))

    return change


def setting(**fields: Any) -> Plant:
    """Return a plant that sets fields of the plan."""

    def plant(plan: Plan, dice: random.Random) -> Plan:
        del dice
        return replace(plan, **fields)

    return plant


def both(*plants: Plant) -> Plant:
    """Return the plants one after the other."""

    def plant(plan: Plan, dice: random.Random) -> Plan:
        for each in plants:
            plan = each(plan, dice)
        return plan

    return plant
