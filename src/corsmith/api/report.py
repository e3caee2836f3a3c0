"""The report of a check: the object behind the JSON and every other format."""

from __future__ import annotations

from dataclasses import dataclass

from .cell import Cell, Exchange
from .finding import Finding, Severity
from .model import Problem
from .span import Location, Span, locate
from .tree import Tree, Unreadable


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was really made: its exchanges and the browser's verdict ("allowed", "blocked", "undecided")."""

    url: str
    exchanges: tuple[Exchange, ...]
    verdict: str
    error: str | None
    console: str | None
    unproven: str = ""
    """What the verdict leaves open, as a sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `tree` holds the text that was checked, so that spans become lines."""

    tree: Tree
    cells: tuple[Cell, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    calls: tuple[Call, ...] = ()
    passed_over: tuple[str, ...] = ()
    unexplained: tuple[Cell, ...] = ()

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
