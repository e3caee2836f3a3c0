"""preflight-needs-status-ok: OPTIONS reaches the code, which answers it with a non-2xx status."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.outcome import Object, Outcome, Raised, Returned
from corsmith.api.span import Span
from corsmith.api.value import Known

from .answers import leaves
from .blocked import Blocked
from .code_proposals import answer_options, by_framework, wrap
from .proposals import configure_cors
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that the function answers with an error."""
    outcome = blocked.outcome
    if not blocked.at_preflight or outcome is None or 200 <= blocked.status < 400:
        return None
    if blocked.made_by == "handler":
        what = f"its code answers the preflight with {blocked.status}"
    elif isinstance(outcome.result, Raised):
        what = f"its code ends with an exception ({outcome.result.what}), which is answered {blocked.status}"
    else:
        return None
    return Diagnosis(
        f"OPTIONS reaches the function, and {what}. Answer OPTIONS before anything else with 204 and the CORS headers.",
        (*_status(outcome), outcome.span, blocked.cell.route.declared.span),
        lambda: _fixes(blocked),
    )


def _status(outcome: Outcome) -> Iterator[Span]:
    """Yield where the status stands, which may be far from where the response leaves the code."""
    for top in leaves(outcome.result.result) if isinstance(outcome.result, Returned) else ():
        status = dict(top.entries).get("statusCode") if isinstance(top, Object) else None
        if isinstance(status, Known) and status.span is not None:
            yield status.span


def _fixes(blocked: Blocked) -> Iterator[Fix]:
    """Yield fixes in the code first where it speaks of CORS already, and at the front door first where it does not."""
    ways = [configure_cors(blocked), by_framework(blocked), answer_options(blocked), wrap(blocked)]
    if isinstance(blocked.front_door, FunctionUrl) and any(blocked.code_says()):
        ways = [ways[2], ways[1], ways[0], ways[3]]
    return chain(*ways)


RULE = Rule(
    "preflight-needs-status-ok",
    Category.BLOCKED,
    "OPTIONS reaches the code, which answers it with a non-2xx status",
    explain,
)
