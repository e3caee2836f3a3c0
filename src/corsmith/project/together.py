"""Fixes that are alike, at findings that are alike: one is tried alone, then all are tried together.

A fix of a template is a check of the whole, so a hundred of them would be a hundred checks. Two fixes are alike where one is
the other with other names in it, and two findings where their calls are blocked in the same way. If the first of such
fixes holds by itself, the others are tried in one go with it: then each has to do for its own calls what the first did
alone, and all of them nothing worse. For which that is not so, those are tried by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.readers.collector import seldom

from .by_hand import in_words, offered
from .check import Checked, Question
from .findings import Group
from .prove import Trial, candidates, count, fares, first_safe, tried
from .steps import Hears, nobody

_WORD = re.compile(r"[A-Za-z0-9_]+")
_FEW = 3
"""So many fixes are as fast tried one by one."""


class _Attempt(Struct, frozen=True):
    """A fix that was tried alone, and how its finding's calls fare after it."""

    fix: Fix
    holds: bool
    after: tuple[object, ...]


class _First(Struct):
    """The first finding of its kind, with what was tried for it, and the others of its kind, each with its like fixes."""

    group: Group
    attempts: tuple[_Attempt, ...]
    others: list[tuple[int, Group, tuple[Fix, ...]]] = field(default_factory=list)


def with_fixes(question: Question, before: Checked, hears: Hears = nobody) -> tuple[Finding, ...]:
    """Return the findings, each with the fixes that hold, up to the first that is safe."""
    hears("finding out what is at fault")
    with seldom():
        found = _of_all(question, before, hears)
    return tuple([replace(each.finding, fixes=found[at]) for at, each in enumerate(before.groups)])


def _of_all(question: Question, before: Checked, hears: Hears) -> dict[int, tuple[Fix, ...]]:
    found: dict[int, tuple[Fix, ...]] = {}
    kinds: dict[object, list[_First]] = {}
    for at, group in enumerate(before.groups):
        hears(f"trying fixes of {group.finding.rule} ({at + 1} of {len(before.groups)})")
        firsts = kinds.setdefault(_kind(group), [])
        if not any(_joins(first, at, group) for first in firsts):
            attempts, costly = _alone(question, before, group)
            found[at] = _shown(before, group, [each.fix for each in attempts if each.holds])
            if costly:
                firsts.append(_First(group, attempts))
    for first in (each for firsts in kinds.values() for each in firsts):
        hears(f"trying {len(first.others) + 1} fixes of {first.group.finding.rule} together")
        held = _together(question, before, first)
        for at, group, fixes in first.others:
            if at in held:
                holding = [fix for fix, like in zip(fixes, first.attempts, strict=True) if like.holds]
                found[at] = _shown(before, group, holding)
            else:
                found[at] = first_safe(question, before, group)
    return found


def _shown(before: Checked, group: Group, holding: list[Fix]) -> tuple[Fix, ...]:
    """Return fixes as they are offered; where none holds, what the rule says in words."""
    said = None if holding else in_words(group)
    return tuple([offered(before, group, fix) for fix in holding]) if said is None else (said,)


def _kind(group: Group) -> object:
    """Return what findings have in common that are alike: the rule, the front door, and how their calls are blocked."""
    finding = group.finding
    return finding.rule, finding.severity, finding.front_door, finding.api, tuple(map(_blocked, group.cells))


def _blocked(cell: Cell) -> object:
    last = cell.exchanges[-1]
    return cell.situation, str(cell.verdict.error), last.kind, last.response.status, last.response.made_by


def _alone(question: Question, before: Checked, group: Group) -> tuple[tuple[_Attempt, ...], bool]:
    """Try the fixes of a finding up to the first safe one that holds; say whether one of them was a check of the whole."""
    attempts: list[_Attempt] = []
    costly = False
    for fix in candidates(group):
        trial = tried(question, before, fix)
        holds = trial is not None and trial.ends(group)
        attempts.append(_Attempt(fix, holds, () if trial is None else fares(trial, group)))
        costly = costly or (trial is not None and trial.after.apis is not before.apis)
        if holds and fix.safe:
            break
    return tuple(attempts), costly


def _joins(first: _First, at: int, group: Group) -> bool:
    """Say whether the fixes of a finding are like those that were tried for the first; then it is put with it."""
    fixes = tuple(islice(candidates(group), len(first.attempts)))
    alike = len(fixes) == len(first.attempts) and all(
        _alike(fix, like.fix) for fix, like in zip(fixes, first.attempts, strict=True)
    )
    if alike:
        first.others.append((at, group, fixes))
    return alike


def _alike(one: Fix, other: Fix) -> bool:
    """Say whether a fix is another with other names in it: each name always for the same one."""
    if one.safe is not other.safe or [each.file for each in one.edits] != [each.file for each in other.edits]:
        return False
    mine, theirs = _text(one), _text(other)
    if _WORD.sub("", mine) != _WORD.sub("", theirs):
        return False
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    return all(
        there.setdefault(name, like) == like and back.setdefault(like, name) == name
        for name, like in zip(_WORD.findall(mine), _WORD.findall(theirs), strict=True)
    )


def _text(fix: Fix) -> str:
    return "\0".join((fix.title, *(each.text for each in fix.edits)))


def _together(question: Question, before: Checked, first: _First) -> frozenset[int]:
    """Return which of the others' fixes hold, tried together with the first one's."""
    if len(first.others) < _FEW:
        return frozenset()
    held = {at for at, _, _ in first.others}
    for turn, attempt in enumerate(first.attempts):
        if attempt.holds:
            held &= frozenset(_held(question, before, first, turn, tuple(at for at, _, _ in first.others)))
    return frozenset(held)


def _held(question: Question, before: Checked, first: _First, turn: int, which: tuple[int, ...]) -> Iterator[int]:
    """Yield those among `which` whose fix holds; where it is not all of them, the halves are tried again."""
    others = [(at, group, fixes[turn]) for at, group, fixes in first.others if at in which]
    trial = _joint(question, before, [first.attempts[turn].fix, *(fix for _, _, fix in others)])
    good = trial is not None and not trial.spoils and _ends_all(trial, before, first, turn, others)
    if good:
        yield from which
    elif len(which) > _FEW:
        middle = len(which) // 2
        yield from _held(question, before, first, turn, which[:middle])
        yield from _held(question, before, first, turn, which[middle:])


def _ends_all(trial: Trial, before: Checked, first: _First, turn: int, others: list[tuple[int, Group, Fix]]) -> bool:
    if not first.group.cells:
        ended = count(before, first.group.finding) - count(trial.after, first.group.finding)
        return ended > len(others)
    wanted = first.attempts[turn].after
    return fares(trial, first.group) == wanted and all(
        trial.ends(group) and fares(trial, group) == wanted for _, group, _ in others
    )


def _joint(question: Question, before: Checked, fixes: list[Fix]) -> Trial | None:
    """Try all of `fixes` at once: what several of them say counts once."""
    edits = tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    return tried(question, before, replace(fixes[0], edits=edits))
