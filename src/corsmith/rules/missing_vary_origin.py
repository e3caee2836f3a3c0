"""missing-vary-origin: the allowed origin depends on the request, and Vary does not say so."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Fix
from corsmith.api.outcome import Outcome
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes import code

from .admitted import depends_on_origin
from .answers import headers, places
from .passed import answer, listed, stages
from .rule import Diagnosis, Rule

_STORED = frozenset(("GET", "HEAD"))


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on answers that are another for each origin, and that a cache may take for one."""
    outcome = cell.outcome
    if outcome is None or cell.route.method not in _STORED or not _depends(outcome):
        return None
    response = answer(cell)
    if response.made_by != "handler" or {"origin", "*"} & set(listed(response, "vary")):
        return None
    if "no-store" in listed(response, "cache-control"):
        return None
    cached = _cached(cell)
    where = "the cache in front of it may hand" if cached else "a cache, the browser's own included, may hand"
    return Diagnosis(
        "The allowed origin depends on who asks, but the response does not say `Vary: Origin`: "
        f"{where} one site's answer to another, where it is refused. Send `Vary: Origin` with every response.",
        (*places(outcome, "access-control-allow-origin"), outcome.span),
        lambda: _say_so(tree, outcome),
        severity=Severity.WARNING if cached else Severity.INFO,
    )


def _say_so(tree: Tree, outcome: Outcome) -> Iterator[Fix]:
    for name, _, holder in headers(outcome):
        if name.lower() == "access-control-allow-origin" and holder.span is not None:
            edits = code.add_header(tree, holder.span, "Vary", "Origin")
            if edits:
                yield Fix("Send Vary: Origin", safe=True, edits=edits)


def _depends(outcome: Outcome) -> bool:
    """Say whether the origin is compared: for the header's value, or on the way to the response that has it."""
    nodes = [node for name, node, _ in headers(outcome) if name.lower() == "access-control-allow-origin"]
    return any(depends_on_origin(node) for node in nodes) or bool(nodes and outcome.origins)


def _cached(cell: Cell) -> bool:
    behavior = cell.route.behavior
    if behavior is not None and isinstance(behavior.caches, Known) and behavior.caches.value:
        return True
    return any(isinstance(stage.cached, Known) and stage.cached.value for stage in stages(cell))


RULE = Rule(
    "missing-vary-origin",
    Category.ADVICE,
    "the allowed origin depends on the request, and Vary does not say so",
    advise=advise,
)
