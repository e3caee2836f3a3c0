"""The report in SARIF 2.1.0, for code scanning: results with places, fixes and fingerprints, rules with their pages.

Regions are text regions in code points, to which a byte order mark does not count (SARIF 2.1.0, 3.30.3 and 3.57.3).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from corsmith import __version__
from corsmith.api.finding import Category, Finding, Severity
from corsmith.api.fix import Edit, Fix
from corsmith.api.model import Problem
from corsmith.api.report import Report
from corsmith.api.span import Location, Span
from corsmith.rules import CATALOGUE

from .fingerprint import digests
from .pages import page

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SECURITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.INFO: "2.0"}
"""What code scanning ranks security results by: CVSS-like, from 0.1 to 10."""


def render(report: Report) -> str:
    """Return the report as a SARIF log, ending in a line feed."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain data in the shape of SARIF 2.1.0."""
    rules = sorted({finding.rule for finding in report.findings})
    prints = digests(report, report.findings)
    run = {
        "tool": {
            "driver": {
                "name": "corsmith",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rule, report.findings) for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.problems,
                "toolExecutionNotifications": [
                    *(_notification(each, "error") for each in report.problems),
                    *(_notification(each, "note") for each in report.remarks),
                ],
            }
        ],
        "results": [
            _result(report, finding, rules.index(finding.rule), digest)
            for finding, digest in zip(report.findings, prints, strict=True)
        ],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, findings: Iterable[Finding]) -> dict[str, Any]:
    known = next((each for each in CATALOGUE if each.id == rule), None)
    summary = known.summary if known is not None else rule.replace("-", " ")
    text = page(rule)
    own = [finding for finding in findings if finding.rule == rule]
    worst = next(level for level in (*_LEVELS,) if any(finding.severity is level for finding in own))
    properties: dict[str, Any] = {"tags": ["cors", str(own[0].category)]}
    if own[0].category is Category.SECURITY:
        properties["security-severity"] = _SECURITY[worst]
    return {
        "id": rule,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": text or summary, **({"markdown": text} if text else {})},
        "defaultConfiguration": {"level": _LEVELS[worst]},
        "properties": properties,
    }


def _result(report: Report, finding: Finding, index: int, digest: str) -> dict[str, Any]:
    console = finding.evidence.console if finding.evidence is not None else None
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message + (f"\nThe browser prints: {console}" if console else "")},
        "locations": [_place(report, finding, finding.spans[0] if finding.spans else None)],
        "partialFingerprints": {"corsmith/v1": digest},
        "properties": {"confidence": str(finding.confidence), "category": str(finding.category)},
    }
    if finding.spans[1:]:
        result["relatedLocations"] = [
            {"id": number, **_physical(report, span)} for number, span in enumerate(finding.spans[1:], 1)
        ]
    fixes = [fix for fix in finding.fixes if fix.edits]
    if fixes:
        result["fixes"] = [_fix(report, fix) for fix in fixes]
    return result


def _place(report: Report, finding: Finding, span: Span | None) -> dict[str, Any]:
    name = " ".join(part for part in (finding.api, finding.route) if part)
    logical = {"logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}]} if name else {}
    return {**(_physical(report, span) if span is not None else {}), **logical}


def _physical(report: Report, span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": _region(report, span)}}


def _region(report: Report, span: Span) -> dict[str, Any]:
    place = report.location(span)
    return {**_lines(place), "charOffset": span.start, "charLength": max(0, span.end - span.start)}


def _lines(place: Location) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    by_file: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(sorted(fix.edits, key=lambda edit: (edit.file, edit.start, edit.end))):
        by_file.setdefault(edit.file, []).append(edit)
    return {
        "description": {"text": fix.title if fix.safe else f"{fix.title} (needs thought)"},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": _uri(file)},
                "replacements": [
                    {
                        "deletedRegion": _region(report, Span(file, edit.start, edit.end)),
                        "insertedContent": {"text": edit.text},
                    }
                    for edit in edits
                ],
            }
            for file, edits in by_file.items()
        ],
    }


def _notification(problem: Problem, level: str) -> dict[str, Any]:
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(problem.file)},
            "region": {"startLine": problem.line, "startColumn": problem.column},
        }
    }
    return {"level": level, "message": {"text": problem.message}, "locations": [place]}


def _uri(file: str) -> str:
    """Return a path as a relative reference; a URL stays what it is."""
    if file.startswith(("http://", "https://")):
        return quote(file, safe=":/?#[]@!$&'()*+,;=%~")
    return quote(file, safe="/~", errors="surrogatepass")
