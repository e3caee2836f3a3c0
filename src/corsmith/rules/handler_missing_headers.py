"""handler-missing-headers: the handler's normal response has no Access-Control-Allow-Origin."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category

from .answers import maps
from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import by_framework, wrap
from .proposals import add_headers
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain normal responses without the header where nobody else adds it."""
    outcome = blocked.outcome
    if blocked.made_by != "handler" or outcome is None or outcome.error or blocked.values(ALLOW_ORIGIN):
        return None
    what = "answers the preflight" if blocked.at_preflight else f"answers {blocked.status}"
    return Diagnosis(
        f"The function {what} without Access-Control-Allow-Origin, and behind this front door only the code can add it. "
        "Add the header to this response.",
        (outcome.span, *maps(outcome), blocked.cell.route.declared.span),
        lambda: chain(add_headers(blocked), by_framework(blocked), wrap(blocked)),
    )


RULE = Rule(
    "handler-missing-headers",
    Category.BLOCKED,
    "the handler's normal response has no Access-Control-Allow-Origin where nobody else adds it",
    explain,
)
