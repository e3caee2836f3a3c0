"""preflight-needs-status-ok: OPTIONS reaches the code, which answers it with a non-2xx status."""

from __future__ import annotations

from corsmith.api.finding import Category

from .blocked import Blocked
from .rule import Diagnosis, Rule, no_fix


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that the function answers with an error."""
    if not blocked.at_preflight or blocked.outcome is None or 200 <= blocked.status < 300:
        return None
    if blocked.made_by != "handler":
        return None
    if 300 <= blocked.status < 400:
        return None
    return Diagnosis(
        f"OPTIONS reaches the function, and its code answers the preflight with {blocked.status}. Answer OPTIONS before "
        "anything else with 204 and the CORS headers.",
        (blocked.outcome.span, blocked.cell.route.declared.span),
        no_fix,
    )


RULE = Rule(
    "preflight-needs-status-ok",
    Category.BLOCKED,
    "OPTIONS reaches the code, which answers it with a non-2xx status",
    explain,
)
