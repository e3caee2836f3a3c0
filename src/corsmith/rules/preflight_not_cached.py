"""preflight-not-cached: no Access-Control-Max-Age, so browsers soon ask again."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.exchange import values
from corsmith.api.finding import Category, Severity
from corsmith.api.outcome import Outcome
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .answers import headers, leaves
from .passed import preflight_answer, settings_place
from .rule import Diagnosis, Rule, no_fix


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on preflights whose answer says nothing of how long it holds."""
    del tree
    response = preflight_answer(cell)
    if response is None or values(response.headers, "access-control-max-age"):
        return None
    by_code = response.made_by == "handler" and cell.preflight_outcome is not None
    place = _place(cell.preflight_outcome) if by_code and cell.preflight_outcome is not None else settings_place(cell)
    return Diagnosis(
        "The answers to preflights carry no Access-Control-Max-Age, so browsers keep them for 5 seconds and then ask again "
        "before each call. A value of 600 to 7200 spares most of these requests.",
        (place,),
        no_fix,
        severity=Severity.INFO,
    )


def _place(outcome: Outcome) -> Span:
    for name, node, _ in headers(outcome):
        if name.lower().startswith("access-control-"):
            for leaf in leaves(node):
                span = getattr(leaf, "span", None)
                if isinstance(span, Span):
                    return span
    return outcome.span


RULE = Rule(
    "preflight-not-cached",
    Category.ADVICE,
    "no Access-Control-Max-Age: browsers ask again after 5 s",
    advise=advise,
)
