"""cors-header-on-request: a page sends a CORS response header with its request."""

from __future__ import annotations

from corsmith.api.finding import Category

from .blocked import Blocked
from .refused import refused_header
from .rule import Diagnosis, Rule, no_fix

_ANSWERS = ("access-control-allow-", "access-control-expose-", "access-control-max-")


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that do not allow a header which only answers have a use for."""
    disallowed = blocked.error == "HeaderDisallowedByPreflightResponse"
    header = str((blocked.cell.verdict.failed_parameter if disallowed else refused_header(blocked)) or "").lower()
    if not header.startswith(_ANSWERS):
        return None
    spans = tuple(span for name, span in blocked.cell.caller.set_at if name == header)
    return Diagnosis(
        f"The page sends {header} with its request. Servers send this header; in a request it does nothing, but makes the "
        "browser ask first whether it may be sent. Remove it from the call.",
        spans or (blocked.front_door.span,),
        no_fix,
        apart=header,
    )


RULE = Rule(
    "cors-header-on-request",
    Category.BLOCKED,
    "a page sends a CORS response header, such as Access-Control-Allow-Origin, with its request",
    explain,
)
