"""Known findings: what was there before does not count, what is new or worse does.

A finding is the same one when rule, front door, file and the code at its place are the same, wherever the line has moved.
It is worse when it is more severe than it was, or blocks a route that it did not block.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.finding import Category, Finding, Severity
from corsmith.api.report import Ignored, Report

from .fingerprint import Fingerprint, fingerprint

SCHEMA = "corsmith-baseline/1"
_RANK = {str(severity): rank for rank, severity in enumerate((Severity.INFO, Severity.WARNING, Severity.ERROR))}


class Known(Struct, frozen=True):
    """A finding that was there before."""

    fingerprint: Fingerprint
    severity: str
    routes: tuple[str, ...]


class Compared(Struct, frozen=True):
    """A report without what was known. `left` are the known findings that are not among its own."""

    report: Report
    left: tuple[Known, ...]


class NoBaselineError(ValueError):
    """A file that is no baseline. The message says why."""


def known(report: Report) -> tuple[Known, ...]:
    """Return the findings of a report as known ones."""
    return tuple(
        Known(fingerprint(report, finding), str(finding.severity), _routes(finding)) for finding in report.findings
    )


def compared(report: Report, before: Iterable[Known], reason: str) -> Compared:
    """Return the report with the findings that are new or worse than `before`; the others are listed as ignored."""
    left: dict[Fingerprint, list[Known]] = {}
    for each in before:
        left.setdefault(each.fingerprint, []).append(each)
    fresh: list[Finding] = []
    aside: list[Ignored] = []
    for finding in report.findings:
        candidates = left.get(fingerprint(report, finding), [])
        same = min(candidates, key=lambda each: len(set(_routes(finding)) ^ set(each.routes)), default=None)
        if same is not None:
            candidates.remove(same)
        if same is None or _worse(finding, same):
            fresh.append(finding)
        else:
            aside.append(Ignored(finding, "baseline", reason))
    smaller = replace(report, findings=tuple(fresh), ignored=(*report.ignored, *aside))
    return Compared(smaller, tuple(each for group in left.values() for each in group))


def newly_blocked(report: Report) -> bool:
    """Say whether a call of the report is blocked for a reason that was not known. A blocked call has one such finding."""
    before = sum(each.by == "baseline" and each.finding.category is Category.BLOCKED for each in report.ignored)
    return sum(call.verdict == "blocked" for call in report.calls) > before


def written(entries: Iterable[Known], folder: str, here: str) -> str:
    """Return the text of a baseline: one finding a line, its file relative to `folder`, in which the baseline lies.

    `here` is the folder that the findings' files are relative to. Both are absolute, with `/`.
    """
    lines = [
        json.dumps(
            {
                "rule": each.fingerprint.rule,
                "severity": each.severity,
                "file": _moved(each.fingerprint.file, here, folder),
                "api": each.fingerprint.api,
                "code": each.fingerprint.code,
                "routes": list(each.routes),
            },
            ensure_ascii=False,
        )
        for each in entries
    ]
    body = "\n  " + ",\n  ".join(sorted(lines)) + "\n" if lines else ""
    return f'{{"schema": "{SCHEMA}", "findings": [{body}]}}\n'


def read(text: str, folder: str, here: str) -> tuple[Known, ...]:
    """Return what a baseline in `folder` holds, its files relative to `here`. Raises `NoBaselineError`."""
    try:
        whole: Any = json.loads(text)
    except ValueError as error:
        raise NoBaselineError(f"is no JSON ({error})") from None
    if not isinstance(whole, dict) or whole.get("schema") != SCHEMA or not isinstance(whole.get("findings"), list):
        raise NoBaselineError(f'is no baseline: it does not say "schema": "{SCHEMA}"')
    return tuple(_entry(each, number, folder, here) for number, each in enumerate(whole["findings"], 1))


def _entry(each: Any, number: int, folder: str, here: str) -> Known:
    names = ("rule", "api", "file", "code", "severity")
    if not isinstance(each, dict) or not all(isinstance(each.get(name), str) for name in names):
        raise NoBaselineError(f"finding {number} lacks one of {', '.join(names)}")
    routes = each.get("routes")
    if each["severity"] not in _RANK or not isinstance(routes, list):
        raise NoBaselineError(f"finding {number} has no known severity or no routes")
    file = _moved(each["file"], folder, here)
    return Known(Fingerprint(each["rule"], each["api"], file, each["code"]), each["severity"], tuple(map(str, routes)))


def _moved(file: str, start: str, end: str) -> str:
    """Return a path that is relative to `start` as one relative to `end`."""
    return posixpath.relpath(posixpath.join(start, file), end) if file else ""


def _routes(finding: Finding) -> tuple[str, ...]:
    return tuple(sorted({finding.route, *finding.affects}))


def _worse(finding: Finding, before: Known) -> bool:
    return _RANK[str(finding.severity)] > _RANK[before.severity] or not set(_routes(finding)) <= set(before.routes)
