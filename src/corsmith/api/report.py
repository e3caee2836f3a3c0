"""The report of a check: the object behind the JSON and every other format."""

from __future__ import annotations

from msgspec import Struct

from .cell import Cell, Exchange
from .finding import Finding, Severity
from .model import Problem
from .span import Location, Span, locate
from .tree import Tree, Unreadable


class Call(Struct, frozen=True):
    """A call that was really made: its exchanges and the browser's verdict ("allowed", "blocked", "undecided")."""

    url: str
    exchanges: tuple[Exchange, ...]
    verdict: str
    error: str | None
    console: str | None
    unproven: str = ""
    """What the verdict leaves open, as a sentence."""


class Ignored(Struct, frozen=True):
    """A finding that somebody set aside. `by`: "comment", "settings" or "baseline"; `reason` is theirs."""

    finding: Finding
    by: str
    reason: str


class Report(Struct, frozen=True):
    """What a check found. `tree` holds the text that was checked, so that spans become lines.

    `passed_over` names the files that were looked at and hold no template; `remarks` are about comments and settings of
    corsmith's own: they change no verdict and no exit code. `explained` pairs findings with the cells they explain.
    """

    tree: Tree
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    calls: tuple[Call, ...] = ()
    passed_over: tuple[str, ...] = ()
    unexplained: tuple[Cell, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    remarks: tuple[Problem, ...] = ()
    explained: tuple[tuple[Finding, tuple[Cell, ...]], ...] = ()

    def location(self, span: Span) -> Location:
        """Return the lines and columns of `span`."""
        try:
            text = self.tree.read(span.file)
        except Unreadable:
            text = ""
        return locate(span, text)

    def count(self, severity: Severity) -> int:
        """Return how many findings have that severity."""
        return sum(finding.severity is severity for finding in self.findings)
