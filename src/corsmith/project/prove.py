"""A fix is offered only after it was tried: applied to an overlay, checked again, its cells better, nothing worse.

A call with one fault is allowed after its fix. Where a call has several, each fix is proven to end its own: the browser
then gets further than before, to the next one.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding, Severity
from corsmith.api.fix import Conflict, Fix
from corsmith.api.tree import Tree
from corsmith.rules import accuse, diagnose

from .again import again
from .by_hand import in_words, offered
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


def candidates(found: Group) -> Iterator[Fix]:
    """Yield the fixes that the rule of a finding proposes, each once, the best first."""
    seen: set[tuple[object, ...]] = set()
    for propose in found.proposals:
        for fix in propose():
            if fix.edits and fix.edits not in seen:
                seen.add(fix.edits)
                yield fix


def proven(question: Question, before: Checked, found: Group) -> Iterator[Proof]:
    """Yield the fixes of one finding that hold, in the order in which its rule prefers them."""
    held = False
    for fix in candidates(found):
        trial = tried(question, before, fix)
        if trial is not None and trial.ends(found):
            held = True
            yield Proof(offered(before, found, fix), trial.after)
    said = None if held else in_words(found)
    if said is not None:
        yield Proof(said, before)


def first_safe(question: Question, before: Checked, found: Group) -> tuple[Fix, ...]:
    """Return the fixes that hold, up to the first that is safe."""
    fixes: list[Fix] = []
    for proof in proven(question, before, found):
        fixes.append(proof.fix)
        if proof.fix.safe:
            break
    return tuple(fixes)


def tried(question: Question, before: Checked, fix: Fix) -> Trial | None:
    """Return what a fix comes to. A check of the whole is kept for the next findings that the same fix may end."""
    known: Trial | None = before.trials.get(fix.edits)
    if known is not None:
        return known
    try:
        tree: Tree = before.tree.with_edits(fix.edits)
    except Conflict:
        return None
    after = again(question, before, tree, {edit.file for edit in fix.edits})
    trial = compared(before, after)
    if after.apis is not before.apis:
        if len(before.trials) >= _KEPT:
            del before.trials[next(iter(before.trials))]
        before.trials[fix.edits] = trial
    return trial


_KEPT = 4
"""How many checks of the whole are kept: each is as large as the first."""


def holds(before: Checked, after: Checked, found: Group) -> bool:
    """Say whether a change ends a finding: its calls get further than before, and nothing else is worse."""
    return compared(before, after).ends(found)


def reaches(before: Checked, after: Checked, found: Group) -> bool:
    """Say the same where its calls may then reach what nobody knows: code that was not read."""
    return compared(before, after, frozenset(_call(cell) for cell in found.cells)).ends(found)


class Trial(Struct, frozen=True):
    """A change, beside what was before it: how the calls fare that it may touch. `spoils`: something is worse than before."""

    before: Checked
    after: Checked
    was: dict[Call, Tally]
    now: dict[Call, Tally]
    spoils: bool
    fresh: tuple[Part, ...] = ()
    """What was judged anew after the change."""

    def ends(self, found: Group) -> bool:
        """Say whether it ends a finding and spoils nothing."""
        if self.spoils:
            return False
        if not found.cells:
            return count(self.after, found.finding) < count(self.before, found.finding)
        # A call that is not among the changed routes is as it was.
        calls = {_call(cell) for cell in found.cells}
        if not calls <= self.was.keys():
            return False
        stuck = {call for call in calls if not _better(self.was[call], self.now.get(call, _NONE))}
        # Calls from another origin may have a fault of their own besides; it is the next one's to end.
        return not stuck or (stuck < calls and not self._still(found, stuck))

    def _still(self, found: Group, stuck: set[Call]) -> bool:
        """Say whether one of these calls is blocked by what the finding is about."""
        blocked = (each for part in self.fresh for each in part.blocked if _call(each.cell) in stuck)
        explained = (diagnose(each) for each in blocked)
        return any(each is None or each[0].id == found.finding.rule for each in explained)


def fares(trial: Trial, found: Group) -> tuple[Tally, ...]:
    """Return how the calls of a finding fare after a trial."""
    return tuple([trial.now.get(call, _NONE) for call in dict.fromkeys(map(_call, found.cells))])


def compared(before: Checked, after: Checked, opened: frozenset[Call] = frozenset()) -> Trial:
    """Return a change beside what was before it. `opened`: calls that may then reach what nobody knows."""
    if after.problems != before.problems:
        return Trial(before, after, {}, {}, spoils=True)
    old, new = _apart(before, after)
    was, now = _tallies(old), _tallies(new)
    spoils = (
        _any_worse(was, now, opened)
        or bool(_routes(old) - _routes(new))
        or _weaknesses(new, after.tree) > _weaknesses(old, before.tree)
        or _any_unexplained(old, new)
    )
    return Trial(before, after, was, now, spoils, new)


def _any_worse(was: dict[Call, Tally], now: dict[Call, Tally], opened: frozenset[Call]) -> bool:
    hidden = {call[:-1] for call, tally in was.items() if tally.preflight}
    unknown = {call[:-1] for call, tally in was.items() if tally.undecided}
    for call, tally in now.items():
        known = was.get(call, _NONE)
        # What a blocked preflight hid before may show now, and so may what nobody could know of a call.
        shows = call[:-1] in hidden or call in opened or (call not in was and call[:-1] in unknown)
        if tally.preflight > known.preflight or (not shows and _worse(known, tally)):
            return True
    return False


def _any_unexplained(old: tuple[Part, ...], new: tuple[Part, ...]) -> bool:
    seen = {id(cell) for each in old for cell in each.cells}
    fresh = (each for part in new for each in part.blocked if id(each.cell) not in seen)
    return any(diagnose(each) is None for each in fresh)


def _apart(before: Checked, after: Checked) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the parts that may differ, before and after: all parts of a route that has changed."""
    changed = [at for at, (old, new) in enumerate(zip(before.parts, after.parts, strict=False)) if old is not new]
    keys = [before.parts[at].asked.key for at in changed]
    if len(before.parts) != len(after.parts) or keys != [after.parts[at].asked.key for at in changed]:
        return before.parts, after.parts
    places = sorted({at for key in keys for at in before.places[key]})
    return tuple([before.parts[at] for at in places]), tuple([after.parts[at] for at in places])


def _weaknesses(parts: tuple[Part, ...], tree: Tree) -> int:
    """Return how many strangers' calls pass that should not: what `*` lets in without credentials is meant to pass."""
    return sum(accuse(each, tree) is not None for part in parts for each in part.admitted)


def count(checked: Checked, finding: Finding) -> int:
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
