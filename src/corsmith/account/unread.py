"""What stands before a unit's calls and was not read: said as undecided, with what would have had to be known."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category, Confidence, Finding, Severity

from . import links
from .found import Found, Open
from .read_rest import asks_for_keys, canary_of
from .snapshot import FunctionState, Json, RestApiState
from .unit import Unit

_CLASSIC = "a web ACL of AWS WAF Classic, which AWS ended in September 2025 and whose rules are not read"
_NOT_READ = "a web ACL whose rules were not read"


def unread(unit: Unit, logical: str) -> Iterator[Open]:
    """Yield what is undecided about a unit as a whole. `logical` is what its front door is called."""
    door = unit.door
    if isinstance(door, RestApiState):
        for stage in door.stages:
            for because in (*_guarded(door, stage), *_shared(stage)):
                name = str(stage.get("stageName"))
                yield Open("rest_api", logical, "", f"stage {name}", because, links.rest_stage(door, name))
    for each in unit.distributions:
        acl = str(each.distribution.get("WebACLId") or "")
        if acl and each.web_acl is None:
            kind = _NOT_READ if acl.startswith("arn:") else _CLASSIC
            because = f"before distribution {each.id} stands {kind} ({acl})"
            yield Open("cloudfront", each.id, "", "web ACL", because, links.distribution(each))


def _guarded(door: RestApiState, stage: Json) -> Iterator[str]:
    acl = str(stage.get("webAclArn") or "")
    if acl and acl not in door.web_acls:
        kind = _CLASSIC if ":waf-regional:" in acl else _NOT_READ
        yield f"before stage {stage.get('stageName')} stands {kind} ({acl})"


def _shared(stage: Json) -> Iterator[str]:
    deployment = canary_of(stage)
    if deployment is not None:
        yield (
            f"stage {stage.get('stageName')} sends {_share(stage)} % of its calls to the canary deployment {deployment}: "
            "AWS exports header values and gateway responses of a stage's own deployment only"
        )


def _share(stage: Json) -> str:
    return f"{float((stage.get('canarySettings') or {}).get('percentTraffic') or 0):g}"


def canaries(unit: Unit, logical: str) -> Iterator[Found]:
    """Yield a finding for each canary that lacks an OPTIONS method which is defined: its share of preflights is refused."""
    door = unit.door
    if not isinstance(door, RestApiState):
        return
    for stage in door.stages:
        name = str(stage.get("stageName"))
        summary = door.canaries.get(name)
        missing = list(_missing(door, summary)) if summary is not None else []
        if missing:
            finding = Finding(
                "rest-stage-not-deployed",
                Severity.WARNING,
                Confidence.MEDIUM,
                Category.BLOCKED,
                f"The canary of stage {name} of REST API {logical}, to which {_share(stage)} % of its calls go, serves an older "
                f"definition: it lacks {', '.join(missing)}. Deploy to the canary, promote it, or end it.",
                "rest_api",
                logical,
                missing[0],
            )
            yield Found(finding, unit.place, door.arn, (links.rest_stage(door, name),))


def _missing(door: RestApiState, summary: Json) -> Iterator[str]:
    """Yield the OPTIONS methods that a deployment's summary (path to verb to settings) has not."""
    for each in door.resources:
        path, verbs = str(each.get("path")), summary.get(str(each.get("path"))) or {}
        if "OPTIONS" in (each.get("resourceMethods") or {}) and not {"OPTIONS", "ANY"} & set(verbs):
            yield f"OPTIONS {path}"


def balanced(unit: Unit) -> Iterator[str]:
    """Yield what there is to say of functions that a load balancer may call, too: its listeners are not read."""
    own = (unit.door,) if isinstance(unit.door, FunctionState) else ()
    for function in (*own, *unit.functions):
        if any(_names_balancer(each) for policy in function.policies.values() for each in statements(policy)):
            yield (
                f"A load balancer may call function {function.name}, too. Listeners and their rules are not read: "
                "corsmith check URL --errors asks the load balancer itself."
            )


def statements(policy: Json) -> Iterator[Json]:
    """Yield the statements of a resource policy; one that stands alone need not be in a list."""
    own = policy.get("Statement") or ()
    for each in own if isinstance(own, list | tuple) else (own,):
        if isinstance(each, dict):
            yield each


def _names_balancer(statement: Json) -> bool:
    principal = statement.get("Principal")
    return isinstance(principal, dict) and principal.get("Service") == "elasticloadbalancing.amazonaws.com"


def keyless(unit: Unit) -> Iterator[str]:
    """Yield what there is to say of stages whose methods ask for keys, and that no usage plan gives keys for."""
    door = unit.door
    if isinstance(door, FunctionState) or not isinstance(door, RestApiState):
        return
    if door.usage_plans is None or not asks_for_keys(door):
        return
    held = {
        s.get("stage") for plan in door.usage_plans for s in plan.get("apiStages") or () if s.get("apiId") == door.id
    }
    for stage in door.stages:
        if stage.get("stageName") not in held:
            yield (
                f"Methods of REST API {door.name} ({door.id}) ask for an API key, and no usage plan holds its stage "
                f"{stage.get('stageName')}: no key is good there, and every call to them is answered 403."
            )
