"""A fix is offered only after it was tried: applied to an overlay, checked again, its cells better, nothing worse.

A call with one fault is allowed after its fix. Where a call has several, each fix is proven to end its own: the browser
then gets further than before, to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding, Severity
from corsmith.api.fix import Conflict, Fix
from corsmith.api.tree import Tree
from corsmith.rules import accuse, diagnose

from .again import again
from .by_hand import offered
from .check import Checked, Question
from .findings import Group
from .part import Part

Call = tuple[str, str, str, str, str]
"""Template, front door, route, origin and situation: what must not get worse."""


class Tally(Struct, frozen=True):
    """How one call fares: cells that are blocked, and undecided, at the preflight and after it.

    `reached` is how far the browser gets in its checks before it gives up, at the worst.
    """

    preflight: int
    actual: int
    undecided: int
    reached: int


_CHECKS = (
    "MultipleAllowOriginValues",
    "InvalidAllowOriginValue",
    "AllowOriginMismatch",
    "WildcardOriginNotAllowed",
    "InvalidAllowCredentials",
    "PreflightInvalidStatus",
    "MethodDisallowed",
    "HeaderDisallowed",
)
"""What is wrong when the header is there, from the first check of the browser to the last."""
_PASSED = 99


class Proof(Struct, frozen=True):
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
            if after is not None and holds(before, after, found):
                yield Proof(offered(before, found, fix), after)


def with_fixes(question: Question, before: Checked) -> tuple[Finding, ...]:
    """Return the findings, each with the fixes that hold."""
    found: list[Finding] = []
    for each in before.groups:
        fixes: list[Fix] = []
        for proof in proven(question, before, each):
            fixes.append(proof.fix)
            if proof.fix.safe:
                break
        found.append(replace(each.finding, fixes=tuple(fixes)))
    return tuple(found)


def _tried(question: Question, before: Checked, fix: Fix) -> Checked | None:
    try:
        tree: Tree = before.tree.with_edits(fix.edits)
    except Conflict:
        return None
    return again(question, before, tree, {edit.file for edit in fix.edits})


def holds(before: Checked, after: Checked, found: Group) -> bool:
    """Say whether a change ends a finding: its calls get further than before, and nothing else is worse."""
    return _holds(before, after, found, frozenset())


def reaches(before: Checked, after: Checked, found: Group) -> bool:
    """Say the same where its calls may then reach what nobody knows: code that was not read."""
    return _holds(before, after, found, frozenset(_call(cell) for cell in found.cells))


def _holds(before: Checked, after: Checked, found: Group, opened: frozenset[Call]) -> bool:
    if after.problems != before.problems:
        return False
    old, new = _apart(before, after)
    if _weaknesses(new, after.tree) > _weaknesses(old, before.tree):
        return False
    seen = {id(cell) for each in old for cell in each.cells}
    fresh = (each for part in new for each in part.blocked if id(each.cell) not in seen)
    if any(diagnose(each) is None for each in fresh):
        return False
    if _routes(old) - _routes(new):
        return False
    was, now = _tallies(old), _tallies(new)
    hidden = {call[:-1] for call, tally in was.items() if tally.preflight}
    unknown = {call[:-1] for call, tally in was.items() if tally.undecided}
    for call, tally in now.items():
        known = was.get(call, _NONE)
        # What a blocked preflight hid before may show now, and so may what nobody could know of a call.
        shows = call[:-1] in hidden or call in opened or (call not in was and call[:-1] in unknown)
        if tally.preflight > known.preflight or (not shows and _worse(known, tally)):
            return False
    if not found.cells:
        return _count(after, found.finding) < _count(before, found.finding)
    # A call that is not among the changed routes is as it was.
    return all(
        call in was and _better(was[call], now.get(call, _NONE)) for call in {_call(cell) for cell in found.cells}
    )


def _apart(before: Checked, after: Checked) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts that may differ, before and after: all parts of a route that has changed."""
    pairs = list(zip(before.parts, after.parts, strict=False))
    if len(before.parts) != len(after.parts) or any(old.asked.key != new.asked.key for old, new in pairs):
        return before.parts, after.parts
    keys = {new.asked.key for old, new in pairs if old is not new}
    old = tuple([each for each in before.parts if each.asked.key in keys])
    return old, tuple([each for each in after.parts if each.asked.key in keys])


def _weaknesses(parts: tuple[Part, ...], tree: Tree) -> int:
    """Return how many strangers' calls pass that should not: what `*` lets in without credentials is meant to pass."""
    return sum(accuse(each, tree) is not None for part in parts for each in part.admitted)


def _count(checked: Checked, finding: Finding) -> int:
    """Return how many findings are as bad as `finding` and like it; a remark may stay where a fault was."""
    return sum(
        (each.finding.rule, each.finding.api) == (finding.rule, finding.api)
        for each in checked.groups
        if not each.cells and _SEVERITIES.index(each.finding.severity) >= _SEVERITIES.index(finding.severity)
    )


_SEVERITIES = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_NONE = Tally(0, 0, 0, _PASSED)


def _worse(was: Tally, now: Tally) -> bool:
    return now.actual > was.actual or now.undecided > was.undecided


def _better(was: Tally, now: Tally) -> bool:
    if was.preflight:
        return now.preflight < was.preflight or now.reached > was.reached
    return now.actual < was.actual or (now.preflight == 0 and now.reached > was.reached)


def _tallies(parts: tuple[Part, ...]) -> dict[Call, Tally]:
    counted: dict[Call, list[int]] = {}
    for cell in (cell for part in parts for cell in part.cells):
        counts = counted.setdefault(_call(cell), [0, 0, 0, _PASSED])
        if cell.undecided is not None:
            counts[2] += 1
        elif not cell.verdict.allowed:
            at_preflight = bool(cell.exchanges) and cell.exchanges[-1].kind == "preflight"
            counts[0 if at_preflight else 1] += 1
            counts[3] = min(counts[3], _reached(str(cell.verdict.error)))
    return {call: Tally(*counts) for call, counts in counted.items()}


def _reached(error: str) -> int:
    return next((index for index, check_ in enumerate(_CHECKS, 1) if check_ in error), 0)


def _routes(parts: tuple[Part, ...]) -> set[tuple[str, str]]:
    return {part.asked.key[1:] for part in parts if part.cells}


def _call(cell: Cell) -> Call:
    return (cell.api.file, cell.route.front_door.name, cell.route.label, cell.caller.origin, cell.situation)
