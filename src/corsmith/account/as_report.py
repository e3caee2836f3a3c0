"""An audit as the report that formats for programs are made of: places in an account stand where a project has files."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from corsmith.api.finding import Finding
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.project.disk import Disk

from .audit import Audit
from .found import Found

_ACCOUNT = "aws"
"""What remarks about an account as a whole are filed under."""
_PLACES = 4


def with_places(audit: Audit) -> Report:
    """Return a report in which an ARN is a file, of two lines: what it is called, and the console's page that shows it."""
    shown = {each.arn: f"{each.label}\n{each.console}\n" for found in audit.found for each in found.deployed}
    return _report(audit, Tree(Disk(), shown), tuple(_placed(each) for each in audit.found))


def in_words(audit: Audit) -> Report:
    """Return a report whose messages name the places, for formats that can only point into a repository."""
    return _report(audit, Tree(Disk()), tuple(_told(each) for each in audit.found))


def undecided(audit: Audit) -> dict[str, tuple[str, ...]]:
    """Return why calls are undecided, and which: "shop (a1b2c3) POST /items"."""
    reasons: dict[str, dict[str, None]] = {}
    for each in audit.undecided:
        reasons.setdefault(each.because, {})[f"{each.api} {each.route}".strip()] = None
    return {because: tuple(routes) for because, routes in reasons.items()}


def _report(audit: Audit, tree: Tree, findings: tuple[Finding, ...]) -> Report:
    problems = tuple(Problem(each.subject, 1, 1, each.message) for each in audit.failures)
    remarks = tuple(Problem(_ACCOUNT, 1, 1, each) for each in (*audit.remarks, *_open(audit)))
    return Report(tree, findings=findings, problems=problems, remarks=remarks)


def _open(audit: Audit) -> Iterator[str]:
    for because, routes in undecided(audit).items():
        yield f"undecided: {', '.join(routes)}: {because}"


def _placed(found: Found) -> Finding:
    places = tuple(Span(each.arn, 0, len(each.label)) for each in found.deployed)
    return replace(found.finding, spans=(*found.finding.spans, *places))


def _told(found: Found) -> Finding:
    places = "".join(f"\n{each.label}: {each.arn} {each.console}" for each in found.deployed[:_PLACES])
    return replace(found.finding, message=f"{found.finding.message}{places}")
