"""Which stages a repaired definition has to be deployed to, and what else such a deployment publishes.

A deployment is a snapshot of the whole API (API Gateway developer guide, "Deploying a REST API"): whatever was changed and
not deployed since goes out with it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.account import document
from corsmith.account.compare import Difference, differences, said
from corsmith.account.snapshot import FunctionState, HttpApiState, RestApiState
from corsmith.account.unit import Unit
from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding, Severity
from corsmith.project.check import Checked

from .call import Json, Thing
from .repairing import Repaired, checked_of

DESCRIPTION = "corsmith audit --fix"
_NAMED = 8


class Deployment(Struct, frozen=True):
    """A deployment that a stage needs. `ends`: what its older definition is at fault in; `note` what else goes out."""

    thing: Thing
    ends: tuple[str, ...]
    note: str


class Withheld(Struct, frozen=True):
    """A stage that needs a deployment and does not get one. `why` is a phrase without a full stop."""

    stage: str
    why: str


def deployments(unit: Unit, done: Repaired, flags: CallerFlags) -> Iterator[Deployment | Withheld]:
    """Yield what the stages of the unit as it was read need to serve the repaired definition."""
    door = unit.door
    if isinstance(door, RestApiState):
        for stage in door.stages:
            yield from _rest_stage(unit, door, stage, done, flags)
    elif isinstance(door, HttpApiState):
        for stage in door.stages:
            if not stage.get("AutoDeploy"):
                yield from _http_stage(unit, door, stage, done, flags)


def _rest_stage(
    unit: Unit, door: RestApiState, stage: Json, done: Repaired, flags: CallerFlags
) -> Iterator[Deployment | Withheld]:
    name = str(stage["stageName"])
    thing = Thing(door.place, "stage", door.id, (name,), f"stage {name} of REST API {door.name} ({door.id})")
    ends = _ends(unit, name, door.exports, done, flags)
    if not ends:
        return
    if stage.get("canarySettings"):
        yield Withheld(name, "it has a canary release, which a deployment would change: promote or end it first")
        return
    yield Deployment(thing, ends, _note(unit, name, door.exports, done))


def _http_stage(
    unit: Unit, door: HttpApiState, stage: Json, done: Repaired, flags: CallerFlags
) -> Iterator[Deployment | Withheld]:
    name = str(stage["StageName"])
    thing = Thing(door.place, "http-stage", door.id, (name,), f"stage {name} of HTTP API {door.name} ({door.id})")
    if not stage.get("DeploymentId"):
        ends: tuple[str, ...] = ("httpapi-stage-not-deployed",)
    else:
        ends = _ends(unit, name, door.exports, done, flags)
    if ends:
        yield Deployment(thing, ends, _note(unit, name, door.exports, done))


def _ends(unit: Unit, stage: str, exports: dict[str, Json], done: Repaired, flags: CallerFlags) -> tuple[str, ...]:
    """Return the rules whose findings are in what a stage serves, and not in the repaired definition."""
    if stage not in exports:
        # What it serves was not read: it is taken to serve what was defined.
        return tuple(dict.fromkeys(step.finding.rule for step in done.steps))
    served = checked_of(document.deployed(unit, stage), flags, done.before)
    now = {_about(finding) for finding in _serious(done.after)}
    faults = tuple(dict.fromkeys(each.rule for each in _serious(served) if _about(each) not in now))
    return (*faults, _not_deployed(unit)) if faults or _lets_more_through(served, done.after) else ()


def _lets_more_through(served: Checked, now: Checked) -> bool:
    through = {_call(cell) for cell in now.cells if cell.undecided is None and cell.verdict.allowed}
    return any(_call(cell) in through for cell in served.cells if cell.undecided is None and not cell.verdict.allowed)


def _call(cell: object) -> tuple[object, ...]:
    return (cell.route.label, cell.caller, cell.situation)  # type: ignore[attr-defined]


def _not_deployed(unit: Unit) -> str:
    return "rest-stage-not-deployed" if isinstance(unit.door, RestApiState) else "httpapi-stage-not-deployed"


def _serious(checked: Checked) -> Iterator[Finding]:
    return (each.finding for each in checked.groups if each.finding.severity is not Severity.INFO)


def _about(finding: Finding) -> tuple[str, str]:
    return (finding.rule, finding.route)


def _note(unit: Unit, stage: str, exports: dict[str, Json], done: Repaired) -> str:
    """Say what was waiting before any repair: the deployment publishes it, too."""
    if stage not in exports:
        if isinstance(unit.door, FunctionState):
            return ""
        return "What the stage serves was not read: the deployment publishes every change that was made since."
    waiting = tuple(_waiting(unit, stage, done.before))
    if not waiting:
        return "Of what corsmith compares, nothing else was waiting to be deployed."
    listed = "; ".join(said(each, "the stage serves", "defined is") for each in waiting[:_NAMED])
    more = f"; and {len(waiting) - _NAMED} more" if len(waiting) > _NAMED else ""
    return f"The deployment also publishes what was changed before and not deployed: {listed}{more}."


def _waiting(unit: Unit, stage: str, before: Checked) -> Iterator[Difference]:
    served = checked_of(document.deployed(unit, stage), CallerFlags(), before)
    doors = (served.apis[0].front_doors if served.apis else (), before.apis[0].front_doors if before.apis else ())
    for old, new in zip(*doors, strict=False):
        yield from differences(old, new)
