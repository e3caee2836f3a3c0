"""A unit of an account judged: what pages are refused now, and what the stages serve that is not what is defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Confidence, Evidence, Finding, Severity
from corsmith.api.model import FrontDoor, Problem
from corsmith.api.span import Span
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.readers import read

from . import document, links
from .addresses import addressed
from .compare import Difference, differences, said
from .expected import Expected, expectations
from .json_callers import ASSUMED, sending_json
from .links import Deployed
from .rest_document import RESPONSES
from .snapshot import Failure, FunctionState, HttpApiState, Place, RestApiState
from .unit import Unit
from .wording import of_an_account
from .writing import Document

_RANK = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_NAMED = 6
"""How many differences a message names."""
Key = tuple[str, object, str]
"""A call as it is compared: route, caller, situation."""


class Found(Struct, frozen=True):
    """A finding in an account. `deployed`: where one would act, the first place first. `door`: ARN of the unit's door."""

    finding: Finding
    place: Place
    door: str
    deployed: tuple[Deployed, ...]
    differences: tuple[Difference, ...] = ()
    """What is not the same on both sides, where the finding is about two of them."""


class Open(Struct, frozen=True):
    """A call that is undecided, and why."""

    front_door: str
    api: str
    route: str
    outcome: str
    because: str
    deployed: Deployed | None


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
    stages = tuple(_stages(unit, now, checked, flags, profile))
    served = [_blocked_keys(each.checked) for each in stages if each.checked is not None]
    everywhere = len(served) == _number_of_stages(unit) > 0
    found = [
        _found(unit, now, _softened(each.finding, each.cells, served if everywhere else [], stages))
        for each in checked.groups
    ]
    found += (each.found for each in stages)
    decided = [cell for cell in checked.cells if cell.undecided is None]
    allowed = sum(cell.verdict.allowed for cell in decided)
    return Judged(
        tuple(_ordered(_real(now, checked, each) for each in found)),
        tuple(_open(now, checked)),
        allowed,
        len(decided) - allowed,
        len(checked.unexplained),
        tuple(expectations(unit.place, unit.door.arn, now, _first_stage(unit, stages, checked))),
        tuple(Failure("", unit.door.arn, "", _problem(unit, each)) for each in checked.problems),
        tuple(_canaries(unit)),
    )


def _first_stage(unit: Unit, stages: tuple[_Stage, ...], checked: Checked) -> Checked | None:
    """Return what the first stage serves, which is the one that addresses name; None where that is nothing."""
    if isinstance(unit.door, FunctionState):
        return checked
    named = unit.door.stages[0].get("stageName") or unit.door.stages[0].get("StageName")
    return next((each.checked for each in stages if each.name == named), checked)


def _problem(unit: Unit, problem: Problem) -> str:
    where = problem.file.removeprefix(f"{unit.place.account}/{unit.place.region}/code/")
    place = f"{where}:{problem.line}: " if where != problem.file else ""
    return of_an_account(f"{unit.door.name}: {place}{problem.message}")


def _canaries(unit: Unit) -> Iterator[str]:
    """Yield what there is to say of stages that send a share of their calls to another deployment."""
    door = unit.door
    for stage in door.stages if isinstance(door, RestApiState) else ():
        settings = stage.get("canarySettings") or {}
        if settings.get("deploymentId") not in (None, stage.get("deploymentId")) and settings.get("percentTraffic"):
            share = f"{float(settings['percentTraffic']):g}"
            yield (
                f"The stage {stage.get('stageName')} of REST API {door.name} ({door.id}) sends {share} % of its calls to a "
                "canary deployment, which is not judged: pages may be answered now by the one, now by the other."
            )


def _reachable(unit: Unit) -> bool:
    """An API without a stage answers nobody, and a function without a URL is no front door."""
    door = unit.door
    return bool(door.urls if isinstance(door, FunctionState) else door.stages)


def checked_document(
    written: Document, flags: CallerFlags, profile: str = "model", before: Checked | None = None
) -> Checked:
    """Return the check of a document. After `before` the callers are the same."""
    tree = Tree(Memory({written.path: written.text, **written.files}))
    question = Question((written.path,), flags, profile=profile)
    checked = check(tree, question, before)
    if before is not None or flags.headers is not None:
        return checked
    return check(tree, question, replace(checked, plan=sending_json(checked)))


class _Stage(Struct, frozen=True):
    """A stage that serves something else than what is defined. `checked`: its definition judged."""

    name: str
    found: Found
    checked: Checked | None


def _stages(unit: Unit, now: Document, checked: Checked, flags: CallerFlags, profile: str) -> Iterator[_Stage]:
    door = unit.door
    if isinstance(door, FunctionState):
        return
    for stage in door.exports:
        then = document.deployed(unit, stage)
        read_then = read(Tree(Memory({then.path: then.text})), then.path)
        pairs = zip(read_then.front_doors if read_then is not None else (), _doors(checked), strict=False)
        differ = tuple(each for old, new in pairs for each in differences(old, new))
        if differ:
            served = checked_document(then, flags, profile, checked)
            yield _Stage(stage, _undeployed(unit, stage, now, differ, checked, served), served)
    if isinstance(door, HttpApiState):
        for each in door.stages:
            if (
                not each.get("AutoDeploy")
                and not each.get("DeploymentId")
                and each.get("StageName") not in door.exports
            ):
                name = str(each.get("StageName"))
                yield _Stage(name, _nothing(unit, door, name, checked), None)


