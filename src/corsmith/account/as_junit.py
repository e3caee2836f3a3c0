"""An audit as JUnit XML: a suite for each front door, a test case for each route, and one for each call that AWS refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from msgspec import Struct, field

from corsmith.api.finding import Severity

from .audit import Audit
from .found import Found

_RANK = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not have (section 2.2), lone surrogates among them."""


class _Case(Struct):
    found: list[Found] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def render(audit: Audit, failing: Severity | None = Severity.ERROR) -> str:
    """Return an audit as XML, ending in a line feed. Findings from `failing` on are failures, the others are text."""
    root = Element("testsuites", name="corsmith audit")
    for name, cases in _suites(audit).items():
        suite = SubElement(root, "testsuite", name=_text(name))
        for label, case in cases.items():
            _write(SubElement(suite, "testcase", name=_text(label), classname=_text(name)), case, failing)
    if audit.failures:
        suite = SubElement(root, "testsuite", name="what was read")
        for failure in audit.failures:
            refused = SubElement(suite, "testcase", name=_text(failure.subject), classname="aws")
            SubElement(refused, "error", type=failure.code or "unreadable", message=_text(failure.message))
    for suite in root:
        _count(suite)
    for number in ("tests", "failures", "errors", "skipped"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suites(audit: Audit) -> dict[str, dict[str, _Case]]:
    suites: dict[str, dict[str, _Case]] = {}

    def case(front_door: str, api: str, route: str) -> _Case:
        return suites.setdefault(f"{front_door} {api}".strip(), {}).setdefault(route, _Case())

    for each in audit.expected:
        case(each.front_door, each.api, each.route)
    for one in audit.undecided:
        case(one.front_door, one.api, one.route).open.append(one.because)
    for found in audit.found:
        finding = found.finding
        for route in (finding.route or finding.rule, *finding.affects):
            case(finding.front_door, finding.api, route).found.append(found)
    return suites


def _write(element: Element, case: _Case, failing: Severity | None) -> None:
    failures = [each for each in case.found if failing is not None and _at_least(each, failing)]
    if failures:
        message = "; ".join(f"{each.finding.rule}: {each.finding.message}" for each in failures)
        failure = SubElement(element, "failure", type=failures[0].finding.rule, message=_text(message))
        failure.text = _text("\n\n".join("\n".join(_lines(each)) for each in failures))
    elif case.open:
        SubElement(element, "skipped", message=_text("; ".join(dict.fromkeys(case.open))))
    others = [each for each in case.found if each not in failures]
    if others:
        SubElement(element, "system-out").text = _text("\n\n".join("\n".join(_lines(each)) for each in others))


def _at_least(found: Found, failing: Severity) -> bool:
    return _RANK.index(found.finding.severity) >= _RANK.index(failing)


def _lines(found: Found) -> Iterator[str]:
    finding = found.finding
    yield f"{finding.severity}[{finding.rule}] {finding.message}"
    for each in found.deployed:
        yield f"  at {each.label}: {each.arn}"
        yield f"     {each.console}"
    if finding.evidence is not None and finding.evidence.console:
        yield f"  the browser prints: {finding.evidence.console}"


def _count(suite: Element) -> None:
    suite.set("tests", str(len(suite)))
    for number, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(number, str(len(suite.findall(f"testcase/{tag}"))))


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
