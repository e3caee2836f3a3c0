"""rest-no-options-method: nothing takes the preflight of this REST resource."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.rest_api import RestApi

from .blocked import Blocked
from .proposals import configure_cors
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that no OPTIONS, no ANY and no greedy ancestor takes."""
    front_door = blocked.front_door
    if not isinstance(front_door, RestApi) or not blocked.at_preflight or blocked.takes is not None:
        return None
    declared = blocked.cell.route.declared
    # Serverless has its cors at the event; elsewhere the API, or a method beside this one, gets it.
    at_method = blocked.cell.api.dialect == "serverless"
    spans = (declared.span, front_door.span) if at_method else (front_door.span, declared.span)
    return Diagnosis(
        f"REST API {front_door.name} has no OPTIONS method on {declared.path}, so API Gateway answers the preflight with "
        f"{blocked.status} Missing Authentication Token. Add an OPTIONS method that sends the CORS headers.",
        spans,
        lambda: configure_cors(blocked),
    )


RULE = Rule(
    "rest-no-options-method",
    Category.BLOCKED,
    "the resource has no OPTIONS (nor ANY, nor a greedy ancestor that takes it), so a preflight gets 403 Missing "
    "Authentication Token",
    explain,
)
