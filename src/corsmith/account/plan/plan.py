"""The plan: for each front door the calls in their order, the findings they end, and what is left and why.

It is proven before it is shown: the calls are applied in memory, one by one, to what was read; what comes out is judged
again, and must have none of the findings that the plan is to end, and none that were not there before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from corsmith.account.judge import Judged, judge
from corsmith.account.managed import Managed, managed
from corsmith.account.snapshot import RestApiState
from corsmith.account.unit import Unit
from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Finding, Severity

from .applied import after
from .call import Call, Json, Request, Thing
from .case import find, name_of, with_wanted
from .deploying import DESCRIPTION, Deployment, Withheld, deployments
from .difference import Irreversible, requests
from .repairing import Repaired, every, repaired
from .repairs import BY_DEPLOYING
from .rest_methods import unfinished
from .same import covers


class Unfixed(Struct, frozen=True):
    """What the plan leaves. `why` is a phrase without a full stop."""

    rule: str
    route: str
    severity: Severity
    why: str


class UnitPlan(Struct, frozen=True):
    """The plan for one front door. `ends` counts findings by rule; `managed` is set where nothing is planned for it."""

    name: str
    arn: str
    calls: tuple[Call, ...] = ()
    ends: tuple[tuple[str, int], ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    """Rule and repair, in the order in which they were worked out."""
    left: tuple[Unfixed, ...] = ()
    managed: Managed | None = None


class Wish(Struct, frozen=True):
    """What is to be planned. `flags`: the pages that call. `token` marks the deployments. `takes`: findings that count."""

    flags: CallerFlags = CallerFlags()
    token: str = ""
    takes: Callable[[Finding], bool] = every
    even_if_managed: bool = False


class Unproven(Exception):  # noqa: N818 - it names a state
    """The calls do not lead where they should: a fault of corsmith's own. The message says where."""


def plan(units: Iterable[Unit], wish: Wish) -> Iterator[UnitPlan]:
    """Yield the plan of each front door that has something to repair. Pure."""
    for unit in units:
        found = plan_unit(unit, wish)
        if found.calls or found.left or found.managed is not None:
            yield found


def plan_unit(unit: Unit, wish: Wish) -> UnitPlan:
    """Return the plan of one front door; without calls where they cannot be proven."""
    flags = wish.flags
    before = judge(unit, flags)
    serious = (each.finding for each in before.found if each.finding.severity is not Severity.INFO)
    if not _begun(unit) and not any(wish.takes(each) for each in serious):
        return UnitPlan(name_of(unit), unit.door.arn)
    owner = managed(unit.door.tags)
    if owner is not None and not wish.even_if_managed:
        return UnitPlan(name_of(unit), unit.door.arn, managed=owner)
    done = repaired(unit, flags, wish.takes)
    left = [Unfixed(each.finding.rule, each.finding.route, each.finding.severity, each.why) for each in done.left]
    calls = list(_calls(unit, done))
    stays: frozenset[str] = frozenset()
    flagged = frozenset(_flagged(before, wish))
    for each in deployments(unit, done, flags, flagged) if done.steps or flagged else ():
        if isinstance(each, Withheld):
            stays = BY_DEPLOYING
            rule = "rest-stage-not-deployed" if isinstance(unit.door, RestApiState) else "httpapi-stage-not-deployed"
            left.append(Unfixed(rule, "", Severity.WARNING, f"nothing is deployed to stage {each.stage}: {each.why}"))
        else:
            calls.append(_deploy(unit, each, wish.token))
    try:
        ends = _proven(unit, calls, before, done, flags, stays)
    except Unproven as error:
        return UnitPlan(name_of(unit), unit.door.arn, left=(*left, Unfixed("", "", Severity.ERROR, str(error))))
    titles = tuple(dict.fromkeys((step.finding.rule, step.change.title) for step in done.steps))
    return UnitPlan(name_of(unit), unit.door.arn, tuple(calls), ends, titles, tuple(left))


