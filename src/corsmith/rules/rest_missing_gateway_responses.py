"""rest-missing-gateway-responses: errors that API Gateway makes itself carry no CORS headers."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.rest_api import RestApi

from .blocked import Blocked
from .rest_proposals import gateway_responses
from .rule import Diagnosis, Rule

_OWN = frozenset(("gateway", "authorizer", "waf"))


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain gateway-made errors whose CORS headers are missing or do not fit."""
    front_door = blocked.front_door
    if not isinstance(front_door, RestApi) or blocked.at_preflight or blocked.made_by not in _OWN:
        return None
    # What the function comes to is another rule's, and always a 5xx.
    if not blocked.cell.situation and not 400 <= blocked.status < 500:
        return None
    first = front_door.gateway_responses_span or next(
        (response.span for response in front_door.gateway_responses if response.span is not None), None
    )
    has = ", ".join(response.type for response in front_door.gateway_responses) or "none"
    return Diagnosis(
        f"When REST API {front_door.name} answers {blocked.status} itself, the response has no fitting CORS headers: the "
        f"page sees a CORS error instead of the status. Customised gateway responses: {has}. Add "
        "Access-Control-Allow-Origin to DEFAULT_4XX and DEFAULT_5XX, and to each type that is customised by itself.",
        tuple(span for span in (first, front_door.span) if span is not None),
        lambda: gateway_responses(blocked),
        severity=Severity.WARNING,
    )


RULE = Rule(
    "rest-missing-gateway-responses",
    Category.BLOCKED,
    "errors that API Gateway itself makes (401, 403, 400, 413, 415, 429, 5xx) lack CORS headers",
    explain,
)
