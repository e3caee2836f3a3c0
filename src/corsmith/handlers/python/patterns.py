"""Regular expressions: what they match of an Origin becomes a test."""

from __future__ import annotations

import re
from collections.abc import Callable

from corsmith.api.origin_test import OriginTest

from ..decisions import FALSE, TRUE, Value
from ..machine import Machine
from ..operators import UNKNOWN_TEST, origin_test
from ..values import (
    Const,
    External,
    Made,
    Opaque,
    Origin,
    Place,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Call = Callable[[Machine, Arguments, Keywords, Place | None], Value]


def pattern_call(anchored: str) -> Call:
    """Return how `re.match` and its kin are called; `anchored` as an OriginTest says it."""

    def matched(machine: Machine, arguments: Arguments, keywords: Keywords, place: Place | None) -> Value:
        if len(arguments) < 2:
            return Opaque("a match", place)
        decisions = machine.decisions
        flags = bool(arguments[2:] or keywords)
        found = decisions.change_two(
            arguments[0], arguments[1], lambda pattern, text: _matches(machine, anchored, pattern, text, flags=flags)
        )
        return decisions.choose(found, Opaque("a match", place, truthy=True), Const(None, place))

    return matched


def _matches(machine: Machine, anchored: str, pattern: Value, text: Value, *, flags: bool) -> Value:
    compiled = pattern.arguments[0] if isinstance(pattern, Made) and pattern.arguments else pattern
    flags = flags or (isinstance(pattern, Made) and (len(pattern.arguments) > 1 or bool(pattern.keywords)))
    if isinstance(text, Origin):
        known = isinstance(compiled, Const) and isinstance(compiled.value, str)
        if not known or flags:
            ignoring = known and flags and _only_ignores_case(pattern)
            test = OriginTest("regex", (f"(?i:{compiled.value})",), anchored) if ignoring else UNKNOWN_TEST  # type: ignore[attr-defined]
            return origin_test(machine, text, test)
        return origin_test(machine, text, OriginTest("regex", (compiled.value,), anchored))  # type: ignore[attr-defined]
    if isinstance(text, Const) and isinstance(compiled, Const) and not flags:
        try:
            how = {"full": re.fullmatch, "start": re.match, "none": re.search}[anchored]
            return TRUE if how(compiled.value, text.value) else FALSE
        except (re.error, TypeError):
            return machine.opaque("match", compiled.value, text)
    return machine.opaque("match", pattern, text)


def _only_ignores_case(pattern: Value) -> bool:
    if not isinstance(pattern, Made) or len(pattern.arguments) != 2 or pattern.keywords:
        return False
    flag = pattern.arguments[1]
    return isinstance(flag, External) and flag.name in {"re.I", "re.IGNORECASE"}


def compiled_match(
    machine: Machine, pattern: Made, method: str, arguments: Arguments, place: Place | None
) -> Value | None:
    """Return what a method of a compiled pattern gives; None for methods that do not match."""
    anchored = {"match": "start", "fullmatch": "full", "search": "none"}.get(method)
    if anchored is None:
        return None
    return pattern_call(anchored)(machine, [pattern, *arguments], {}, place)
