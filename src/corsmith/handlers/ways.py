"""From the ways out of a run to outcomes: conditions become methods, paths, payload formats and guards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corsmith.api import outcome as api
from corsmith.api.origin_test import OriginTest
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown

from .decisions import FALSE, Atom, Decisions, Rank, Value, atoms
from .nodes import Depends, Maker, Unsendable
from .store import Store
from .values import ANY, LookUp

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SPLITS = 24
OUTCOMES_AT_MOST = 64
_FIRST_ERROR = 400
_FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a handler: under `condition` it returns `value`, or raises what `raised` names."""

    condition: Value
    value: Value | None
    store: Store
    span: Span
    raised: str = ""
    after_exception: bool = False
    """It stands in an `except` block."""


def outcomes(decisions: Decisions, ways: list[Way]) -> tuple[tuple[api.Outcome, ...], tuple[Unknown, ...]]:
    """Return the outcomes of all ways out, merged when equal, and why some may be missing."""
    found: list[api.Outcome] = []
    for way in ways:
        for made in _of_way(decisions, way):
            _add(found, made)
    if len(found) <= OUTCOMES_AT_MOST:
        return tuple(found), ()
    because = f"it has {len(found)} ways out, of which {OUTCOMES_AT_MOST} are looked at"
    return tuple(found[:OUTCOMES_AT_MOST]), (Unknown(because, found[OUTCOMES_AT_MOST].span),)


def _add(found: list[api.Outcome], made: api.Outcome) -> None:
    for position, other in enumerate(found):
        if replace(other, methods=None, paths=None, payload=None) == replace(
            made, methods=None, paths=None, payload=None
        ):
            same_path, same_payload = other.paths == made.paths, other.payload == made.payload
            same_method = other.methods == made.methods
            if same_path + same_payload + same_method < 2:
                continue
            methods = None if None in (other.methods, made.methods) else other.methods | made.methods  # type: ignore[operator]
            paths = None if None in (other.paths, made.paths) else tuple(dict.fromkeys((*other.paths, *made.paths)))  # type: ignore[misc]
            payload = other.payload if same_payload else None
            found[position] = replace(other, methods=methods, paths=paths, payload=payload)
            return
    found.append(made)


def _of_way(decisions: Decisions, way: Way) -> Iterator[api.Outcome]:
    if way.value is None:
        yield _outcome(decisions, way, way.condition, {}, api.Raised(way.raised))
        return
    plain = list(_split(decisions, way, way.condition, {}, choices=False, limit=_SPLITS))
    if len(plain) >= _SPLITS:
        plain = list(_split(decisions, way, way.condition, {}, choices=True, limit=OUTCOMES_AT_MOST))
    yield from plain


def _split(
    decisions: Decisions, way: Way, condition: Value, decided: dict[Atom, bool], *, choices: bool, limit: int
) -> Iterator[api.Outcome]:
    """Decide, one after the other, the conditions that the value depends on."""
    waiting = [(condition, decided)]
    count = 0
    while waiting and count < limit:
        reached, so_far = waiting.pop()
        assert way.value is not None
        maker = Maker(
            way.store,
            so_far,
            lambda atom, at=reached: _forced(decisions, at, atom),  # type: ignore[misc]
            lambda looked_up, at=reached, done=so_far: _admitted(decisions, at, done, looked_up),  # type: ignore[misc]
            choices=choices,
        )
        try:
            result: api.Result = api.Returned(maker.node(way.value))
        except Unsendable as unsendable:
            result = api.Unserialisable(unsendable.what)
        except Depends as depends:
            for holds in (False, True):
                narrower = decisions.assume(reached, depends.atom, holds=holds)
                if narrower is not FALSE:
                    waiting.append((narrower, {**so_far, depends.atom: holds}))
            continue
        count += 1
        yield _outcome(decisions, way, reached, so_far, result)


def _forced(decisions: Decisions, condition: Value, atom: Atom) -> bool | None:
    """Say what the condition makes of an atom; None where it leaves both open."""
    if decisions.assume(condition, atom, holds=True) is FALSE:
        return False
    return True if decisions.assume(condition, atom, holds=False) is FALSE else None


def _admitted(decisions: Decisions, condition: Value, decided: dict[Atom, bool], looked_up: LookUp) -> OriginTest:
    """Return the narrowest test that every Origin has passed which comes here."""
    for atom in (*decided, *atoms(condition)):
        if atom.rank is not Rank.ORIGIN or atom.key[0] != looked_up:
            continue
        if decided.get(atom) or (atom not in decided and _forced(decisions, condition, atom)):
            return atom.key[1]  # type: ignore[no-any-return]
    return ANY


