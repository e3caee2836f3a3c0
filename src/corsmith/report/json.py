"""The report as one JSON object, schema corsmith/1."""

from __future__ import annotations

import json
from typing import Any

from corsmith import __version__
from corsmith.api.cell import Cell, Exchange
from corsmith.api.exchange import Headers, Request, Response
from corsmith.api.finding import Evidence, Finding, Severity
from corsmith.api.report import Ignored, Report
from corsmith.api.span import Span
from corsmith.rules import CATALOGUE

DOCS = "docs/rules/"
"""Folder of the rule pages; `corsmith rules RULE` prints one."""
LIVE_DOCS = "docs/live.md"
"""Where the rules are explained that only calls to a URL are judged by, and that have no page of their own."""

_PAGES = frozenset(rule.id for rule in CATALOGUE)
_VERDICTS = ("allowed", "undecided", "blocked")


def render(report: Report) -> str:
    """Return the report as JSON text, ending in a line feed."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain data, the shape of schema corsmith/1."""
    body: dict[str, Any] = {
        "schema": "corsmith/1",
        "version": __version__,
        "summary": _summary(report),
        "findings": [_finding(report, finding) for finding in report.findings],
        "undecided": [_undecided(report, cell) for cell in report.cells if cell.undecided is not None],
        "problems": [
            {"file": problem.file, "line": problem.line, "column": problem.column, "message": problem.message}
            for problem in report.problems
        ],
        "ignored": [_ignored(report, each) for each in report.ignored],
        "passed_over": list(report.passed_over),
        "remarks": [
            {"file": remark.file, "line": remark.line, "column": remark.column, "message": remark.message}
            for remark in report.remarks
        ],
    }
    if report.calls:
        worst = max(report.calls, key=lambda call: _VERDICTS.index(call.verdict))
        body["exchanges"] = [_exchange(exchange) for call in report.calls for exchange in call.exchanges]
        body["verdict"] = worst.verdict
        body["error"] = worst.error
    return body


def _summary(report: Report) -> dict[str, int]:
    undecided = sum(cell.undecided is not None for cell in report.cells)
    allowed = sum(cell.verdict is not None and cell.verdict.allowed for cell in report.cells)
    verdicts = [call.verdict for call in report.calls]
    return {
        "cells": len(report.cells) + len(verdicts),
        "allowed": allowed + verdicts.count("allowed"),
        "blocked": len(report.cells) - undecided - allowed + verdicts.count("blocked"),
        "undecided": undecided + verdicts.count("undecided"),
        "unexplained": len(report.unexplained),
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "infos": report.count(Severity.INFO),
        "ignored": sum(each.by != "baseline" for each in report.ignored),
        "known": sum(each.by == "baseline" for each in report.ignored),
    }


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    evidence = finding.evidence
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "category": str(finding.category),
        "message": finding.message,
        "front_door": finding.front_door,
        "api": finding.api,
        "route": finding.route,
        "affects": list(finding.affects),
        "environments": list(finding.environments),
        "stage": evidence.stage if evidence else "none",
        "console": evidence.console if evidence else None,
        "request": _call(evidence) if evidence else None,
        "response": _response(evidence.response) if evidence and evidence.response else None,
        "locations": [_location(report, span) for span in finding.spans],
        "fixes": [
            {
                "title": fix.title,
                "safe": fix.safe,
                "edits": [
                    {"file": edit.file, "start": edit.start, "end": edit.end, "text": edit.text} for edit in fix.edits
                ],
                **({"by_hand": fix.by_hand} if fix.by_hand else {}),
            }
            for fix in finding.fixes
        ],
        "docs": f"{DOCS}{finding.rule}.md" if finding.rule in _PAGES else LIVE_DOCS,
    }


def _ignored(report: Report, ignored: Ignored) -> dict[str, Any]:
    finding = ignored.finding
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "api": finding.api,
        "route": finding.route,
        "locations": [_location(report, span) for span in finding.spans],
        "by": ignored.by,
        "reason": ignored.reason,
    }


def _undecided(report: Report, cell: Cell) -> dict[str, Any]:
    assert cell.undecided is not None
    span = cell.undecided.span or cell.route.declared.span
    return {
        "front_door": cell.route.front_door.kind,
        "api": cell.route.front_door.name,
        "route": cell.route.label,
        "outcome": cell.situation or (f"{cell.outcome.made_by or 'handler'}" if cell.outcome else "front door"),
        "because": cell.undecided.because,
        "location": _location(report, span),
    }


def _location(report: Report, span: Span) -> dict[str, Any]:
    place = report.location(span)
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _call(evidence: Evidence) -> dict[str, Any]:
    return {
        "url": evidence.request.url,
        "origin": evidence.origin,
        "method": evidence.request.method,
        "headers": _pairs(evidence.request.headers),
        "credentials": evidence.credentials,
    }


def _exchange(exchange: Exchange) -> dict[str, Any]:
    return {"kind": exchange.kind, "request": _request(exchange.request), "response": _response(exchange.response)}


def _request(request: Request) -> dict[str, Any]:
    return {"url": request.url, "method": request.method, "headers": _pairs(request.headers)}


def _response(response: Response) -> dict[str, Any]:
    return {"status": response.status, "headers": _pairs(response.headers), "made_by": response.made_by}


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]
