"""Regular expressions: tests of the Origin, and of texts that are known."""

from __future__ import annotations

import re

from corsmith.api.origin_test import OriginTest

from ..decisions import Value
from ..machine import Machine
from ..operators import UNKNOWN_TEST, holds, origin_test
from ..values import Const, Origin
from .values import Pattern

_LONGEST = 400
_SHORT = 12
_REPEATED = re.compile(r"\)[*+{]")
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_"}


def python_pattern(pattern: str) -> str | None:
    """Return a pattern as Python's `re` has to be told it; None where the two differ too much."""
    made: list[str] = []
    at, in_class = 0, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            escaped = pattern[at + 1]
            if escaped in _CLASSES:
                made.append(_CLASSES[escaped] if in_class else f"[{_CLASSES[escaped]}]")
            elif escaped in {"D", "W"} and not in_class:
                made.append(f"[^{_CLASSES[escaped.lower()]}]")
            elif escaped in {"p", "P", "k", "c", "u", "D", "W"}:
                return None
            else:
                made.append("/" if escaped == "/" else "-" if escaped == "-" and not in_class else char + escaped)
            at += 2
            continue
        if char == "[" and not in_class:
            in_class = True
            if pattern[at : at + 2] == "[]" or pattern[at : at + 3] == "[^]":
                return None
        elif char == "[":
            char = "\\["
        elif char == "]":
            in_class = False
        elif char == "$" and not in_class:
            char = r"\Z"
        elif pattern.startswith("(?<", at) and pattern[at + 3 : at + 4] not in {"=", "!"}:
            char, at = "(?P<", at + 2
        made.append(char)
        at += 1
    return "".join(made)


def matched(machine: Machine, pattern: Pattern, text: Value) -> Value:
    """Return the condition that a pattern matches a leaf."""
    plain = python_pattern(pattern.pattern)
    readable = plain is not None and not set(pattern.flags) - set("igsu") and _compiles(plain)
    if isinstance(text, Origin):
        return origin_test(machine, text, origin_pattern(pattern))
    # Repeated groups may take for ever on a text that does not match.
    short = isinstance(text, Const) and isinstance(text.value, str) and len(text.value) <= _SHORT
    tried = readable and plain is not None and (short or not _REPEATED.search(plain))
    if tried and plain is not None and isinstance(text, Const) and isinstance(text.value, str):
        return holds(re.search(plain, text.value, re.I if "i" in pattern.flags else 0) is not None)
    return machine.opaque("match", pattern.pattern, pattern.flags, text)


def origin_pattern(pattern: Pattern) -> OriginTest:
    """Return the test of the Origin that a pattern is."""
    plain = python_pattern(pattern.pattern)
    if plain is None or set(pattern.flags) - set("isu") or not _compiles(plain):
        return UNKNOWN_TEST
    return _test(plain, ignores_case="i" in pattern.flags)


def _compiles(plain: str) -> bool:
    """Say whether Python takes a pattern."""
    try:
        re.compile(plain)
    except (re.error, RecursionError, OverflowError):
        return False
    return len(plain) <= _LONGEST


def _test(plain: str, *, ignores_case: bool) -> OriginTest:
    """`^…$` around one alternative is a full match; `^` alone one from the start."""
    anchored = "none"
    if plain.startswith("^") and "|" not in plain:
        if plain.endswith(r"\Z"):
            plain, anchored = plain[1:-2], "full"
        else:
            plain, anchored = plain[1:], "start"
    return OriginTest("regex", (f"(?i:{plain})" if ignores_case else plain,), anchored)
