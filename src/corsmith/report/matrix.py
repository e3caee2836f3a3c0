"""Every judged cell as a line: route, caller, what happened, verdict."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.outcome import Outcome, Raised
from corsmith.api.report import Report

from .ink import Ink


def render(report: Report, ink: Ink) -> str:
    """Return one line per cell, ending in a line feed."""
    rows = [_row(report, cell) for cell in report.cells]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    colours = {"allowed": "green", "blocked": "red", "undecided": "yellow"}
    lines = []
    for row in rows:
        cells = "  ".join(text.ljust(width) for text, width in zip(row[:4], widths, strict=True))
        verdict, _, reason = row[4].partition(" ")
        lines.append(f"{cells}  {ink.paint(verdict, colours[verdict])} {reason}".rstrip())
    return "\n".join(lines) + "\n"


def _row(report: Report, cell: Cell) -> tuple[str, str, str, str, str]:
    caller = cell.caller.origin + (" with credentials" if cell.caller.credentials == "include" else "")
    return (
        f"{cell.route.front_door.kind} {cell.route.front_door.name}",
        cell.route.label,
        caller,
        cell.situation or _outcome(report, cell.outcome),
        _verdict(cell),
    )


def _outcome(report: Report, outcome: Outcome | None) -> str:
    if outcome is None:
        return "front door"
    place = report.location(outcome.span)
    return f"{'raises' if isinstance(outcome.result, Raised) else 'returns'} at {place.file}:{place.line}"


def _verdict(cell: Cell) -> str:
    if cell.undecided is not None:
        return f"undecided {cell.undecided.because}"
    if cell.verdict.allowed:
        return "allowed"
    return f"blocked {cell.verdict.error} ({cell.exchanges[-1].kind if cell.exchanges else 'before any request'})"
