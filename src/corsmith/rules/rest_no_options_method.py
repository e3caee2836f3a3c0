"""rest-no-options-method: nothing takes the preflight of this REST resource."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.value import Known
from corsmith.fixes.rest import without_options
from corsmith.fixes.rest_events import options_events

from .blocked import Blocked
from .code_proposals import wrapped
from .proposals import configure_cors
from .rule import Diagnosis, Rule, by_hand


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
        lambda: _fixes(blocked, front_door),
    )


def _fixes(blocked: Blocked, door: RestApi) -> Iterator[Fix]:
    """Configure CORS; where one literal cannot serve all pages, with credentials, let the function answer preflights."""
    yield from configure_cors(blocked)
    if len(blocked.wanted.origins) < 2 or not blocked.wanted.credentials:
        return
    edits = options_events(blocked.tree, door)
    if edits:
        lacking = without_options(door)
        names = dict.fromkeys(_behind(each) for each in door.methods if each.path in lacking)
        functions = [blocked.cell.api.function(name or "") for name in names]
        wraps = [
            next(wrapped(blocked.tree, each, blocked.wanted), None) if each is not None else None for each in functions
        ]
        if all(each is not None for each in wraps):
            more = (edit for each in wraps if each is not None for edit in each.edits)
            title = "Let the code answer OPTIONS and name each page, wrapped with lambda-cors (install it)"
            yield Fix(title, safe=False, edits=(*edits, *dict.fromkeys(more)))
    yield from by_hand("Let the code answer OPTIONS", _BY_HAND)


_BY_HAND = (
    "An OPTIONS method that API Gateway answers itself names one origin, and several pages call with credentials. Give each path "
    "an OPTIONS method that leads to the function, without authorizer and API key, and let the code answer it with the page's "
    "own origin: corsmith generate --for python (or node) --front-door rest_api writes such a handler."
)


def _behind(method: RestMethod) -> str | None:
    function = getattr(method.integration, "function", None)
    return str(function.value) if isinstance(function, Known) else None


RULE = Rule(
    "rest-no-options-method",
    Category.BLOCKED,
    "the resource has no OPTIONS (nor ANY, nor a greedy ancestor that takes it), so a preflight gets 403 Missing "
    "Authentication Token",
    explain,
)
