"""httpapi-default-route-authorizer-catches-options: a catch-all route with an authorizer takes the preflight."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.http_api import HttpRoute

from .blocked import Blocked
from .proposals import add_options_route
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that a route's authorizer refuses."""
    route = blocked.takes
    if not blocked.at_preflight or not isinstance(route, HttpRoute) or route.authorizer is None:
        return None
    if blocked.status not in (401, 403):
        return None
    label = route.path if route.path == "$default" else f"{route.method} {route.path}"
    return Diagnosis(
        f"Route {label} of HTTP API {blocked.front_door.name} also matches OPTIONS, and its authorizer "
        f"{route.authorizer.name} refuses the preflight ({blocked.status}), which carries no credentials. List the verbs "
        "instead of the catch-all, or add an OPTIONS route without an authorizer.",
        tuple(
            dict.fromkeys(span for span in (route.span, route.authorized, route.authorizer.span) if span is not None)
        ),
        lambda: add_options_route(blocked, route),
    )


RULE = Rule(
    "httpapi-default-route-authorizer-catches-options",
    Category.BLOCKED,
    "`$default` or an ANY route with an authorizer also matches OPTIONS, so the preflight gets 401",
    explain,
)
