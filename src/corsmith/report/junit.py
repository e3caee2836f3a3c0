"""The report as JUnit XML: a suite for each front door, a test case for each route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from corsmith.api.finding import Finding, Severity
from corsmith.api.report import Report

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}
# Characters that XML 1.0 does not have (section 2.2), lone surrogates among them.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, failing: Severity | None = Severity.ERROR) -> str:
    """Return the report as XML, ending in a line feed. Findings from `failing` on are failures, the others are text."""
    root = Element("testsuites", name="corsmith")
    suites = _suites(report)
    for (door, api), cases in suites.items():
        suite = SubElement(root, "testsuite", name=_text(f"{door} {api}".strip()))
        for name, (findings, undecided) in cases.items():
            _case(report, suite, name, findings, undecided, failing)
        _count(suite)
    _calls(report, root)
    _unreadable(report, root)
    _unexplained(report, root)
    for number in ("tests", "failures", "errors", "skipped"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _calls(report: Report, root: Element) -> None:
    if not report.calls:
        return
    suite = SubElement(root, "testsuite", name="calls")
    for call in report.calls:
        method = call.exchanges[-1].request.method if call.exchanges else "call"
        case = SubElement(suite, "testcase", name=_text(f"{method} {call.url}"), classname="calls")
        if call.verdict == "blocked":
            SubElement(case, "failure", type=call.error or "blocked", message=_text(call.console or call.unproven))
        elif call.verdict == "undecided":
            SubElement(case, "skipped", message=_text(call.unproven or "no answer"))
    _count(suite)


def _unreadable(report: Report, root: Element) -> None:
    if not report.problems:
        return
    suite = SubElement(root, "testsuite", name="what was read")
    for problem in report.problems:
        place = _text(f"{problem.file}:{problem.line}:{problem.column}")
        case = SubElement(suite, "testcase", name=place, classname="corsmith", file=_text(problem.file))
        SubElement(case, "error", type="unreadable", message=_text(problem.message))
    _count(suite)


def _unexplained(report: Report, root: Element) -> None:
    if not report.unexplained:
        return
    suite = SubElement(root, "testsuite", name="unexplained")
    for cell in report.unexplained:
        case = SubElement(suite, "testcase", name=_text(cell.route.label), classname="unexplained")
        message = f"{cell.verdict.error}: no rule explains it; please report this to corsmith"
        SubElement(case, "error", type="unexplained", message=_text(message))
    _count(suite)


Cases = dict[str, tuple[list[Finding], list[str]]]
"""Test case to the findings and to what is undecided there."""


def _suites(report: Report) -> dict[tuple[str, str], Cases]:
    suites: dict[tuple[str, str], Cases] = {}
    for cell in report.cells:
        cases = suites.setdefault((cell.route.front_door.kind, cell.route.front_door.name), {})
        _, undecided = cases.setdefault(cell.route.label, ([], []))
        if cell.undecided is not None and cell.undecided.because not in undecided:
            undecided.append(cell.undecided.because)
    for finding in report.findings:
        cases = suites.setdefault((finding.front_door, finding.api), {})
        for route in (finding.route or finding.rule, *finding.affects):
            cases.setdefault(route, ([], []))[0].append(finding)
    return suites


def _case(
    report: Report, suite: Element, name: str, findings: list[Finding], undecided: list[str], failing: Severity | None
) -> None:
    case = SubElement(suite, "testcase", name=_text(name), classname=suite.get("name", ""))
    failures = [each for each in findings if failing is not None and _RANK[each.severity] >= _RANK[failing]]
    if failures:
        message = "; ".join(f"{each.rule}: {each.message}" for each in failures)
        failure = SubElement(case, "failure", type=failures[0].rule, message=_text(message))
        failure.text = _text("\n\n".join("\n".join(_lines(report, each)) for each in failures))
        if failures[0].spans:
            place = report.location(failures[0].spans[0])
            case.set("file", _text(place.file))
            case.set("line", str(place.line))
    elif undecided:
        SubElement(case, "skipped", message=_text("; ".join(undecided)))
    others = [each for each in findings if each not in failures]
    if others:
        said = SubElement(case, "system-out")
        said.text = _text("\n\n".join("\n".join(_lines(report, each)) for each in others))


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    yield f"{finding.severity}[{finding.rule}] {finding.message}"
    for span in finding.spans:
        place = report.location(span)
        yield f"  at {place.file}:{place.line}:{place.column}"
    if finding.evidence is not None and finding.evidence.console:
        yield f"  the browser prints: {finding.evidence.console}"
    for fix in finding.fixes:
        yield f"  fix: {fix.title}"


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite)))
    for number, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(number, str(len(suite.findall(f"testcase/{tag}"))))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
