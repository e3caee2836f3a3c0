"""cloudfront-drops-origin-header: CloudFront does not forward Origin, so the origin server adds no CORS headers."""

from __future__ import annotations

from corsmith.api.exchange import values
from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.value import Known

from .admitted import depends_on_origin
from .answers import headers
from .blocked import ALLOW_ORIGIN, Blocked
from .proposals import forward_all
from .rule import Diagnosis, Rule

_ASKED = ("access-control-request-method", "access-control-request-headers")


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain answers without the header of front doors and code that look at what CloudFront does not hand on."""
    behavior = blocked.cell.route.behavior
    if behavior is None or blocked.at_the_edge or blocked.values(ALLOW_ORIGIN) or not _looks_at_origin(blocked):
        return None
    dropped = _dropped(blocked)
    if not dropped:
        return None
    distribution = blocked.cell.route.front_door
    return Diagnosis(
        f"Distribution {distribution.name} does not forward {' and '.join(dropped)} for {blocked.cell.route.path}, and "
        f"{blocked.front_door.name} sends CORS headers only to requests that have it. Add an origin request policy that "
        "forwards it, such as AllViewerExceptHostHeader.",
        tuple(each for each in (behavior.forwarded.span, behavior.span, blocked.front_door.span) if each is not None),
        lambda: forward_all(blocked, behavior),
    )


def _looks_at_origin(blocked: Blocked) -> bool:
    door = blocked.front_door
    if isinstance(door, HttpApi | FunctionUrl) and door.cors != Known(None, getattr(door.cors, "span", None)):
        return True
    outcomes = blocked.summary.outcomes if blocked.summary is not None else ()
    return any(
        outcome.origins
        or outcome.preflight is not None
        or any(name.lower() == ALLOW_ORIGIN and depends_on_origin(node) for name, node, _ in headers(outcome))
        for outcome in outcomes
    )


def _dropped(blocked: Blocked) -> tuple[str, ...]:
    """Return the headers of this request that are not handed on."""
    behavior = blocked.cell.route.behavior
    setting = behavior.forwarded if behavior is not None else Known(())
    if not isinstance(setting, Known):
        return ()
    let = {item.value.lower() for item in setting.value if isinstance(item, Known)}
    if "*" in let:
        return ()
    sent = blocked.deciding.request.headers
    needed = ("origin", *(_ASKED if blocked.at_preflight else ()))
    titles = (
        "-".join(word.capitalize() for word in name.split("-"))
        for name in needed
        if name not in let and values(sent, name)
    )
    return tuple(titles)


RULE = Rule(
    "cloudfront-drops-origin-header",
    Category.BLOCKED,
    "CloudFront does not forward Origin, so the origin server adds no CORS headers",
    explain,
)
