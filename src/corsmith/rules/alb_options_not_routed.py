"""alb-options-not-routed: the listener rule names methods, and OPTIONS is not among them."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.alb import Alb, AlbRule
from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.fixes.lists import add_to_list

from .blocked import Blocked
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that pass by the rule whose methods they ask for."""
    front_door, declared = blocked.front_door, blocked.cell.route.declared
    if not isinstance(front_door, Alb) or not isinstance(declared, AlbRule) or not blocked.at_preflight:
        return None
    methods = declared.methods
    if not isinstance(methods, Known) or blocked.takes == declared:
        return None
    listed = [each for each in methods.value if isinstance(each, Known)]
    names = ", ".join(each.value for each in listed)
    span = next((each.span for each in listed if each.span is not None), declared.span)
    return Diagnosis(
        f"The rule of listener {front_door.name} for {blocked.call} takes {names} only, so the preflight goes past the "
        f"function and gets {blocked.status}. Add OPTIONS to the rule's methods; the function has to answer it.",
        (span, declared.span, front_door.span),
        lambda: _route_options(blocked, span),
    )


def _route_options(blocked: Blocked, span: Span) -> Iterator[Fix]:
    edits = add_to_list(blocked.tree, (span,), ("OPTIONS",))
    if edits:
        yield Fix("Send OPTIONS to the function too", safe=True, edits=edits)


RULE = Rule(
    "alb-options-not-routed",
    Category.BLOCKED,
    "the listener rule does not send OPTIONS to the function",
    explain,
)
