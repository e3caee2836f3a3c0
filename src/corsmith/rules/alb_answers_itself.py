"""alb-answers-itself: a rule or the default action of the listener answers the call in the function's place."""

from __future__ import annotations

from corsmith.api.alb import Alb, AlbRule
from corsmith.api.finding import Category
from corsmith.api.value import Undecided
from corsmith.browser.url import parse_url
from corsmith.gateways import match

from .blocked import Blocked
from .rule import Diagnosis, Rule, by_hand

_TOO_LARGE = 413


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain redirects and fixed responses, which the load balancer sends without CORS headers."""
    door = blocked.front_door
    if not isinstance(door, Alb) or blocked.made_by != "alb" or blocked.status >= 500 or blocked.status == _TOO_LARGE:
        return None
    what = "preflight" if blocked.at_preflight else "call"
    where = ", ".join(blocked.values("location"))
    how = f"with {blocked.status} to {where}" if where else f"with {blocked.status}"
    taken = _taken(blocked, door)
    spans = (taken.span, door.span) if taken is not None else (door.span,)
    return Diagnosis(
        f"The listener {door.name} answers the {what} {blocked.call} itself, {how} and without CORS headers: the function "
        "never sees it. Let the page call an address that leads to the function, or send this call there.",
        (*spans, blocked.cell.route.declared.span),
        lambda: by_hand(
            "Let the call come to the function",
            f"If the page's address is old, let it call {where or 'one that leads to the function'}. If the listener is not to "
            f"answer {blocked.call}, give the rule that forwards it to the function a smaller Priority than the one that "
            "answers, or take that one out.",
        ),
    )


def _taken(blocked: Blocked, door: Alb) -> AlbRule | None:
    """Return the rule that takes the request by its method and path, None where that is another condition's matter."""
    request = blocked.deciding.request
    url = parse_url(request.url)
    try:
        taken = match(door, request.method, "/" + url.path.lstrip("/")) if url is not None else None
    except Undecided:
        return None
    return taken if isinstance(taken, AlbRule) and taken != blocked.cell.route.declared else None


RULE = Rule(
    "alb-answers-itself",
    Category.BLOCKED,
    "the listener answers the call itself, with a redirect or a fixed response, in the function's place",
    explain,
)
