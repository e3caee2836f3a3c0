"""malformed-proxy-response: the returned value is no valid proxy response."""

from __future__ import annotations

from corsmith.api.finding import Category
from corsmith.api.outcome import Raised, Returned, Unserialisable

from .blocked import Blocked
from .rule import Diagnosis, Rule, no_fix

_NO_CALLBACKS = "CallbackHandlerDeprecated"
"""What Node.js 24 and later make of a handler with a third parameter, when they load it."""


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain bare errors that the front door sends because of what the function returned."""
    outcome = blocked.outcome
    if outcome is None or blocked.made_by not in ("gateway", "alb") or blocked.status < 500 or blocked.cell.situation:
        return None
    if isinstance(outcome.result, Raised) and outcome.result.what == _NO_CALLBACKS:
        return Diagnosis(
            f"The handler takes a callback, which its runtime (Node.js 24) refuses: no call reaches it, and the front door "
            f"answers {blocked.status} by itself. Make the handler async, and return the response.",
            (outcome.span, blocked.cell.route.declared.span),
            no_fix,
        )
    if isinstance(outcome.result, Unserialisable):
        what = f"The function returns {outcome.result.what}, which the runtime cannot send as JSON"
    elif isinstance(outcome.result, Returned):
        what = "The function returns what is no valid proxy response"
    else:
        return None
    return Diagnosis(
        f"{what}, so the front door answers {blocked.status} by itself. Return statusCode (a number), headers (strings) and "
        "body (a string), and no other keys.",
        (outcome.span, blocked.cell.route.declared.span),
        no_fix,
    )


RULE = Rule(
    "malformed-proxy-response",
    Category.BLOCKED,
    "the returned value is not a valid proxy response (wrong keys or types, a coroutine, nothing at all), so the front "
    "door sends a bare error",
    explain,
)
