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
    path = blocked.cell.route.declared.path
    return Diagnosis(
        f"REST API {front_door.name} has no OPTIONS method on {path}, so API Gateway answers the preflight with "
        f"{blocked.status} Missing Authentication Token. Add an OPTIONS method that sends the CORS headers.",
        (front_door.span, blocked.cell.route.declared.span),
        lambda: configure_cors(blocked),
    )


RULE = Rule(
    "rest-no-options-method",
    Category.BLOCKED,
    "the resource has no OPTIONS (nor ANY, nor a greedy ancestor that takes it), so a preflight gets 403 Missing "
    "Authentication Token",
    explain,
)
