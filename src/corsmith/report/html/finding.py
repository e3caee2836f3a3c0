"""One finding: what was found, the code there, what the browser prints, and the fix as a difference."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from corsmith.api.cell import Exchange
from corsmith.api.exchange import Response
from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.api.report import Call, Report
from corsmith.api.span import Span, whole_lines
from corsmith.api.tree import Unreadable

from .element import Markup, element, text
from .exchange import exchanges

MOST_LINES = 12
"""Lines of code that are shown of one place."""


def finding_article(report: Report, finding: Finding, name: str) -> Markup:
    """Return the finding; `name` is the id that links lead to."""
    title = f"{finding.route or finding.api}: {finding.rule}"
    parts = [
        element("h3", {}, element("span", {"class": f"level {finding.severity}"}, str(finding.severity)), " ", title),
        element("p", {}, element("bdi", {}, finding.message)),
    ]
    if finding.affects:
        parts.append(element("p", {}, "Also: ", element("bdi", {}, ", ".join(finding.affects))))
    parts += [_code(report, span) for span in finding.spans]
    evidence = finding.evidence
    if evidence is not None:
        if evidence.console:
            parts += [element("p", {}, "The browser prints:"), element("pre", {"class": "console"}, evidence.console)]
        answer = evidence.response or Response(0)
        kind = "preflight" if evidence.stage == "preflight" else "request"
        shown = exchanges((Exchange(kind, evidence.request, answer),))
        parts.append(element("details", {}, element("summary", {}, "The exchange"), shown))
    parts += [_fix(report, fix) for fix in finding.fixes]
    return element("article", {"id": name}, *parts)


def call(made: Call) -> Markup:
    """Return a call that was really made."""
    head = element("h3", {}, element("span", {"class": f"mark {made.verdict}"}, made.verdict), " ", made.url)
    parts = [head]
    if made.console:
        parts += [element("p", {}, "The browser prints:"), element("pre", {"class": "console"}, made.console)]
    if made.unproven:
        parts.append(element("p", {}, element("bdi", {}, made.unproven)))
    return element("article", {}, *parts, exchanges(made.exchanges))


def _code(report: Report, span: Span) -> Markup:
    place = report.location(span)
    caption = element("figcaption", {}, element("bdi", {}, f"{place.file}:{place.line}:{place.column}"))
    try:
        source = report.tree.read(span.file)
    except Unreadable:
        return element("figure", {}, caption)
    start, end = whole_lines(source, span.start, span.end)
    behind = source[span.end : end]
    marked = element("mark", {}, *_first_lines(source[span.start : span.end]))
    return element("figure", {}, caption, element("pre", {}, source[start : span.start], marked, behind))


def _first_lines(code: str) -> Iterator[str]:
    lines = code.split("\n")
    yield "\n".join(lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"\n… {len(lines) - MOST_LINES} more lines"


def _fix(report: Report, fix: Fix) -> Markup:
    title = f"Fix: {fix.title}" + ("" if fix.safe else " (needs thought: corsmith fix --unsafe)")
    if fix.by_hand:
        code = element("pre", {"class": "diff"}, fix.by_hand)
        return element("details", {"class": "fix"}, element("summary", {}, element("bdi", {}, title)), code)
    try:
        after = report.tree.with_edits(fix.edits)
        files = sorted({edit.file for edit in fix.edits})
        changes = [line for file in files for line in _difference(file, report.tree.read(file), after.read(file))]
    except Unreadable:
        return element("p", {"class": "fix"}, element("bdi", {}, title))
    lines = element("pre", {"class": "diff"}, *changes)
    return element("details", {"class": "fix"}, element("summary", {}, element("bdi", {}, title)), lines)


def _difference(file: str, old: str, new: str) -> Iterator[Markup]:
    kinds = {"+": "ins", "-": "del"}
    yield text(f"{file}\n")
    changes = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=2)
    for number, line in enumerate(changes):
        if number > 1:
            yield element(kinds.get(line[:1], "span"), {}, line.rstrip("\r") + "\n")
