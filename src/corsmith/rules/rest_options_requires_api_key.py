"""rest-options-requires-api-key: the preflight is asked for an API key that it never carries."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import RestMethod
from corsmith.api.value import Known

from .blocked import Blocked
from .rest_proposals import free_preflight
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights refused for want of an API key."""
    method = blocked.takes
    if not blocked.at_preflight or not isinstance(method, RestMethod) or blocked.status != 403:
        return None
    if not isinstance(method.api_key_required, Known) or not method.api_key_required.value:
        return None
    span = method.api_key_required.span
    return Diagnosis(
        f"{method.verb.upper()} {method.path} of REST API {blocked.front_door.name} requires an API key. A preflight carries "
        "none, so it is answered 403 Forbidden. Do not require the key on OPTIONS.",
        tuple(each for each in (method.span, span) if each is not None),
        lambda: free_preflight(blocked),
    )


RULE = Rule(
    "rest-options-requires-api-key",
    Category.BLOCKED,
    "OPTIONS requires an API key, so the preflight gets 403 Forbidden",
    explain,
)
