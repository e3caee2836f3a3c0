"""Which findings of a report count: the rules asked for, how bad they are, and where they stand."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.finding import Finding, Severity
from corsmith.api.report import Ignored, Report

RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Choice(Struct, frozen=True):
    """What counts. `select` empty: every rule. `per_path` patterns are relative to `folder`."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    least: Severity = Severity.INFO
    folder: str = "."
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def takes(self, finding: Finding) -> bool:
        """Say whether `finding` is asked for."""
        if RANK[finding.severity] < RANK[self.least] or finding.rule in self.ignore:
            return False
        return not self.select or finding.rule in self.select

    def set_aside_by(self, finding: Finding) -> str | None:
        """Return the pattern that sets `finding` aside where it stands, None where none does."""
        if not finding.spans:
            return None
        path = posixpath.relpath(finding.spans[0].file, self.folder)
        for pattern, rules in self.per_path:
            if finding.rule in rules and compiled(pattern).fullmatch(path):
                return pattern
        return None


def chosen(report: Report, choice: Choice) -> Report:
    """Return the report with the findings that count; those set aside where they stand are listed as ignored."""
    kept: list[Finding] = []
    aside: list[Ignored] = []
    for finding in report.findings:
        if not choice.takes(finding):
            continue
        pattern = choice.set_aside_by(finding)
        if pattern is None:
            kept.append(finding)
        else:
            aside.append(Ignored(finding, "settings", f"per-path-ignores has {pattern}"))
    ignored = (*(each for each in report.ignored if choice.takes(each.finding)), *aside)
    return replace(report, findings=tuple(kept), ignored=ignored)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of paths: `*` and `?` stay inside a folder, `**` does not; a folder stands for all below it."""
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern.removeprefix("./").rstrip("/"))
    return re.compile("".join(_MEANS.get(token) or re.escape(token) for token in tokens) + "(?:/.*)?", re.DOTALL)


_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
