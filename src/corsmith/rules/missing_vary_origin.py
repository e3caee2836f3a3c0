"""missing-vary-origin: the allowed origin depends on the request, and Vary does not say so."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.outcome import Outcome
from corsmith.api.span import Span
from corsmith.api.value import Known

from .admitted import depends_on_origin
from .answers import headers, leaves
from .passed import answer, listed, stages
from .rule import Diagnosis, Rule, no_fix

_STORED = frozenset(("GET", "HEAD"))


def advise(cell: Cell) -> Diagnosis | None:
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
        (_place(outcome), outcome.span),
        no_fix,
        severity=Severity.WARNING if cached else Severity.INFO,
    )


def _depends(outcome: Outcome) -> bool:
    """Say whether the origin is compared: for the header's value, or on the way to the response that has it."""
    nodes = [node for name, node, _ in headers(outcome) if name.lower() == "access-control-allow-origin"]
    return any(depends_on_origin(node) for node in nodes) or bool(nodes and outcome.origins)


def _place(outcome: Outcome) -> Span:
    for name, node, _ in headers(outcome):
        if name.lower() == "access-control-allow-origin":
            for leaf in leaves(node):
                span = getattr(leaf, "span", None)
                if isinstance(span, Span):
                    return span
    return outcome.span


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
