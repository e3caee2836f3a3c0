"""From the ways out of a run to outcomes: conditions become methods, paths, payload formats and guards."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api import outcome as api
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown

from .decisions import FALSE, TRUE, Atom, Decisions, Rank, Value, leaves
from .event import SECOND, second
from .nodes import Depends, Maker, Unsendable, passed_test
from .store import Store
from .values import ANY, Ref, Tuple

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SPLITS = 24
OUTCOMES_AT_MOST = 64
_TRIED_AT_MOST = OUTCOMES_AT_MOST
_FIRST_ERROR = 400
_FIRST_SERVER_ERROR = 500


class Way(Struct, frozen=True):
    """One way out of a handler: under `condition` it returns `value`, or raises what `raised` names."""

    condition: Value
    value: Value | None
    store: Store
    span: Span
    raised: str = ""
    after_exception: bool = False
    """It stands in an `except` block."""
    made_by: str = ""
    unusual: bool = False
    """Only what no page asks for in its normal course brings it about: an unknown path, a method that is not served."""
    unnamed_path: bool = False
    """No path that the code names leads here."""
    preflight: api.PreflightGuard | None = None
    wildcard: tuple[Span, ...] = ()
    streamed: bool = False
    """The handler writes its response to a stream."""


def outcomes(decisions: Decisions, ways: list[Way]) -> tuple[tuple[api.Outcome, ...], tuple[Unknown, ...]]:
    """Return the outcomes of all ways out, merged when equal, and why some may be missing."""
    found: list[api.Outcome] = []
    cut: tuple[Unknown, ...] = ()
    for way in ways:
        several = _of_way(decisions, way)
        if len(several) >= _TRIED_AT_MOST:
            cut = (
                Unknown(f"a way out depends on so much that {_TRIED_AT_MOST} of its outcomes are looked at", way.span),
            )
        for made in several:
            _add(found, made)
    if len(found) <= OUTCOMES_AT_MOST and cut:
        return tuple(found), cut
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
            unnamed = () in (other.paths, made.paths) and not same_path
            if unnamed or same_path + same_payload + same_method < 2:
                continue
            methods = _united(other.methods, made.methods)
            paths = None if None in (other.paths, made.paths) else tuple(dict.fromkeys((*other.paths, *made.paths)))  # type: ignore[misc]
            payload = other.payload if same_payload else None
            found[position] = replace(other, methods=methods, paths=paths, payload=payload)
            return
    found.append(made)


def _united(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return None
    both = one | other
    return None if both.issuperset(METHODS) else both


def _of_way(decisions: Decisions, way: Way) -> list[api.Outcome]:
    if way.value is None:
        return [_outcome(decisions, way, way.condition, api.Raised(way.raised))]
    value = way.value
    caused = way.after_exception or not decisions.holds_without(way.condition, Rank.RAISES)
    kept = {atom for atom in _asked_by(decisions, way.store, value) if atom.rank >= Rank.RAISES}
    way = replace(way, condition=decisions.outline(way.condition, kept), after_exception=caused)
    plain = list(_split(decisions, way, value, choices=False, limit=_SPLITS))
    if len(plain) >= _SPLITS:
        plain = list(_split(decisions, way, value, choices=True, limit=_TRIED_AT_MOST))
    return plain


def _asked_by(decisions: Decisions, store: Store, value: Value) -> set[Atom]:
    """Return the atoms that a value, with all that it holds, depends on."""
    found: set[Atom] = set()
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        found |= decisions.support(part)
        for leaf in leaves(part):
            if isinstance(leaf, Tuple):
                waiting += leaf.items
            elif isinstance(leaf, Ref) and leaf.number not in seen:
                seen.add(leaf.number)
                record = store.records.get(leaf.number)
                waiting += record.fields.values() if record is not None else ()
    return found


def _split(decisions: Decisions, way: Way, value: Value, *, choices: bool, limit: int) -> Iterator[api.Outcome]:
    """Make the outcomes of one way out: one for each combination of what its value depends on."""
    waiting = [way.condition]
    count = 0
    while waiting and count < limit:
        reached = waiting.pop()
        parted = _by_payload(decisions, reached)
        parted = _by_parameter(decisions, reached) if len(parted) == 1 else parted
        if len(parted) > 1:
            waiting += parted
            continue
        try:
            made = Maker(decisions, way.store, reached, choices=choices).node(value)
            result: api.Result = api.Returned(made)
        except Unsendable as unsendable:
            result = api.Unserialisable(unsendable.what)
        except Depends as depends:
            waiting += (condition for _, condition in depends.parts)
            continue
        count += 1
        yield _outcome(decisions, way, reached, result)


def _by_payload(decisions: Decisions, condition: Value) -> list[Value]:
    """Part a condition by the payload format where methods or paths go with it: they may hold for one format only."""
    asked = decisions.asked(condition)
    format_ = next((atom for atom in asked if atom.rank is Rank.PAYLOAD), None)
    if format_ is None or not any(atom.rank in (Rank.METHOD, Rank.PATH) for atom in asked):
        return [condition]
    holds = decisions.when(format_)
    parts = (decisions.both(condition, each) for each in (holds, decisions.negate(holds)))
    return [part for part in parts if part is not FALSE]


def _by_parameter(decisions: Decisions, condition: Value) -> list[Value]:
    """Part a condition by a parameter of the path where methods or paths go with it: they may hold with it only."""
    asked = decisions.asked(condition)
    if not any(atom.rank in (Rank.METHOD, Rank.PATH) for atom in asked):
        return [condition]
    for atom in asked:
        if atom.rank is Rank.PARAMETER and _forced(decisions, condition, atom) is None:
            holds = decisions.when(atom)
            parts = (decisions.both(condition, each) for each in (holds, decisions.negate(holds)))
            return [part for part in parts if part is not FALSE]
    return [condition]


def _forced(decisions: Decisions, condition: Value, atom: Atom) -> bool | None:
    """Say what the condition makes of an atom; None where it leaves both open."""
    if not decisions.possible(condition, atom, holds=True):
        return False
    return None if decisions.possible(condition, atom, holds=False) else True


def _outcome(decisions: Decisions, way: Way, condition: Value, result: api.Result) -> api.Outcome:
    status = _status(result)
    raised = isinstance(result, api.Raised)
    asked = decisions.asked(condition)
    caused = way.after_exception or way.unusual or not decisions.holds_without(condition, Rank.RAISES)
    if raised:
        expected = not caused and not any(atom.rank is Rank.OPAQUE for atom in asked)
    else:
        failed = caused and status is not None and status >= _FIRST_SERVER_ERROR
        expected = not (failed or way.unusual)
    return api.Outcome(
        result,
        way.span,
        methods=_methods(decisions, condition, asked),
        paths=() if way.unnamed_path else _paths(decisions, condition, asked),
        made_by=way.made_by,
        preflight=way.preflight,
        wildcard=way.wildcard,
        error=raised or (status is not None and status >= _FIRST_ERROR),
        expected=expected,
        payload=_payload(decisions, condition, asked),
        origins=_guards(decisions, condition, asked),
        parameters=_parameters(decisions, condition, asked),
        streamed=way.streamed,
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


def _methods(decisions: Decisions, condition: Value, asked: list[Atom]) -> frozenset[str] | None:
    named = [atom for atom in asked if atom.rank is Rank.METHOD]
    if not named:
        return None
    allowed = {atom.key for atom in named if decisions.possible(condition, atom, holds=True)}
    if not decisions.holds_without(condition, Rank.METHOD):
        return frozenset(allowed)
    refused = {atom.key for atom in named} - allowed
    return frozenset({*allowed, *METHODS} - refused) if refused else None


def _paths(decisions: Decisions, condition: Value, asked: list[Atom]) -> tuple[str, ...] | None:
    if condition is not FALSE and decisions.holds_without(condition, Rank.PATH):
        return None
    return tuple(
        atom.key for atom in asked if atom.rank is Rank.PATH and decisions.possible(condition, atom, holds=True)
    )


def scope_of(decisions: Decisions, condition: Value) -> Value:
    """Return the condition that an event is of the payload format that `condition` asks for; TRUE where it asks none."""
    payload = _payload(decisions, condition, decisions.asked(condition))
    if payload is None:
        return TRUE
    return second(decisions) if payload == SECOND else decisions.negate(second(decisions))


def _payload(decisions: Decisions, condition: Value, asked: list[Atom]) -> str | None:
    for atom in asked:
        if atom.rank is Rank.PAYLOAD:
            holds = _forced(decisions, condition, atom)
            return None if holds is None else "2.0" if holds else "1.0"
    return None


def _parameters(decisions: Decisions, condition: Value, asked: list[Atom]) -> tuple[tuple[str, bool], ...]:
    held = ((atom.key, _forced(decisions, condition, atom)) for atom in asked if atom.rank is Rank.PARAMETER)
    return tuple((name, there) for name, there in held if there is not None)


def _guards(decisions: Decisions, condition: Value, asked: list[Atom]) -> tuple[api.OriginGuard, ...]:
    guards: list[api.OriginGuard] = []
    for atom in asked:
        if atom.rank in (Rank.PRESENT, Rank.ORIGIN):
            holds = _forced(decisions, condition, atom)
            if holds is not None:
                looked_up, test = (atom.key, ANY) if atom.rank is Rank.PRESENT else atom.key
                guards.append(api.OriginGuard(test, holds, (looked_up.name,), looked_up.ignores_case))
    for looked_up in dict.fromkeys(atom.key[0] for atom in asked if atom.rank is Rank.ORIGIN):
        test = passed_test(decisions, condition, looked_up)
        if test.kind == "either" and not any(guard.test == test for guard in guards):
            guards.append(api.OriginGuard(test, True, (looked_up.name,), looked_up.ignores_case))  # noqa: FBT003
    return tuple(guards)
