"""An audit as text for a terminal: each finding with the places in the account where one can act."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Severity
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.project.disk import Disk
from corsmith.report.ink import Ink, tame

from .audit import Audit
from .found import Found

_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
_ROUTES, _PLACES = 12, 4
_DISK = Report(Tree(Disk()))


def render(audit: Audit, ink: Ink) -> str:
    """Return an audit as text, ending in a line feed."""
    blocks = [
        *(_finding(each, ink) for each in audit.found),
        *_undecided(audit, ink),
        *(ink.paint(each.message, "red") for each in audit.failures),
        "\n".join(f"note: {each}" for each in audit.remarks),
        _summary(audit, ink),
    ]
    return tame("\n\n".join(block for block in blocks if block)) + "\n"


def _finding(found: Found, ink: Ink) -> str:
    finding = found.finding
    head = f"{ink.paint(str(finding.severity), _COLOUR[finding.severity])}[{ink.paint(finding.rule, 'bold')}]"
    if finding.confidence != "high":
        head += f" ({finding.confidence} confidence)"
    lines = [f"{head} {finding.api}{', ' + finding.route if finding.route else ''}: {finding.message}"]
    for span in finding.spans[:_PLACES]:
        place = _DISK.location(span)
        lines.append(f"  {ink.paint('-->', 'blue')} {place.file}:{place.line}:{place.column}")
    for each in found.deployed[:_PLACES]:
        lines.append(f"  {ink.paint('-->', 'blue')} {each.label}: {each.arn}")
        lines.append(f"      {ink.paint(each.console, 'dim')}")
    if finding.evidence is not None and finding.evidence.console:
        lines.append(f"  {ink.paint('the browser prints:', 'dim')} {finding.evidence.console}")
    if finding.affects:
        lines.append(f"  {ink.paint('also:', 'dim')} {_some(finding.affects, _ROUTES)}")
    return "\n".join(lines)


def _undecided(audit: Audit, ink: Ink) -> Iterator[str]:
    reasons: dict[str, dict[str, None]] = {}
    for each in audit.undecided:
        reasons.setdefault(each.because, {})[f"{each.api} {each.route}"] = None
    for because, routes in reasons.items():
        yield f"{ink.paint('undecided', 'yellow')} {_some(tuple(routes), _ROUTES)}: {because}"


def _summary(audit: Audit, ink: Ink) -> str:
    counts = ", ".join(
        _count(number, word)
        for word, severity in (("error", Severity.ERROR), ("warning", Severity.WARNING), ("info", Severity.INFO))
        for number in (sum(each.finding.severity is severity for each in audit.found),)
    )
    places = {each.place for each in audit.readings.places}
    accounts = {each.account for each in places}
    where = f"{_count(len(places), 'Region')} of {_count(len(accounts), 'account')}"
    cells = audit.allowed + audit.blocked + len(audit.undecided)
    parts = [
        counts,
        f"{_count(audit.units, 'front door')} in {where}",
        f"{cells} cells judged, {len(audit.undecided)} undecided",
    ]
    if audit.unexplained:
        parts.append(f"{audit.unexplained} unexplained; please report this to corsmith")
    if audit.calls is not None:
        made = audit.calls
        parts.append(
            f"{_count(made.made, 'call')} made: {made.agree} as expected, {made.differ} not, {made.failed} failed"
        )
    if audit.failures:
        parts.append(f"{len(audit.failures)} not readable")
    return ink.paint("; ".join(parts), "bold")


def _some(names: tuple[str, ...], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
