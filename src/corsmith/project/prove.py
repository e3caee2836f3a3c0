"""A fix is offered only after it was tried: applied to an overlay, checked again, its cells allowed, nothing new blocked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding
from corsmith.api.fix import Conflict, Fix
from corsmith.api.tree import Tree

from .check import Checked, Question, check
from .findings import Group

Call = tuple[str, str, str, str, str]
"""Template, front door, route, origin and situation: what must not get worse."""

MOST_FIXES = 3
"""Proven fixes that one finding offers."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a fix was tried against, and what came of it."""

    fix: Fix
    after: Checked


def proven(question: Question, before: Checked, found: Group) -> Iterator[Proof]:
    """Yield the fixes of one finding that hold, in the order in which its rule prefers them."""
    tried: set[tuple[object, ...]] = set()
    for propose in found.proposals:
        for fix in propose():
            if fix.edits in tried:
                continue
            tried.add(fix.edits)
            after = _tried(question, before, fix)
            if after is not None and _holds(before, after, found):
                yield Proof(fix, after)


def with_fixes(question: Question, before: Checked) -> tuple[Finding, ...]:
    """Return the findings, each with the fixes that hold."""
    found: list[Finding] = []
    for each in before.groups:
        fixes: list[Fix] = []
        for proof in proven(question, before, each):
            fixes.append(proof.fix)
            if len(fixes) == MOST_FIXES:
                break
        found.append(replace(each.finding, fixes=tuple(fixes)))
    return tuple(found)


def _tried(question: Question, before: Checked, fix: Fix) -> Checked | None:
    try:
        tree: Tree = before.tree.with_edits(fix.edits)
    except Conflict:
        return None
    return check(tree, question, before.plan)


def _holds(before: Checked, after: Checked, found: Group) -> bool:
    if after.problems != before.problems or len(after.unexplained) > len(before.unexplained):
        return False
    was, now = _blocked(before.cells), _blocked(after.cells)
    if any(now[call] > was[call] for call in now):
        return False
    undecided_was, undecided_now = _undecided(before.cells), _undecided(after.cells)
    if any(undecided_now[call] > undecided_was[call] for call in undecided_now):
        return False
    if {cell.route.label for cell in before.cells} - {cell.route.label for cell in after.cells}:
        return False
    return all(now[_call(cell)] < was[_call(cell)] for cell in found.cells)


def _blocked(cells: tuple[Cell, ...]) -> Counter[Call]:
    return Counter(_call(cell) for cell in cells if cell.verdict is not None and not cell.verdict.allowed)


def _undecided(cells: tuple[Cell, ...]) -> Counter[Call]:
    return Counter(_call(cell) for cell in cells if cell.undecided is not None)


def _call(cell: Cell) -> Call:
    return (cell.api.file, cell.route.front_door.name, cell.route.label, cell.caller.origin, cell.situation)
