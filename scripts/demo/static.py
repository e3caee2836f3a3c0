"""What corsmith says of a call from the project's files alone."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from corsmith import check_project
from corsmith.api.caller import CallerFlags
from corsmith.api.cell import Cell
from corsmith.api.finding import Finding
from corsmith.api.report import Report

from .calls import Call


class Opinion(Struct, frozen=True):
    """The verdict on a call, with the rule that explains a block, and the title of the fix that corsmith offers."""

    verdict: str
    cause: str = ""
    fix: str = ""


def opinion(project: Path, call: Call) -> Opinion:
    """Return what corsmith says of `call`."""
    flags = CallerFlags((call.origin,), (call.method,), call.headers, call.credentials, call.path.split("?")[0])
    report = check_project([str(project / "template.yaml")], caller=flags)
    cells = [cell for cell in report.cells if _is_of(cell, call)]
    blocked = [cell for cell in cells if cell.verdict is not None and not cell.verdict.allowed]
    if blocked:
        finding = _finding(report, blocked[0])
        if finding is None:
            return Opinion("blocked", "unexplained")
        return Opinion("blocked", finding.rule, finding.fixes[0].title if finding.fixes else "")
    if not cells or any(cell.undecided is not None for cell in cells):
        return Opinion("undecided", "; ".join({cell.undecided.because for cell in cells if cell.undecided is not None}))
    return Opinion("allowed")


def _is_of(cell: Cell, call: Call) -> bool:
    """Say whether `cell` is a way in which `call` can go."""
    if cell.route.front_door.name != call.api:
        return False
    last = cell.exchanges[-1] if cell.exchanges else None
    if last is None or last.kind == "preflight":
        return cell.situation == ""
    if call.meets == "unauthorized":
        return cell.situation == "unauthorized"
    failed = last.response.status >= 400
    return cell.situation == "" and (last.response.status == call.status if call.meets == "error" else not failed)


def _finding(report: Report, cell: Cell) -> Finding | None:
    """Return the finding that explains `cell`: of its API and route, and about the same kind of response."""
    last = cell.exchanges[-1]
    answered = ("error-response", "actual") if last.response.status >= 400 else ("actual", "error-response")
    # One finding stands for many cells, and its evidence may be another of them: the exact stage is only preferred.
    for stage in ("preflight",) if last.kind == "preflight" else answered:
        for finding in report.findings:
            here = finding.api == cell.route.front_door.name and cell.route.label in (finding.route, *finding.affects)
            if here and finding.evidence is not None and finding.evidence.stage == stage:
                return finding
    return None
