"""rest-method-missing-response-parameters: a method without proxy integration maps no CORS header."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import Mapped, Mock, RestApi, RestMethod

from .blocked import ALLOW_ORIGIN, Blocked
from .rest_proposals import map_headers
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain answers of mapped integrations: only what an integration response maps leaves, whatever the backend says."""
    door = blocked.front_door
    method = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    if not isinstance(door, RestApi) or blocked.values(ALLOW_ORIGIN) or not isinstance(method, RestMethod):
        return None
    integration = method.integration
    if not isinstance(integration, Mapped | Mock) or blocked.cell.situation:
        return None
    if 400 <= blocked.status < 500 and blocked.made_by in ("gateway", "authorizer", "waf"):
        return None
    label = f"{method.verb} {method.path}"
    first = integration.responses[0].span if integration.responses else None
    if blocked.status >= 500 and blocked.made_by == "gateway":
        what = f"{label} of REST API {door.name} has no integration response that fits, so API Gateway answers 500"
    else:
        what = (
            f"The integration of {label} of REST API {door.name} is no proxy, so only the headers leave that an integration "
            "response maps, and none maps Access-Control-Allow-Origin"
        )
    return Diagnosis(
        f"{what}. Map the header in the integration response, and declare it in the method response.",
        tuple(span for span in (first, integration.span, method.span) if span is not None),
        lambda: map_headers(blocked),
        severity=blocked.severity,
    )


RULE = Rule(
    "rest-method-missing-response-parameters",
    Category.BLOCKED,
    "a method without proxy integration answers, but no integration response maps Access-Control-Allow-Origin",
    explain,
)
