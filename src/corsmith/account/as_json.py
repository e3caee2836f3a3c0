"""An audit as JSON: the schema of `check`, with ARNs and console links in the place of files."""

from __future__ import annotations

import json
from typing import Any

from msgspec import to_builtins

from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.project.disk import Disk
from corsmith.report.json import as_dict

from .audit import Audit
from .compare_project import DRIFT
from .found import Open
from .links import Deployed
from .live import DIFFERS
from .snapshot import Failure

PAGE = "docs/audit.md"


def render(audit: Audit) -> str:
    """Return an audit as JSON text, ending in a line feed."""
    return json.dumps(as_data(audit), indent=2, ensure_ascii=False) + "\n"


def as_data(audit: Audit) -> dict[str, Any]:
    """Return an audit as plain data."""
    report = Report(Tree(Disk()), findings=tuple(each.finding for each in audit.found))
    body = as_dict(report)
    body["summary"] |= {
        "cells": audit.allowed + audit.blocked + len(audit.undecided),
        "allowed": audit.allowed,
        "blocked": audit.blocked,
        "undecided": len(audit.undecided),
        "unexplained": audit.unexplained,
        "front_doors": audit.units,
    }
    for shown, found in zip(body["findings"], audit.found, strict=True):
        shown["account"], shown["region"] = found.place.account, found.place.region
        shown["resources"] = [_deployed(each) for each in found.deployed]
        if found.differences:
            shown["differences"] = [{"what": each.what, "old": each.old, "new": each.new} for each in found.differences]
        if found.finding.rule in (DRIFT, DIFFERS):
            shown["docs"] = PAGE
    body["undecided"] = [
        {
            "front_door": each.front_door,
            "api": each.api,
            "route": each.route,
            "outcome": each.outcome,
            "because": each.because,
            "location": _nowhere(each),
            "resource": _deployed(each.deployed) if each.deployed is not None else None,
        }
        for each in audit.undecided
    ]
    body["problems"] = [_problem(each) for each in audit.failures]
    body["remarks"] = [{"file": "", "line": 1, "column": 1, "message": each} for each in audit.remarks]
    if audit.calls is not None:
        body["live"] = to_builtins(audit.calls)
    body["read"] = [
        {"account": each.place.account, "region": each.place.region, "at": each.read_at}
        for each in audit.readings.places
    ]
    return body


def _deployed(each: Deployed) -> dict[str, str]:
    return {"arn": each.arn, "console": each.console, "label": each.label}


def _nowhere(each: Open) -> dict[str, Any]:
    """Return the place that the schema wants, with the ARN where `check` has a file."""
    arn = each.deployed.arn if each.deployed is not None else each.api
    return {"file": arn, "line": 1, "column": 1, "end_line": 1, "end_column": 1}


def _problem(failure: Failure) -> dict[str, Any]:
    return {
        "file": failure.subject,
        "line": 1,
        "column": 1,
        "message": failure.message,
        "operation": failure.operation,
        "code": failure.code,
    }
