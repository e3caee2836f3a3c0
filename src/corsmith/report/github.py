"""The report as workflow commands of GitHub Actions: `::error file=…,line=…::message`, one line a finding.

A command has one place. The others of a finding are named in its message, and get notices of their own behind everything
else: GitHub shows the first ten of each kind for a step, and no finding may lose its turn to them.

Sources: GitHub's documentation, "Workflow commands for GitHub Actions"; actions/toolkit, "Problem Matchers" (the limits);
what is escaped is what its toolkit escapes.
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Finding, Severity
from corsmith.api.report import Report
from corsmith.api.span import Span

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """Return one command a line, each ending in a line feed; nothing where nothing was found."""
    return "".join(f"{line}\n" for line in _commands(report))


def _commands(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield _command(_COMMANDS[finding.severity], _place(report, finding), finding.rule, _message(report, finding))
    for cell in report.unexplained:
        said = f"{cell.route.label}: {cell.verdict.error}; please report this to corsmith"
        yield _command("error", _at(report, cell.route.declared.span), "unexplained", said)
    for call in report.calls:
        if call.verdict == "blocked":
            yield _command("error", {}, "blocked", f"{call.url}: {call.console or call.error}")
    for kind, each in (*(("error", each) for each in report.problems), *(("notice", each) for each in report.remarks)):
        place = {"file": each.file, "line": str(each.line), "col": str(each.column)}
        yield _command(kind, place, "corsmith", each.message)
    for finding in report.findings:
        for span in _others(report, finding):
            belongs = f"This belongs to {finding.rule} at {_named(report, finding.spans[0])}"
            yield _command("notice", _at(report, span), finding.rule, belongs)


def _others(report: Report, finding: Finding) -> tuple[Span, ...]:
    """Return the further places of a finding, one a line."""
    lines = {(span.file, report.location(span).line): span for span in reversed(finding.spans)}
    return tuple(each for each in reversed(lines.values()) if each != finding.spans[0])


def _named(report: Report, span: Span) -> str:
    place = report.location(span)
    return f"{place.file}:{place.line}"


def _place(report: Report, finding: Finding) -> dict[str, str]:
    return _at(report, finding.spans[0]) if finding.spans else {}


def _at(report: Report, span: Span) -> dict[str, str]:
    place = report.location(span)
    found = {"file": place.file, "line": str(place.line), "endLine": str(place.end_line)}
    if place.line == place.end_line:
        # Columns count only where the place is within one line.
        found |= {"col": str(place.column), "endColumn": str(place.end_column)}
    return found


def _message(report: Report, finding: Finding) -> str:
    lines = [f"{finding.route}: {finding.message}" if finding.route else finding.message]
    if finding.evidence is not None and finding.evidence.console:
        lines.append(f"The browser prints: {finding.evidence.console}")
    lines += (f"Fix: {fix.title}" for fix in finding.fixes[:1])
    also = ", ".join(_named(report, span) for span in _others(report, finding))
    lines += [f"It also concerns {also}"] if also else []
    return "\n".join(lines)


def _command(name: str, place: dict[str, str], title: str, message: str) -> str:
    said = ",".join(f"{key}={_property(value)}" for key, value in {**place, "title": title}.items())
    return f"::{name} {said}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
