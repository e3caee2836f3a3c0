"""allow-methods-missing: the method is not in Access-Control-Allow-Methods."""

from __future__ import annotations

from corsmith.api.finding import Category

from .blocked import Blocked
from .proposals import add_to_allowed
from .refused import listed, refused_method
from .rule import Diagnosis, Rule
from .settings import cors_settings, set_at

_NAME = "access-control-allow-methods"


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that do not allow the call's method."""
    unreadable = blocked.error == "InvalidAllowMethodsPreflightResponse"
    if blocked.error != "MethodDisallowedByPreflightResponse" and not unreadable and refused_method(blocked) is None:
        return None
    allowed = ", ".join(blocked.values(_NAME) or listed(blocked, "allow_methods"))
    says = f"allows only {allowed!r}" if allowed else "has no Access-Control-Allow-Methods"
    says = f"has {allowed!r} as Access-Control-Allow-Methods, which is no list with commas" if unreadable else says
    near = cors_settings(blocked)
    outcome = blocked.outcome
    spans = set_at(blocked, _NAME) or tuple(
        span for span in (near, outcome.span if outcome is not None else None) if span is not None
    )
    method = blocked.cell.caller.method
    return Diagnosis(
        f"The preflight's answer {says}, so the browser does not send {method}. Add {method} to the allowed methods.",
        spans or (blocked.front_door.span,),
        lambda: add_to_allowed(blocked, _NAME, method),
        apart=method,
    )


RULE = Rule(
    "allow-methods-missing",
    Category.BLOCKED,
    "the method is not in Access-Control-Allow-Methods (GET, HEAD and POST are always allowed)",
    explain,
)