def _doors(checked: Checked) -> tuple[FrontDoor, ...]:
    return checked.apis[0].front_doors if checked.apis else ()


def _number_of_stages(unit: Unit) -> int:
    return 0 if isinstance(unit.door, FunctionState) else len(unit.door.stages)


def _undeployed(
    unit: Unit, stage: str, now: Document, differ: tuple[Difference, ...], checked: Checked, served: Checked
) -> Found:
    """Return the finding that a stage serves an older definition: an error where that refuses a call now."""
    door = unit.door
    assert isinstance(door, RestApiState | HttpApiState)
    rest = isinstance(door, RestApiState)
    through = {_key(cell) for cell in checked.cells if cell.undecided is not None or cell.verdict.allowed}
    fresh = [each for each in served.groups if any(_key(cell) in through for cell in each.cells)]
    worst = max(fresh, key=lambda each: _RANK.index(each.finding.severity), default=None)
    new = [each for each in differ if each.old is None and each.new == "defined"]
    severity = worst.finding.severity if worst is not None else Severity.ERROR if new else Severity.INFO
    phrase = partial(said, old="the stage serves", new="defined is")
    named = "; ".join(phrase(each) for each in differ[:_NAMED])
    more = f"; and {len(differ) - _NAMED} more" if len(differ) > _NAMED else ""
    # An export that mentions no gateway responses at all may be one that leaves them out.
    unsaid = RESPONSES not in door.exports[stage] and all("gateway response" in each.what for each in differ)
    kind = "REST API" if rest else "HTTP API"
    effect = (
        "A call that the definition lets through is refused until the API is deployed to the stage."
        if worst is not None or new
        else "No call that we know of is refused by this; it takes effect when the API is deployed to the stage."
    )
    logical = _doors(checked)[0].name
    finding = Finding(
        rule="rest-stage-not-deployed" if rest else "httpapi-stage-not-deployed",
        severity=severity,
        confidence=Confidence.HIGH if worst is not None and not unsaid else Confidence.MEDIUM,
        category=Category.BLOCKED,
        message=f"The stage {stage} of {kind} {logical} serves an older definition. Changed, but not deployed: "
        f"{named}{more}. {effect}",
        front_door="rest_api" if rest else "http_api",
        api=logical,
        route=worst.finding.route if worst is not None else "",
        evidence=worst.finding.evidence if worst is not None else None,
        affects=worst.finding.affects if worst is not None else (),
    )
    own = links.rest_stage(door, stage) if isinstance(door, RestApiState) else links.http_stage(door, stage)
    changed = (now.deployed(each.span) for each in differ if each.span is not None)
    places = dict.fromkeys((own, *(each for each in changed if each is not None)))
    return Found(finding, unit.place, door.arn, tuple(places)[: _NAMED + 1], differ)


def _nothing(unit: Unit, door: HttpApiState, stage: str, checked: Checked) -> Found:
    logical = _doors(checked)[0].name
    finding = Finding(
        "httpapi-stage-not-deployed",
        Severity.ERROR,
        Confidence.HIGH,
        Category.BLOCKED,
        f"Nothing was ever deployed to the stage {stage} of HTTP API {logical}, which has no auto-deploy: it answers every "
        "call 404 without CORS headers. Deploy the API to it, or turn auto-deploy on.",
        "http_api",
        logical,
    )
    return Found(finding, unit.place, door.arn, (links.http_stage(door, stage),))


def _key(cell: Cell) -> Key:
    return (cell.route.label, cell.caller, cell.situation)


def _blocked_keys(checked: Checked | None) -> frozenset[Key]:
    cells = checked.cells if checked is not None else ()
    return frozenset(_key(cell) for cell in cells if cell.undecided is None and not cell.verdict.allowed)


def _softened(
    finding: Finding, cells: tuple[Cell, ...], served: list[frozenset[Key]], stages: tuple[_Stage, ...]
) -> Finding:
    """Return a finding about calls that every stage still lets through, for it serves an older definition, as a warning."""
    if not cells or not served or any(_key(cell) in keys for cell in cells for keys in served):
        return finding
    known = [{_key(cell) for cell in each.checked.cells} for each in stages if each.checked is not None]
    if not all(_key(cell) in keys for cell in cells for keys in known):
        return finding
    least = min(finding.severity, Severity.WARNING, key=_RANK.index)
    message = (
        f"{finding.message} What the stage serves is older and lets the call through: the next deployment ends that."
    )
    return replace(finding, severity=least, message=message, evidence=None)


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
        found, finding=replace(finding, message=of_an_account(real(finding.message)), evidence=evidence, spans=())
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
    return sorted(found, key=lambda each: -_RANK.index(each.finding.severity))
