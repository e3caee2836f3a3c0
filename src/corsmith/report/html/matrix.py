"""The matrix: a row for each route, a column for each kind of outcome, a mark for each cell that was judged."""

from __future__ import annotations

from collections.abc import Mapping

from corsmith.api.cell import Cell
from corsmith.api.finding import Finding
from corsmith.api.outcome import Raised, Returned
from corsmith.api.report import Report

from .element import Markup, element, text
from .exchange import exchanges

MARKS = {"allowed": "✓", "blocked": "✕", "undecided": "?"}
"""A shape for each verdict, so that nothing hangs on colour."""
_FIRST = ("stopped at the preflight", "answers", "error answers", "exceptions")


def matrix(report: Report, places: Mapping[int, str]) -> Markup:
    """Return a table for each front door. `places`: a finding's identity to the id of its article."""
    doors: dict[tuple[str, str, str], list[tuple[int, Cell]]] = {}
    for number, cell in enumerate(report.cells, 1):
        key = (cell.api.file, cell.route.front_door.kind, cell.route.front_door.name)
        doors.setdefault(key, []).append((number, cell))
    if not doors:
        return text("")
    findings = {id(cell): finding for finding, cells in report.explained if id(finding) in places for cell in cells}
    legend = element(
        "p",
        {"class": "legend"},
        *(element("span", {"class": f"mark {verdict}"}, f"{mark} {verdict}") for verdict, mark in MARKS.items()),
        " Open a mark for its exchange.",
    )
    tables = [_table(report, key, cells, findings, places) for key, cells in doors.items()]
    return element("section", {}, element("h2", {}, "Routes and outcomes"), legend, *tables)


def verdict(cell: Cell) -> str:
    """Return "allowed", "blocked" or "undecided"."""
    if cell.undecided is not None:
        return "undecided"
    return "allowed" if cell.verdict.allowed else "blocked"


def _column(cell: Cell) -> str:
    if cell.situation:
        return cell.situation
    if cell.outcome is None:
        stopped = bool(cell.exchanges) and cell.exchanges[-1].kind == "preflight" and verdict(cell) == "blocked"
        return _FIRST[0] if stopped else "front door"
    if isinstance(cell.outcome.result, Raised):
        return _FIRST[3]
    return _FIRST[2] if isinstance(cell.outcome.result, Returned) and cell.outcome.error else _FIRST[1]


def _table(
    report: Report,
    key: tuple[str, str, str],
    cells: list[tuple[int, Cell]],
    findings: Mapping[int, Finding],
    places: Mapping[int, str],
) -> Markup:
    file, kind, name = key
    used = dict.fromkeys(_column(cell) for _, cell in cells)
    columns = [*(each for each in _FIRST if each in used), *(each for each in used if each not in _FIRST)]
    rows: dict[str, dict[str, list[tuple[int, Cell]]]] = {}
    for number, cell in cells:
        rows.setdefault(cell.route.label, {}).setdefault(_column(cell), []).append((number, cell))
    head = element(
        "tr", {}, element("th", {"scope": "col"}, "route"), *(element("th", {"scope": "col"}, each) for each in columns)
    )
    lines = []
    for label, row in rows.items():
        marks = [
            element(
                "td",
                {},
                *(_mark(report, number, cell, findings.get(id(cell)), places) for number, cell in row.get(each, ())),
            )
            for each in columns
        ]
        lines.append(element("tr", {}, element("th", {"scope": "row"}, element("bdi", {}, label)), *marks))
    caption = element("caption", {}, element("bdi", {}, f"{kind} {name}"), " in ", element("bdi", {}, file))
    table = element("table", {}, caption, element("thead", {}, head), element("tbody", {}, *lines))
    return element("div", {"class": "wide"}, table)


def _mark(report: Report, number: int, cell: Cell, finding: Finding | None, places: Mapping[int, str]) -> Markup:
    came = verdict(cell)
    name = f"cell-{number}"
    said = f"{cell.route.label}, {_column(cell)}: {came}"
    button = element(
        "button", {"class": f"mark {came}", "popovertarget": name, "aria-label": said, "title": said}, MARKS[came]
    )
    return Markup(button + _popover(report, name, cell, finding, places))


def _popover(report: Report, name: str, cell: Cell, finding: Finding | None, places: Mapping[int, str]) -> Markup:
    came = verdict(cell)
    caller = cell.caller.origin + (" with credentials" if cell.caller.credentials == "include" else "")
    parts = [
        element("button", {"popovertarget": name, "popovertargetaction": "hide", "autofocus": ""}, "close"),
        element("h3", {"id": f"{name}-title"}, element("bdi", {}, cell.route.label), f": {came}"),
        element("p", {}, f"{_column(cell)}, called by ", element("bdi", {}, caller), _where(report, cell)),
    ]
    if cell.undecided is not None:
        parts.append(element("p", {}, "What stands in the way: ", element("bdi", {}, cell.undecided.because)))
    elif not cell.verdict.allowed:
        parts.append(element("p", {}, "The browser prints:"))
        parts.append(element("pre", {"class": "console"}, cell.verdict.console or str(cell.verdict.error)))
    if finding is not None:
        link = element("a", {"href": f"#{places[id(finding)]}"}, finding.rule)
        parts.append(element("p", {}, link, ": ", element("bdi", {}, finding.message)))
        parts += [element("p", {"class": "fix"}, "Fix: ", element("bdi", {}, fix.title)) for fix in finding.fixes]
    parts.append(exchanges(cell.exchanges))
    return element("div", {"id": name, "popover": "auto", "role": "dialog", "aria-labelledby": f"{name}-title"}, *parts)


def _where(report: Report, cell: Cell) -> Markup:
    if cell.outcome is None:
        return text("")
    place = report.location(cell.outcome.span)
    return Markup(text(", at ") + element("bdi", {}, f"{place.file}:{place.line}"))