def _outcome(
    decisions: Decisions, way: Way, condition: Value, decided: dict[Atom, bool], result: api.Result
) -> api.Outcome:
    status = _status(result)
    raised = isinstance(result, api.Raised)
    error = raised or (status is not None and status >= _FIRST_ERROR)
    caused = way.after_exception or _only_by_exception(decisions, condition, decided)
    if raised:
        expected = not caused and not any(atom.rank is Rank.OPAQUE for atom in atoms(condition))
    else:
        expected = not (caused and status is not None and status >= _FIRST_SERVER_ERROR)
    return api.Outcome(
        result,
        way.span,
        methods=_methods(decisions, condition, decided),
        paths=_paths(decisions, condition, decided),
        error=error,
        expected=expected,
        payload=_payload(decisions, condition, decided),
        origins=_guards(decisions, condition, decided),
    )


def _status(result: api.Result) -> int | None:
    if not isinstance(result, api.Returned) or not isinstance(result.result, api.Object):
        return None
    for name, node in result.result.entries:
        if name == "statusCode" and isinstance(node, Known):
            try:
                return int(node.value)
            except (ValueError, TypeError):
                return None
    return None


def _only_by_exception(decisions: Decisions, condition: Value, decided: dict[Atom, bool]) -> bool:
    """Say whether this way is reached only after something raised."""
    if any(atom.rank is Rank.RAISES and holds for atom, holds in decided.items()):
        return True
    without = condition
    for atom in atoms(condition):
        if atom.rank is Rank.RAISES:
            without = decisions.assume(without, atom, holds=False)
    return without is FALSE


def _methods(decisions: Decisions, condition: Value, decided: dict[Atom, bool]) -> frozenset[str] | None:
    named = [atom for atom in (*atoms(condition), *decided) if atom.rank is Rank.METHOD]
    if not named:
        return None
    pinned = [atom.key for atom, holds in decided.items() if atom.rank is Rank.METHOD and holds]
    if pinned:
        return frozenset(pinned)
    refused = {atom.key for atom, holds in decided.items() if atom.rank is Rank.METHOD and not holds}
    others = condition
    for atom in named:
        if atom.key in refused:
            continue
        if decisions.assume(condition, atom, holds=True) is FALSE:
            refused.add(atom.key)
        others = decisions.assume(others, atom, holds=False)
    allowed = {atom.key for atom in named if atom.key not in refused}
    if others is FALSE:
        return frozenset(allowed)
    return frozenset({*allowed, *METHODS} - refused) if refused else None


def _paths(decisions: Decisions, condition: Value, decided: dict[Atom, bool]) -> tuple[str, ...] | None:
    pinned = [atom.key for atom, holds in decided.items() if atom.rank is Rank.PATH and holds]
    if pinned:
        return tuple(pinned)
    others, allowed = condition, []
    for atom in atoms(condition):
        if atom.rank is Rank.PATH:
            if decisions.assume(condition, atom, holds=True) is not FALSE:
                allowed.append(atom.key)
            others = decisions.assume(others, atom, holds=False)
    return tuple(allowed) if others is FALSE else None


def _payload(decisions: Decisions, condition: Value, decided: dict[Atom, bool]) -> str | None:
    for atom in (*decided, *atoms(condition)):
        if atom.rank is Rank.PAYLOAD:
            holds = decided.get(atom)
            holds = _forced(decisions, condition, atom) if holds is None else holds
            if holds is not None:
                return "2.0" if holds else "1.0"
    return None


def _guards(decisions: Decisions, condition: Value, decided: dict[Atom, bool]) -> tuple[api.OriginGuard, ...]:
    guards: list[api.OriginGuard] = []
    for atom in dict.fromkeys((*decided, *atoms(condition))):
        if atom.rank not in (Rank.PRESENT, Rank.ORIGIN):
            continue
        holds = decided.get(atom)
        holds = _forced(decisions, condition, atom) if holds is None else holds
        if holds is not None:
            looked_up, test = (atom.key, ANY) if atom.rank is Rank.PRESENT else atom.key
            guards.append(api.OriginGuard(test, holds, (looked_up.name,), looked_up.ignores_case))
    return tuple(guards)
