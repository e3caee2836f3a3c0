"""function-url-no-cors-config: nobody answers for CORS on this Function URL."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import configure_cors
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain calls to a Function URL without Cors whose handler does not do the job either."""
    front_door = blocked.front_door
    if not isinstance(front_door, FunctionUrl) or blocked.cell.situation:
        return None
    if not isinstance(front_door.cors, Known) or front_door.cors.value is not None:
        return None
    answered = any(outcome.methods and "OPTIONS" in outcome.methods for outcome in blocked.code_says())
    if answered or (not blocked.at_preflight and any(blocked.code_says())):
        return None
    what = "preflight, which it answers" if blocked.at_preflight else "request, which it answers"
    spans = (front_door.span, *((blocked.outcome.span,) if blocked.outcome is not None else ()))
    return Diagnosis(
        f"Function URL {front_door.name} has no Cors settings, so the function gets the {what} with {blocked.status} and "
        "without fitting CORS headers. Add Cors to the Function URL: then Lambda answers preflights itself and adds the "
        "headers to every response.",
        spans,
        lambda: configure_cors(blocked),
    )


RULE = Rule(
    "function-url-no-cors-config",
    Category.BLOCKED,
    "no Cors on the URL, and the handler does not answer the preflight properly",
    explain,
)
