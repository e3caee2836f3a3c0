"""`new URL(origin)`: tests of the Origin's host, protocol and port as tests of the Origin."""

from __future__ import annotations

import re

from corsmith.api.origin_test import OriginTest

from ..decisions import Value
from ..machine import Machine
from ..operators import UNKNOWN_TEST, origin_test
from ..values import Opaque, Origin, SomeText
from .values import UrlPart

_SCHEME, _PORT = r"[A-Za-z][A-Za-z0-9+.-]*://", r"(?::[0-9]+)?"
_WITH_PORT = {"host": True, "hostname": False}


def part_of(origin: Value, name: str) -> Value:
    """Return a part of the Origin by its name in a URL."""
    if name in {"origin", "href"} and isinstance(origin, Origin):
        return origin if name == "origin" else SomeText("the Origin as a URL")
    if name in {"host", "hostname", "protocol", "port"}:
        return UrlPart(origin, name)
    return Opaque(f"the {name} of a URL")


def part_equals(machine: Machine, part: UrlPart, text: str) -> Value:
    """Return the condition that a part of the Origin is `text`."""
    return _tested(machine, part, _pattern(part.part, re.escape(text), whole=True))


def part_matches(machine: Machine, part: UrlPart, name: str, text: str) -> Value:
    """Return the condition of `startsWith`, `endsWith` or `includes` on a part of the Origin."""
    escaped = re.escape(text)
    inner = {"startsWith": escaped + "[^/]*", "endsWith": "[^/]*" + escaped, "includes": f"[^/]*{escaped}[^/]*"}[name]
    return _tested(machine, part, _pattern(part.part, inner, whole=False))


def _pattern(part: str, inner: str, *, whole: bool) -> str | None:
    if part in _WITH_PORT:
        return _SCHEME + inner + ("" if _WITH_PORT[part] else _PORT)
    if part == "protocol" and whole:
        return inner + "//.*"
    if part == "port" and whole:
        return _SCHEME + "[^:/]*" + (":" + inner if inner else "")
    return None


def _tested(machine: Machine, part: UrlPart, pattern: str | None) -> Value:
    if not isinstance(part.origin, Origin):
        return machine.opaque("url", part)
    test = UNKNOWN_TEST if pattern is None else OriginTest("regex", (pattern,), "full")
    return origin_test(machine, part.origin, test)
