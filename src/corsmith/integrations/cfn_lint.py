"""A rule pack of cfn-lint: `cfn-lint template.yaml -a corsmith.integrations.cfn_lint`.

One rule for each severity, for cfn-lint takes the severity from a rule's id: E9701, W9701, and I9701, which has to be
asked for (`-c I`). A message begins with corsmith's own rule. What corsmith.toml and comments set aside stays away.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding, Severity
from corsmith.api.report import Report
from corsmith.editor.folder import reported
from corsmith.project.settings_file import Misconfigured

_PAGES = "https://github.com/corsmith/corsmith/blob/main/docs/index.md#rules"
_TOP = (0, 0, 0, 0)


class _OfSeverity(CloudFormationLintRule):  # type: ignore[misc]
    """What cfn-lint asks of a rule; those below say which findings are theirs."""

    description = "Calls of web pages that a browser will block, judged from the template and the code behind it"
    source_url = _PAGES
    tags = ["cors", "apigateway", "lambda"]  # noqa: RUF012 - cfn-lint's own form
    wanted = Severity.ERROR

    def match(self, cfn: Template) -> list[RuleMatch]:
        """Return the findings of this severity in a template; cfn-lint calls it once for each."""
        if not cfn.filename or not Path(cfn.filename).is_file():
            return []
        file = _here(cfn.filename)
        try:
            report = _report(file, Path(file).stat().st_mtime_ns)
        except Misconfigured as error:
            return [RuleMatch([], str(error), location=_TOP)] if self.wanted is Severity.ERROR else []
        return list(_matches(report, file, self.wanted))


class CorsErrors(_OfSeverity):
    """Calls that are blocked, what cannot be deployed, and what lets strangers read with the user's credentials."""

    id = "E9701"
    shortdesc = "A browser will block calls of a page (corsmith)"


class CorsWarnings(_OfSeverity):
    """Failures that the page cannot read, and weaknesses."""

    id = "W9701"
    shortdesc = "A browser will hide errors from a page (corsmith)"
    wanted = Severity.WARNING


class CorsAdvice(_OfSeverity):
    """Advice."""

    id = "I9701"
    shortdesc = "Advice on CORS (corsmith)"
    wanted = Severity.INFO


@lru_cache(maxsize=1)
def _report(file: str, changed: int) -> Report:
    """Return the report on a template, made once for the three rules that ask for it."""
    del changed
    return reported(file, CallerFlags())


def _matches(report: Report, file: str, wanted: Severity) -> Iterator[RuleMatch]:
    for finding in report.findings:
        if finding.severity is wanted:
            yield RuleMatch([], _message(report, finding, file), location=_place(report, finding, file))


def _message(report: Report, finding: Finding, file: str) -> str:
    """Return the message; where one would edit a handler it says so, for cfn-lint shows places of templates alone."""
    where = ""
    if finding.spans and finding.spans[0].file != file:
        place = report.location(finding.spans[0])
        where = f" ({place.file}:{place.line}:{place.column})"
    return f"{finding.rule}: {finding.route or finding.api}: {finding.message}{where}"


def _place(report: Report, finding: Finding, file: str) -> tuple[int, int, int, int]:
    span = next((each for each in finding.spans if each.file == file), None)
    if span is None:
        return _TOP
    place = report.location(span)
    return place.line - 1, place.column - 1, place.end_line - 1, place.end_column - 1


def _here(file: str) -> str:
    """Return a path as corsmith writes it: relative to the current folder, with `/`."""
    try:
        return os.path.relpath(file).replace(os.sep, "/")
    except ValueError:  # on Windows, another drive
        return file
