"""wildcard-with-credentials: `*` on a credentialed request."""

from __future__ import annotations

from corsmith.api.finding import Category

from .blocked import ALLOW_ORIGIN, Blocked
from .proposals import name_items, name_origins
from .rule import Diagnosis, Rule
from .settings import set_at

_LISTS = {
    "MethodDisallowedByPreflightResponse": "access-control-allow-methods",
    "HeaderDisallowedByPreflightResponse": "access-control-allow-headers",
}


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain credentialed calls that a wildcard does not cover."""
    if blocked.cell.caller.credentials != "include":
        return None
    name = _LISTS.get(blocked.error, ALLOW_ORIGIN)
    if name == ALLOW_ORIGIN and not blocked.error.endswith("WildcardOriginNotAllowed"):
        return None
    if not any("*" in [item.strip() for item in value.split(",")] for value in blocked.values(name)):
        return None
    proper = {
        ALLOW_ORIGIN: "the page's origin itself",
        "access-control-allow-methods": "the methods by name",
        "access-control-allow-headers": "the headers by name",
    }[name]
    title = "-".join(word.capitalize() for word in name.split("-"))
    return Diagnosis(
        f"The call includes credentials, and then `*` in {title} is no wildcard for browsers. Name {proper}.",
        set_at(blocked, name) or (blocked.cell.route.declared.span,),
        lambda: name_origins(blocked) if name == ALLOW_ORIGIN else name_items(blocked, name),
        apart=name,
    )


RULE = Rule(
    "wildcard-with-credentials",
    Category.BLOCKED,
    "`*` (origin, methods or headers) on a credentialed request",
    explain,
)
