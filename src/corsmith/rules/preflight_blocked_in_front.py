"""preflight-blocked-in-front: something before the front door answers, and CORS is never reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.front_door import Guard, Stage
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.fixes.limits import without_zero
from corsmith.fixes.rest_methods import without_validator
from corsmith.fixes.web_acls import let_options_pass

from .blocked import Blocked
from .rule import Diagnosis, Rule, by_hand


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls that a web ACL, mutual TLS or a limit of zero turns away."""
    if blocked.cell.situation:
        return None
    what = "preflight" if blocked.at_preflight else "request"
    guard = _guard(blocked)
    if guard is not None:
        why = f"{guard.because[:1].upper()}{guard.because[1:]}"
        return _diagnosis(blocked, why, what, guard.span, lambda: _pass(blocked, guard))
    stage = _throttled(blocked)
    if stage is not None:
        limit = "The throttling limit of the stage is 0, which lets no request pass"
        return _diagnosis(blocked, limit, what, stage.throttled.span, lambda: _unlimited(blocked, stage))
    method = _validated(blocked)
    if method is not None:
        asked = f"{method.verb.upper()} {method.path} has a request validator ({', '.join(method.validates)})"
        why = f"{asked} that no preflight satisfies"
        return _diagnosis(blocked, why, what, method.span, lambda: _unvalidated(blocked, method))
    return None


def _diagnosis(
    blocked: Blocked, why: str, what: str, span: Span | None, fixes: Callable[[], Iterator[Fix]]
) -> Diagnosis:
    return Diagnosis(
        f"{why}: the {what} is answered {blocked.status} before {blocked.front_door.name} looks at CORS, without CORS headers. "
        "Let OPTIONS pass there.",
        tuple(each for each in (span, blocked.front_door.span) if each is not None),
        fixes,
    )


def _pass(blocked: Blocked, guard: Guard) -> Iterator[Fix]:
    """Let OPTIONS pass a web ACL, as late among its rules as does it."""
    if guard.kind == "mutual-tls":
        yield from by_hand(
            "Let pages call without a client certificate",
            "A browser shows no client certificate in a preflight. Give pages an address without mutual TLS: a custom domain of "
            "their own, or the API's own address (DisableExecuteApiEndpoint: false).",
        )
        return
    for edits in let_options_pass(blocked.tree, guard.span) if guard.span is not None else ():
        if edits:
            yield Fix("Let OPTIONS pass the web ACL, before the rule that blocks it", safe=False, edits=edits)
    yield from by_hand(
        "Let OPTIONS pass the web ACL",
        "Add a rule to the web ACL that allows requests whose method is OPTIONS, with a priority before the rule that "
        "blocks them.",
    )


def _unlimited(blocked: Blocked, stage: Stage) -> Iterator[Fix]:
    """Take limits of zero off: they may have been meant, to close the API for a while."""
    edits = without_zero(blocked.tree, stage.throttled.span) if stage.throttled.span is not None else ()
    if edits:
        yield Fix("Take the throttling limit of 0 off: the account's limits hold then", safe=False, edits=edits)
    yield from by_hand(
        "Raise the throttling limit",
        "Give the stage a throttling limit above 0: a limit of 0 closes the API to everybody.",
    )


def _unvalidated(blocked: Blocked, method: RestMethod) -> Iterator[Fix]:
    """Take the request validator off an OPTIONS method."""
    edits = without_validator(blocked.tree, method)
    if edits:
        yield Fix(f"Take the request validator off OPTIONS {method.path}", safe=True, edits=edits)
    yield from by_hand(
        "Let preflights pass without validation",
        f"Give {method.path} an OPTIONS method of its own, without a request validator: a preflight has neither the body nor "
        "the headers that one asks for.",
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
