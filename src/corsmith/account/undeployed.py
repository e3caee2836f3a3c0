"""What stages serve that is not what is defined, and which calls that decides.

Source: the API Gateway developer guide, "Deploying a REST API in Amazon API Gateway": a change reaches a stage only when the
API is deployed to it; "Working with stages for HTTP APIs" for auto-deploy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked
from corsmith.readers import read

from . import document, links
from .checking import checked_document, doors_of
from .compare import Difference, differences, said
from .found import Found
from .rest_document import RESPONSES
from .snapshot import FunctionState, HttpApiState, RestApiState
from .unit import Unit
from .writing import Document

_RANK = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_NAMED = 6
"""How many differences a message names."""
Key = tuple[str, object, str]
"""A call as it is compared: route, caller, situation."""


class Stage(Struct, frozen=True):
    """A stage that serves something else than what is defined. `checked`: its definition judged."""

    name: str
    found: Found
    checked: Checked | None


def stages_of(unit: Unit, now: Document, checked: Checked, flags: CallerFlags, profile: str) -> Iterator[Stage]:
    """Yield the stages that serve something else than what `now` defines; `checked` is what came of that."""
    door = unit.door
    if isinstance(door, FunctionState):
        return
    behind = {stage: differ for stage in door.exports if (differ := _differences(unit, stage, checked))}
    for stage, differ in behind.items():
        served = checked_document(document.deployed(unit, stage), flags, profile, checked)
        found = _undeployed(unit, stage, now, differ, checked, served)
        yield Stage(stage, found if len(behind) == len(door.stages) else _promoted(found), served)
    if isinstance(door, HttpApiState):
        for each in door.stages:
            if (
                not each.get("AutoDeploy")
                and not each.get("DeploymentId")
                and each.get("StageName") not in door.exports
            ):
                name = str(each.get("StageName"))
                yield Stage(name, _nothing(unit, door, name, checked), None)


def _differences(unit: Unit, stage: str, checked: Checked) -> tuple[Difference, ...]:
    then = document.deployed(unit, stage)
    api = read(Tree(Memory({then.path: then.text})), then.path)
    pairs = zip(api.front_doors if api is not None else (), doors_of(checked), strict=False)
    return tuple(each for old, new in pairs for each in differences(old, new))


def _promoted(found: Found) -> Found:
    """Return the finding about a stage where another one serves what is defined: it may be behind by intention.

    What is new there is then no fault; a call that this stage has, and refuses, still is.
    """
    if found.finding.evidence is not None:
        return found
    return replace(found, finding=replace(found.finding, severity=Severity.INFO))


def number_of_stages(unit: Unit) -> int:
    """Return how many stages an API has; 0 for a function."""
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
    logical = doors_of(checked)[0].name
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
    logical = doors_of(checked)[0].name
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


def blocked_keys(checked: Checked | None) -> frozenset[Key]:
    """Return the calls that are blocked."""
    cells = checked.cells if checked is not None else ()
    return frozenset(_key(cell) for cell in cells if cell.undecided is None and not cell.verdict.allowed)


def softened(
    finding: Finding, cells: tuple[Cell, ...], served: list[frozenset[Key]], stages: tuple[Stage, ...]
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
