"""A unit of an account judged: what pages are refused, where one can act, and what is expected of its addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Confidence, Evidence, Finding
from corsmith.api.model import Problem
from corsmith.api.span import Span
from corsmith.project.check import Checked
from corsmith.project.choose import RANK

from . import document, links
from .addresses import addressed
from .checking import checked_document, doors_of
from .expected import Expected, expectations
from .found import Found, Open
from .json_callers import ASSUMED
from .links import Deployed
from .snapshot import Failure, FunctionState, HttpApiState, RestApiState
from .undeployed import Stage, blocked_keys, number_of_stages, softened, stages_of
from .unit import Unit
from .unread import balanced, canaries, keyless, unread
from .wording import of_an_account
from .writing import Document


class Judged(Struct, frozen=True):
    """What came of a unit. Cells are counted, not kept: an account has too many."""

    found: tuple[Found, ...] = ()
    undecided: tuple[Open, ...] = ()
    allowed: int = 0
    blocked: int = 0
    unexplained: int = 0
    expected: tuple[Expected, ...] = ()
    failures: tuple[Failure, ...] = ()
    """What was read and cannot be understood."""
    remarks: tuple[str, ...] = ()


def judge(unit: Unit, flags: CallerFlags, profile: str = "model") -> Judged:
    """Return what a browser would make of the calls that the unit is there for. Pure: `unit` is all that is looked at."""
    if not _reachable(unit):
        return Judged()
    now = document.working_copy(unit)
    checked = checked_document(now, flags, profile)
    stages = tuple(stages_of(unit, now, checked, flags, profile))
    served = [blocked_keys(each.checked) for each in stages if each.checked is not None]
    everywhere = len(served) == number_of_stages(unit) > 0
    found = [
        _found(unit, now, softened(each.finding, each.cells, served if everywhere else [], stages))
        for each in checked.groups
    ]
    found += (each.found for each in stages)
    decided = [cell for cell in checked.cells if cell.undecided is None]
    allowed = sum(cell.verdict.allowed for cell in decided)
    return Judged(
        tuple(_ordered(_real(now, checked, each) for each in (*found, *canaries(unit, _logical(checked))))),
        (*_open(now, checked), *unread(unit, _logical(checked))),
        allowed,
        len(decided) - allowed,
        len(checked.unexplained),
        tuple(expectations(unit.place, unit.door.arn, now, _first_stage(unit, stages, checked))),
        tuple(Failure("", unit.door.arn, "", _problem(unit, each)) for each in checked.problems),
        (*keyless(unit), *balanced(unit)),
    )


def _logical(checked: Checked) -> str:
    """Return what the front door is called in messages."""
    doors = doors_of(checked)
    return doors[0].name if doors else ""


def _first_stage(unit: Unit, stages: tuple[Stage, ...], checked: Checked) -> Checked | None:
    """Return what the first stage serves, which is the one that addresses name; None where that is nothing."""
    if isinstance(unit.door, FunctionState):
        return checked
    named = unit.door.stages[0].get("stageName") or unit.door.stages[0].get("StageName")
    return next((each.checked for each in stages if each.name == named), checked)


def _problem(unit: Unit, problem: Problem) -> str:
    where = problem.file.removeprefix(f"{unit.place.account}/{unit.place.region}/code/")
    place = f"{where}:{problem.line}: " if where != problem.file else ""
    return of_an_account(f"{unit.door.name}: {place}{problem.message}")


def _reachable(unit: Unit) -> bool:
    """An API without a stage answers nobody, and a function without a URL is no front door."""
    door = unit.door
    return bool(door.urls if isinstance(door, FunctionState) else door.stages)


def _found(unit: Unit, written: Document, finding: Finding) -> Found:
    places = dict.fromkeys(each for span in finding.spans if (each := written.deployed(span)) is not None)
    if _rests_on_json(finding):
        finding = replace(
            finding,
            confidence=Confidence.LOW if finding.confidence is Confidence.LOW else Confidence.MEDIUM,
            message=f"{finding.message} (This takes it that pages send JSON: the function's code was not read.)",
        )
    return Found(replace(finding, fixes=()), unit.place, unit.door.arn, tuple(places) or (_whole(unit),))


def _rests_on_json(finding: Finding) -> bool:
    """Say whether it is the assumed header that made the browser ask, or that it asked for in vain."""
    evidence = finding.evidence
    if evidence is None or evidence.stage != "preflight" or ASSUMED not in evidence.asked:
        return False
    by_itself = evidence.asked == (ASSUMED,) and finding.route.startswith("POST ")
    return by_itself or finding.rule == "allow-headers-missing-header"


def _whole(unit: Unit) -> Deployed:
    door = unit.door
    if isinstance(door, RestApiState):
        return links.rest_api(door)
    return links.http_api(door) if isinstance(door, HttpApiState) else links.function(door)


def _real(written: Document, checked: Checked, found: Found) -> Found:
    """Return a finding with the addresses that the account really has, in the words for an account."""
    real = addressed(written, checked)
    finding = found.finding
    evidence = finding.evidence
    if evidence is not None:
        request = replace(
            evidence.request,
            url=real(evidence.request.url),
            headers=tuple((name, real(value)) for name, value in evidence.request.headers),
        )
        console = real(evidence.console) if evidence.console is not None else None
        evidence = Evidence(
            request,
            evidence.credentials,
            real(evidence.origin),
            evidence.response,
            evidence.stage,
            console,
            evidence.asked,
        )
    return replace(
        found,
        finding=replace(finding, message=of_an_account(real(finding.message)), evidence=evidence, spans=()),
        differences=tuple(replace(each, span=None, old_span=None) for each in found.differences),
    )


def _open(written: Document, checked: Checked) -> Iterator[Open]:
    for cell in checked.cells:
        if cell.undecided is not None:
            span: Span = cell.undecided.span or cell.route.declared.span
            yield Open(
                cell.route.front_door.kind,
                cell.route.front_door.name,
                cell.route.label,
                cell.situation or ((cell.outcome.made_by or "handler") if cell.outcome else "front door"),
                of_an_account(cell.undecided.because),
                written.deployed(span) or written.deployed(cell.route.declared.span),
            )


def _ordered(found: Iterable[Found]) -> list[Found]:
    return sorted(found, key=lambda each: -RANK[each.finding.severity])
