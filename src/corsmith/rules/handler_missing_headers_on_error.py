"""handler-missing-headers-on-error: only the handler's error responses lack the CORS headers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.fix import Fix
from corsmith.api.outcome import Raised

from .answers import maps
from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import by_framework, wrap
from .proposals import add_headers
from .rest_proposals import gateway_responses
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain error responses without the header: returned, raised, or made by a framework."""
    outcome = blocked.outcome
    if outcome is None or not outcome.error or blocked.values(ALLOW_ORIGIN) or blocked.at_preflight:
        return None
    raised = isinstance(outcome.result, Raised)
    if raised:
        what = (
            f"An exception ({outcome.result.what}) leaves the function here"
            if isinstance(outcome.result, Raised)
            else ""
        )
        message = (
            f"{what}, so the front door answers {blocked.status} without CORS headers and the page sees a CORS error "
            "instead. Catch it and return a response with the headers."
        )
    else:
        message = (
            f"The function answers {blocked.status} without Access-Control-Allow-Origin, so the page sees a CORS error "
            "instead of the status. Add the headers that the other responses have."
        )
    sure = outcome.expected and not raised
    return Diagnosis(
        message,
        (outcome.span, *maps(outcome), blocked.cell.route.declared.span),
        lambda: chain(add_headers(blocked), by_framework(blocked), _front_door_s_own(blocked), wrap(blocked)),
        severity=Severity.ERROR if sure and any(blocked.code_says()) else Severity.WARNING,
        confidence=Confidence.MEDIUM if raised else Confidence.HIGH,
        apart=blocked.cell.route.label,
    )


def _front_door_s_own(blocked: Blocked) -> Iterator[Fix]:
    """An exception that leaves the function becomes an error of the REST API's own."""
    if blocked.outcome is not None and isinstance(blocked.outcome.result, Raised):
        yield from gateway_responses(blocked)


RULE = Rule(
    "handler-missing-headers-on-error",
    Category.BLOCKED,
    "only the handler's error responses (returned, raised, or made by its framework) lack the CORS headers",
    explain,
)