def _begun(unit: Unit) -> bool:
    """Say whether somebody, or a run that was broken off, left a method that cannot be deployed."""
    return isinstance(unit.door, RestApiState) and any(unfinished(unit.door))


def _flagged(judged: Judged, wish: Wish) -> Iterator[str]:
    """Yield the stages that serve an older definition, as far as such findings count."""
    for each in judged.found:
        finding = each.finding
        if finding.rule in BY_DEPLOYING and finding.severity is not Severity.INFO and wish.takes(finding):
            yield each.deployed[0].arn.rpartition("/stages/")[2]


def _calls(unit: Unit, done: Repaired) -> Iterator[Call]:
    """Yield the calls that lead from the unit as it is to the repaired one, thing by thing."""
    why: dict[Thing, dict[str, None]] = {}
    notes: dict[Thing, dict[str, None]] = {}
    for step in done.steps:
        for thing, _ in step.change.wanted:
            why.setdefault(thing, {})[step.finding.rule] = None
            notes.setdefault(thing, {})[step.change.note] = None
    # A repair may be taken over by a later one of the same thing: only where it ends counts.
    for thing, rules in why.items():
        now, wanted = find(unit, thing), find(done.unit, thing)
        for request in requests(thing, now, wanted):
            then = after(request, now)
            note = " ".join(each for each in notes.pop(thing, {}) if each)
            yield Call(thing, request, now, then, tuple(rules), _inverse(thing, then, now), note)
            now = then
        if not covers(thing.kind, now, wanted):
            raise Unproven(f"the calls for {thing.label} do not lead to what is wanted")


def _deploy(unit: Unit, needed: Deployment, token: str) -> Call:
    thing = needed.thing
    name = thing.part[0]
    said = f"{DESCRIPTION} {token}"
    if thing.kind == "stage":
        given = {"restApiId": thing.owner, "stageName": name, "description": said}
        request = Request("apigateway", "CreateDeployment", given)
    else:
        request = Request(
            "apigatewayv2", "CreateDeployment", {"ApiId": thing.owner, "StageName": name, "Description": said}
        )
    now = find(unit, thing)
    then = after(request, now)
    inverse = _inverse(thing, then, now)
    note = needed.note if inverse else f"{needed.note} It cannot be undone: {_why_not(thing, then, now)}.".strip()
    return Call(thing, request, now, then, needed.ends, inverse, note)


def _inverse(thing: Thing, now: Json | None, wanted: Json | None) -> tuple[Request, ...]:
    try:
        return requests(thing, now, wanted)
    except Irreversible:
        return ()


def _why_not(thing: Thing, now: Json | None, wanted: Json | None) -> str:
    try:
        requests(thing, now, wanted)
    except Irreversible as error:
        return str(error)
    return ""


def _proven(
    unit: Unit, calls: list[Call], before: Judged, done: Repaired, flags: CallerFlags, stays: frozenset[str]
) -> tuple[tuple[str, int], ...]:
    """Return how many findings of which rule the calls end.

    What a refused preflight hid may show now, and is then known from the repairs; so may what is said of stages that get no
    deployment (rules of `stays`). Raises `Unproven` where anything else is new.
    """
    now = unit
    for call in calls:
        now = with_wanted(now, call.thing, after(call.request, find(now, call.thing)))
    then = judge(now, flags)
    had, has = _serious(before), _serious(then)
    shown = {(each.finding.rule, each.finding.route) for each in done.after.groups}
    new = [each for each in has - had if each not in shown and each[0] not in stays]
    if new:
        raise Unproven(f"the calls for {name_of(unit)} would bring {', '.join(dict.fromkeys(rule for rule, _ in new))}")
    ended = Counter(rule for rule, _ in (had - has).elements())
    return tuple(sorted(ended.items()))


def _serious(judged: Judged) -> Counter[tuple[str, str]]:
    return Counter(
        (each.finding.rule, each.finding.route) for each in judged.found if each.finding.severity is not Severity.INFO
    )
