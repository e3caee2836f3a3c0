"""preflight-blocked-in-front: something before the front door answers, and CORS is never reached."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.front_door import Guard, Stage
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known

from .blocked import Blocked
from .rule import Diagnosis, Rule, no_fix


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that a web ACL, mutual TLS or a limit of zero turns away."""
    if blocked.cell.situation:
        return None
    what = "preflight" if blocked.at_preflight else "request"
    guard = _guard(blocked)
    if guard is not None:
        return _diagnosis(blocked, f"{guard.because[:1].upper()}{guard.because[1:]}", what, guard.span)
    stage = _throttled(blocked)
    if stage is not None:
        limit = "The throttling limit of the stage is 0, which lets no request pass"
        return _diagnosis(blocked, limit, what, stage.throttled.span)
    method = _validated(blocked)
    if method is not None:
        asked = f"{method.verb.upper()} {method.path} has a request validator ({', '.join(method.validates)})"
        return _diagnosis(blocked, f"{asked} that no preflight satisfies", what, method.span)
    return None


def _diagnosis(blocked: Blocked, why: str, what: str, span: Span | None) -> Diagnosis:
    return Diagnosis(
        f"{why}: the {what} is answered {blocked.status} before {blocked.front_door.name} looks at CORS, without CORS headers. "
        "Let OPTIONS pass there.",
        tuple(each for each in (span, blocked.front_door.span) if each is not None),
        no_fix,
    )


def _guard(blocked: Blocked) -> Guard | None:
    method = blocked.deciding.request.method
    route = blocked.cell.route
    for door in (route.front_door, route.last.front_door):
        for guard in () if isinstance(door, FunctionUrl) else door.guards:
            if "*" not in guard.verbs and method not in guard.verbs:
                continue
            if blocked.made_by == "waf" or (guard.kind == "mutual-tls" and blocked.status == 403):
                return guard
            # A REST API makes the web ACL's refusal a response of its own.
            if guard.kind == "waf" and blocked.made_by == "gateway" and blocked.status == 403:
                return guard
    return None


def _throttled(blocked: Blocked) -> Stage | None:
    door = blocked.front_door
    if not isinstance(door, HttpApi | RestApi) or blocked.status != 429 or blocked.made_by != "gateway":
        return None
    return next((each for each in door.stages if isinstance(each.throttled, Known) and each.throttled.value), None)


def _validated(blocked: Blocked) -> RestMethod | None:
    method = blocked.takes
    if not blocked.at_preflight or blocked.status != 400 or blocked.made_by != "gateway":
        return None
    return method if isinstance(method, RestMethod) and method.validates else None


RULE = Rule(
    "preflight-blocked-in-front",
    Category.BLOCKED,
    "a WAF, mutual TLS, a resource policy or a throttle answers the preflight before CORS is reached",
    explain,
)
