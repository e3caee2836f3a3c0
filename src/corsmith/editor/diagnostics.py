"""A report as an editor shows it: diagnostics, hovers, quick fixes and code lenses, by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol import types
from msgspec import Struct

from corsmith.api.finding import Finding, Severity
from corsmith.api.fix import Fix
from corsmith.api.report import Report
from corsmith.api.span import Span
from corsmith.api.tree import Unreadable

_SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}


class View(Struct, frozen=True):
    """A report as one editor sees it.

    `units` measures text in what the editor counts characters in; `uri_of` makes a URI of a path; `pages` is the address
    before the rules' pages; `fixes_of` returns the fixes of a finding that hold, and may take its time.
    """

    report: Report
    fixes_of: Callable[[Finding], tuple[Fix, ...]]
    units: Callable[[str], int]
    uri_of: Callable[[str], str]
    pages: str

    def range_of(self, span: Span) -> types.Range:
        """Return a span as the editor counts: lines from 0, characters in its own units."""
        place = self.report.location(span)
        try:
            text = self.report.tree.read(span.file)
        except Unreadable:
            text = ""
        start, end = text[span.start - place.column + 1 : span.start], text[span.end - place.end_column + 1 : span.end]
        return types.Range(
            types.Position(place.line - 1, self.units(start)), types.Position(place.end_line - 1, self.units(end))
        )


class Place(Struct, frozen=True):
    """A finding at one of its places."""

    finding: Finding
    range: types.Range


def places(view: View, file: str) -> Iterator[Place]:
    """Yield the findings of `file`, at each line they name."""
    for finding in view.report.findings:
        for span in finding.spans:
            if span.file == file:
                yield Place(finding, view.range_of(span))


def by_file(view: View) -> dict[str, list[types.Diagnostic]]:
    """Return the diagnostics, each at its finding's first place, by file. Files without any are left out."""
    found: dict[str, list[types.Diagnostic]] = {}
    for finding in view.report.findings:
        if finding.spans:
            found.setdefault(finding.spans[0].file, []).append(_diagnostic(view, finding))
    for problem in view.report.problems:
        at = types.Position(max(0, problem.line - 1), max(0, problem.column - 1))
        found.setdefault(problem.file, []).append(
            types.Diagnostic(types.Range(at, at), problem.message, types.DiagnosticSeverity.Warning, source="corsmith")
        )
    return found


def _diagnostic(view: View, finding: Finding) -> types.Diagnostic:
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(view.uri_of(span.file), view.range_of(span)), "this belongs to it"
        )
        for span in finding.spans[1:]
    ]
    return types.Diagnostic(
        view.range_of(finding.spans[0]),
        finding.message,
        severity=_SEVERITY[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(f"{view.pages}{finding.rule}.md"),
        source="corsmith",
        related_information=related or None,
    )


def hover(view: View, file: str, position: types.Position) -> str | None:
    """Return what is said of `position`: the message, what the browser prints, the proven fixes. Markdown."""
    parts = [
        _told(place.finding, view)
        for place in places(view, file)
        if _touches(place.range, types.Range(position, position))
    ]
    return "\n\n---\n\n".join(dict.fromkeys(parts)) or None


def _told(finding: Finding, view: View) -> str:
    name = f"[{finding.rule}]({view.pages}{finding.rule}.md)"
    lines = [f"**{name}** ({finding.severity}, {finding.confidence} confidence)", "", finding.message]
    if finding.evidence is not None and finding.evidence.console:
        lines += ["", "The browser prints:", "", *("    " + line for line in finding.evidence.console.splitlines())]
    fixes = view.fixes_of(finding)
    if fixes:
        lines += ["", *(f"* Fix: {fix.title}" for fix in fixes)]
    return "\n".join(lines)


def actions(view: View, file: str, wanted: types.Range) -> list[types.CodeAction]:
    """Return the proven fixes of the findings in `wanted`."""
    found: dict[tuple[str, str], types.CodeAction] = {}
    for place in places(view, file):
        if not _touches(place.range, wanted):
            continue
        for fix in (each for each in view.fixes_of(place.finding) if each.edits):
            title = fix.title if fix.safe else f"{fix.title} (needs thought)"
            found.setdefault(
                (place.finding.rule, fix.title),
                types.CodeAction(
                    title,
                    kind=types.CodeActionKind.QuickFix,
                    is_preferred=fix.safe,
                    edit=types.WorkspaceEdit(changes=_changes(view, fix)),
                ),
            )
    return list(found.values())


def _changes(view: View, fix: Fix) -> dict[str, list[types.TextEdit]]:
    changes: dict[str, list[types.TextEdit]] = {}
    for edit in fix.edits:
        where = view.range_of(Span(edit.file, edit.start, edit.end))
        changes.setdefault(view.uri_of(edit.file), []).append(types.TextEdit(where, edit.text))
    return changes


def lenses(view: View, file: str) -> list[types.CodeLens]:
    """Return a lens for each route that is declared in `file`: how many of its outcomes a browser lets through."""
    counted: dict[tuple[str, int], list[int]] = {}
    where: dict[tuple[str, int], Span] = {}
    for cell in view.report.cells:
        span = cell.route.declared.span
        if span.file != file:
            continue
        key = (cell.route.label, span.start)
        where[key] = span
        counts = counted.setdefault(key, [0, 0, 0])
        counts[2 if cell.verdict is None else 0 if cell.verdict.allowed else 1] += 1
    return [
        types.CodeLens(
            view.range_of(where[key]), types.Command(title=_lens(key[0], *counted[key]), command="corsmith.nothing")
        )
        for key in counted
    ]


def _lens(route: str, allowed: int, blocked: int, undecided: int) -> str:
    parts = [f"{blocked} blocked"] if blocked else []
    parts += [f"{undecided} undecided"] if undecided else []
    return f"CORS of {route}: {', '.join([f'{allowed} allowed', *parts])}"


def _touches(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end
