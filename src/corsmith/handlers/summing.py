"""From a run to its summary: failures told apart, ways out made outcomes, what was served and read."""

from __future__ import annotations

from corsmith.api.outcome import HandlerSummary, Outcome
from corsmith.api.span import Span

from .decisions import FALSE, Rank, atoms
from .machine import Failure, Machine, short_name
from .ways import Way, outcomes, scope_of


def distinct(machine: Machine, failures: list[Failure]) -> list[Failure]:
    """One failure of each kind and payload format: the browser cannot tell them apart, and the first is where to begin.

    What only events of one format bring about is no place to begin behind a front door of the other.
    """
    decisions = machine.decisions
    first: dict[tuple[str, bool], list[Failure]] = {}
    for failure in failures:
        known = first.setdefault((short_name(failure.kind), failure.from_input), [])
        rest = failure.condition
        for other in known:
            scope = scope_of(decisions, other.condition)
            other.condition = decisions.either(other.condition, decisions.both(rest, scope))
            rest = decisions.both(rest, decisions.negate(scope))
        if rest is not FALSE:
            failure.condition = rest
            known.append(failure)
    return [failure for each in first.values() for failure in each]


def raised_way(failure: Failure) -> Way:
    span = failure.place.span() if failure.place is not None else Span("", 0, 0)
    return Way(failure.condition, None, failure.store, span, short_name(failure.kind))


def finished(machine: Machine, ways: list[Way], span: Span) -> HandlerSummary:
    made, cut = outcomes(machine.decisions, ways)
    for reason in cut:
        machine.unread.setdefault(reason.because, reason)
    return summary_of(machine, made, span, _serves(machine, ways, made))


def _serves(machine: Machine, ways: list[Way], made: tuple[Outcome, ...]) -> tuple[tuple[str, str], ...]:
    served: dict[tuple[str, str], None] = {}
    for outcome in made:
        if outcome.error or outcome.preflight is not None or (outcome.methods is None and outcome.paths is None):
            continue
        if outcome.methods is not None and len(outcome.methods) > 4:
            continue
        for method in sorted(outcome.methods or ("ANY",)):
            for path in outcome.paths or ("",):
                served[method, path] = None
    return tuple(served)


def summary_of(
    machine: Machine, made: tuple[Outcome, ...], span: Span, serves: tuple[tuple[str, str], ...]
) -> HandlerSummary:
    return HandlerSummary(
        made,
        span,
        reads_json=_json_methods(machine),
        serves=serves,
        frameworks=_names(machine, made),
        unread=tuple(machine.unread.values()),
        files=tuple(machine.files),
        problems=tuple(machine.problems),
    )


def _names(machine: Machine, made: tuple[Outcome, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(outcome.made_by for outcome in made if outcome.made_by), *machine.frameworks]))


def _json_methods(machine: Machine) -> frozenset[str] | None:
    found: set[str] = set()
    for condition in machine.json_read:
        if condition is FALSE:
            continue
        named = [atom for atom in atoms(condition) if atom.rank is Rank.METHOD]
        allowed = {a.key for a in named if machine.decisions.possible(condition, a, holds=True)}
        if machine.decisions.holds_without(condition, Rank.METHOD):
            return None
        found |= allowed
    return frozenset(found)
