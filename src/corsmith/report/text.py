"""The report as text for a terminal: each finding with its place, the code there, and what the browser will print."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding, Severity
from corsmith.api.model import Problem
from corsmith.api.report import Call, Report
from corsmith.api.span import Span, line_of
from corsmith.api.tree import Unreadable

from .ink import Ink, tame

_SHOWN_ROUTES = 6
_WIDEST, _BEFORE = 160, 40
"""Characters that are shown of a line of code, and of them before the place where the line is cut on the left."""
_COLOUR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


def render(report: Report, ink: Ink) -> str:
    """Return the report as text, ending in a line feed."""
    blocks = [
        *(_call(call, ink) for call in report.calls),
        *(_finding(report, finding, ink) for finding in report.findings),
        *_undecided(report, ink),
        *(f"{_place(each)}: {ink.paint(each.message, 'red')}" for each in report.problems),
        "\n".join(f"note: {_place(each)}: {each.message}" for each in report.remarks),
        _passed_over(report, ink),
        _by_rule(report, ink),
        _summary(report, ink),
    ]
    return tame("\n\n".join(block for block in blocks if block)) + "\n"


def _place(problem: Problem) -> str:
    """Return where a problem is; an address has no lines."""
    if problem.file.lower().startswith(("http://", "https://")):
        return problem.file
    return f"{problem.file}:{problem.line}:{problem.column}"


def _several(routes: tuple[str, ...]) -> str:
    """Return the first few routes, and how many more there are."""
    more = len(routes) - _SHOWN_ROUTES
    return ", ".join(routes[:_SHOWN_ROUTES]) + (f", and {more} more" if more > 0 else "")


def _finding(report: Report, finding: Finding, ink: Ink) -> str:
    head = f"{ink.paint(str(finding.severity), _COLOUR[finding.severity])}[{ink.paint(finding.rule, 'bold')}]"
    if finding.confidence != "high":
        head += f" ({finding.confidence} confidence)"
    lines = [f"{head} {finding.route or finding.api}: {finding.message}"]
    for span in finding.spans:
        lines += _frame(report, span, ink)
    if finding.evidence is not None and finding.evidence.console:
        lines.append(f"  {ink.paint('the browser prints:', 'dim')} {finding.evidence.console}")
    if finding.affects:
        lines.append(f"  {ink.paint('also:', 'dim')} {_some(finding.affects, ROUTES)}")
    for fix in finding.fixes:
        how = "by hand" if fix.by_hand else "corsmith fix" if fix.safe else "corsmith fix --unsafe"
        lines.append(f"  {ink.paint('fix:', 'green')} {fix.title} ({how})")
        lines += (f"    {line}".rstrip() for line in fix.by_hand.splitlines())
    return "\n".join(lines)


def _frame(report: Report, span: Span, ink: Ink) -> Iterator[str]:
    place = report.location(span)
    yield f"  {ink.paint('-->', 'blue')} {place.file}:{place.line}:{place.column}"
    try:
        line = line_of(report.tree.read(span.file), place.line).replace("\t", " ")
    except Unreadable:
        return
    # Of a long line, that of a template without line ends above all, the part around the place is shown.
    left = place.column - 1 - _BEFORE if len(line) > _WIDEST and place.column > _WIDEST - _BEFORE else 0
    code, before = line[left : left + _WIDEST], place.column - 1 - left
    if left:
        code, before = f"…{code}", before + 1
    width = max(1, min((place.end_column if place.end_line == place.line else len(line) + 1) - place.column, 80))
    gutter = f"{place.line:>5}"
    yield f"{ink.paint(gutter + ' |', 'blue')} {code}"
    yield f"{ink.paint('      |', 'blue')} {' ' * before}{ink.paint('^' * width, 'yellow')}"


def _call(call: Call, ink: Ink) -> str:
    colour = {"allowed": "green", "blocked": "red"}.get(call.verdict, "yellow")
    lines = [f"{ink.paint(call.verdict, colour)} {call.url}" + (f" ({call.error})" if call.error else "")]
    for exchange in call.exchanges:
        lines.append(
            f"  {exchange.kind}: {exchange.request.method} {exchange.request.url} -> {exchange.response.status}"
        )
        lines += [
            f"      {name}: {value}"
            for name, value in exchange.response.headers
            if name.lower().startswith("access-control-") or name.lower() in ("vary", "location")
        ]
    if call.console:
        lines.append(f"  {ink.paint('the browser prints:', 'dim')} {call.console}")
    if call.unproven:
        lines.append(f"  {call.unproven}")
    return "\n".join(lines)


def _undecided(report: Report, ink: Ink) -> Iterator[str]:
    reasons: dict[str, list[Cell]] = {}
    for cell in report.cells:
        if cell.undecided is not None:
            reasons.setdefault(cell.undecided.because, []).append(cell)
    for because, cells in reasons.items():
        routes = ", ".join(dict.fromkeys(cell.route.label for cell in cells))
        yield f"{ink.paint('undecided', 'yellow')} {routes}: {because}"
    for cell in report.unexplained:
        yield f"{ink.paint('unexplained', 'red')} {cell.route.label}: {cell.verdict.error}; please report this to corsmith"


MANY = 20
"""From how many findings on they are counted by rule, at the end."""
FILES, ROUTES = 3, 12
"""How many are named of the files passed over, and of the other routes with a fault; of the rest the number is said."""


def _passed_over(report: Report, ink: Ink) -> str:
    if not report.passed_over:
        return ""
    return ink.paint(f"passed over, for they hold no template: {_some(report.passed_over, FILES)}", "dim")


def _by_rule(report: Report, ink: Ink) -> str:
    """Return how many findings each rule has, where nobody would count them."""
    if len(report.findings) <= MANY:
        return ""
    counts: dict[tuple[Severity, str], int] = {}
    for each in report.findings:
        counts[each.severity, each.rule] = counts.get((each.severity, each.rule), 0) + 1
    width = len(str(max(counts.values())))
    rows = sorted(counts.items(), key=lambda row: (list(Severity).index(row[0][0]), -row[1], row[0][1]))
    lines = [
        f"{count:>{width}}  {ink.paint(str(severity), _COLOUR[severity])}  {rule}" for (severity, rule), count in rows
    ]
    return "\n".join((*lines, "--select RULE shows one of them alone; corsmith rules RULE explains it"))


def _some(names: tuple[str, ...], most: int) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _summary(report: Report, ink: Ink) -> str:
    counts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in (
            (report.count(Severity.ERROR), "error"),
            (report.count(Severity.WARNING), "warning"),
            (report.count(Severity.INFO), "info"),
        )
    ]
    parts = [", ".join(counts)]
    if not report.calls:
        undecided = sum(cell.undecided is not None for cell in report.cells)
        parts.append(f"{len(report.cells)} cells judged, {undecided} undecided")
    if report.problems:
        parts.append(f"{len(report.problems)} not readable")
    known = sum(each.by == "baseline" for each in report.ignored)
    if len(report.ignored) > known:
        parts.append(f"{len(report.ignored) - known} ignored")
    if known:
        parts.append(f"{known} known")
    return ink.paint("; ".join(parts), "bold")
