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
from corsmith.api.cell import Cell
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


class _Served(Struct, frozen=True):
    """What is needed to say what a stage lacks. `flagged`: stages that a finding says serve an older definition."""

    unit: Unit
    done: Repaired
    flags: CallerFlags
    exports: dict[str, Json]
    flagged: frozenset[str]
    waiting: dict[str, tuple[Difference, ...]]
    """What was changed and not deployed before any repair, by stage."""

    def ahead_of(self, stage: str) -> str | None:
        """Return a stage that serves what is defined, where `stage` does not and nobody is known to be harmed by it."""
        if stage in self.flagged or not self.waiting.get(stage):
            return None
        return next((other for other, waits in self.waiting.items() if not waits), None)


def deployments(
    unit: Unit, done: Repaired, flags: CallerFlags, flagged: frozenset[str]
) -> Iterator[Deployment | Withheld]:
    """Yield what the stages of the unit as it was read need to serve the repaired definition.

    `flagged` names the stages that are known to serve an older definition to somebody's harm.
    """
    door = unit.door
    if isinstance(door, FunctionState):
        return
    waiting = {stage: tuple(_waiting(unit, stage, done.before, flags)) for stage in door.exports}
    served = _Served(unit, done, flags, door.exports, flagged, waiting)
    for stage in door.stages:
        if isinstance(door, RestApiState):
            yield from _rest_stage(served, door, stage)
        elif not stage.get("AutoDeploy"):
            yield from _http_stage(served, door, stage)


def _rest_stage(served: _Served, door: RestApiState, stage: Json) -> Iterator[Deployment | Withheld]:
    name = str(stage["stageName"])
    ends = _ends(served, name)
    if ends and stage.get("canarySettings"):
        yield Withheld(name, "it has a canary release, which a deployment would change: promote or end it first")
    elif ends and served.ahead_of(name):
        yield Withheld(name, _behind(served, name))
    elif ends:
        thing = Thing(door.place, "stage", door.id, (name,), f"stage {name} of REST API {door.name} ({door.id})")
        yield Deployment(thing, ends, _note(served, name))


def _http_stage(served: _Served, door: HttpApiState, stage: Json) -> Iterator[Deployment | Withheld]:
    name = str(stage["StageName"])
    ends = _ends(served, name) if stage.get("DeploymentId") else (_not_deployed(served),)
    if ends and served.ahead_of(name):
        yield Withheld(name, _behind(served, name))
    elif ends:
        thing = Thing(door.place, "http-stage", door.id, (name,), f"stage {name} of HTTP API {door.name} ({door.id})")
        note = _note(served, name) if stage.get("DeploymentId") else "The stage serves nothing yet."
        yield Deployment(thing, ends, note)


def _ends(served: _Served, stage: str) -> tuple[str, ...]:
    """Return the rules whose findings are in what a stage serves, and not in the repaired definition."""
    after = served.done.after
    if stage not in served.exports:
        # What it serves was not read: it is taken to serve what was defined.
        return tuple(dict.fromkeys(step.finding.rule for step in served.done.steps if step.deployed))
    then = checked_of(document.deployed(served.unit, stage), served.flags, served.done.before)
    now = {_about(finding) for finding in _serious(after)}
    faults = tuple(dict.fromkeys(each.rule for each in _serious(then) if _about(each) not in now))
    older = bool(faults) or stage in served.flagged or _lets_more_through(then, after)
    return (*faults, _not_deployed(served)) if older else ()


def _lets_more_through(served: Checked, now: Checked) -> bool:
    through = {_call(cell) for cell in now.cells if cell.undecided is None and cell.verdict.allowed}
    return any(_call(cell) in through for cell in served.cells if cell.undecided is None and not cell.verdict.allowed)


def _call(cell: Cell) -> tuple[object, ...]:
    return (cell.route.label, cell.caller, cell.situation)


def _not_deployed(served: _Served) -> str:
    return "rest-stage-not-deployed" if isinstance(served.unit.door, RestApiState) else "httpapi-stage-not-deployed"


def _serious(checked: Checked) -> Iterator[Finding]:
    return (each.finding for each in checked.groups if each.finding.severity is not Severity.INFO)


def _about(finding: Finding) -> tuple[str, str]:
    return (finding.rule, finding.route)


def _note(served: _Served, stage: str) -> str:
    """Say what was waiting before any repair: the deployment publishes it, too."""
    if stage not in served.exports:
        return "What the stage serves was not read: the deployment publishes every change that was made since."
    if not served.waiting[stage]:
        return "Of what corsmith compares, nothing else was waiting to be deployed."
    return f"The deployment also publishes what was changed before and not deployed: {_listed(served, stage)}."


def _behind(served: _Served, stage: str) -> str:
    return (
        f"it is behind stage {served.ahead_of(stage)}, perhaps by intention, and a deployment would publish what differs "
        f"({_listed(served, stage)}): deploy to it when that is to go out"
    )


def _listed(served: _Served, stage: str) -> str:
    waiting = served.waiting[stage]
    more = f"; and {len(waiting) - _NAMED} more" if len(waiting) > _NAMED else ""
    return "; ".join(said(each, "the stage serves", "defined is") for each in waiting[:_NAMED]) + more


def _waiting(unit: Unit, stage: str, before: Checked, flags: CallerFlags) -> Iterator[Difference]:
    then = checked_of(document.deployed(unit, stage), flags, before)
    doors = (then.apis[0].front_doors if then.apis else (), before.apis[0].front_doors if before.apis else ())
    for old, new in zip(*doors, strict=False):
        yield from differences(old, new)
