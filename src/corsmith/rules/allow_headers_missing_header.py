"""allow-headers-missing-header: a request header is not in Access-Control-Allow-Headers."""

from __future__ import annotations

from corsmith.api.exchange import values
from corsmith.api.finding import Category

from .blocked import Blocked
from .proposals import add_to_allowed
from .refused import listed, refused_header
from .rule import Diagnosis, Rule
from .settings import cors_settings, set_at

_NAME = "access-control-allow-headers"


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that do not allow a header of the call."""
    disallowed = blocked.error == "HeaderDisallowedByPreflightResponse"
    unreadable = blocked.error == "InvalidAllowHeadersPreflightResponse"
    header = blocked.cell.verdict.failed_parameter if disallowed else refused_header(blocked)
    if unreadable:
        asked = ",".join(values(blocked.deciding.request.headers, "access-control-request-headers"))
        header = asked.partition(",")[0] or "it needs"
    if header is None:
        return None
    allowed = ", ".join(blocked.values(_NAME) or listed(blocked, "allow_headers"))
    says = f"allows only {allowed!r}" if allowed else "has no Access-Control-Allow-Headers"
    says = f"has {allowed!r} as Access-Control-Allow-Headers, which is no list with commas" if unreadable else says
    near = cors_settings(blocked)
    outcome = blocked.outcome
    spans = set_at(blocked, _NAME) or tuple(
        span for span in (near, outcome.span if outcome is not None else None) if span is not None
    )
    by_page = tuple(span for name, span in blocked.cell.caller.set_at if name == str(header).lower())
    return Diagnosis(
        f"The call sends the header {header}, but the preflight's answer {says}. Add {header} to the allowed headers.",
        (*(spans or (blocked.front_door.span,)), *by_page),
        lambda: add_to_allowed(blocked, _NAME, str(header)),
        apart=str(header),
    )


RULE = Rule(
    "allow-headers-missing-header",
    Category.BLOCKED,
    "a request header is not in Access-Control-Allow-Headers",
    explain,
)
