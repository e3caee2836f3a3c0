"""rest-options-missing-response-parameters: the OPTIONS mock answers without CORS headers."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import Mock, RestMethod

from .blocked import ALLOW_ORIGIN, Blocked
from .rest_proposals import map_headers
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain mocks that no integration response gives Access-Control-Allow-Origin."""
    method = blocked.takes
    if not blocked.at_preflight or not isinstance(method, RestMethod) or not isinstance(method.integration, Mock):
        return None
    if blocked.values(ALLOW_ORIGIN) or blocked.made_by != "mock":
        return None
    integration = method.integration
    first = integration.responses[0].span if integration.responses else None
    return Diagnosis(
        f"The MOCK of OPTIONS {method.path} answers {blocked.status}, but its integration response maps no "
        "Access-Control-Allow-Origin. Map the three Access-Control-Allow-* headers to quoted values.",
        tuple(span for span in (first, integration.span, method.span) if span is not None),
        lambda: map_headers(blocked),
    )


RULE = Rule(
    "rest-options-missing-response-parameters",
    Category.BLOCKED,
    "the OPTIONS mock answers, but no integration response maps the Access-Control-Allow-* headers",
    explain,
)
