"""expose-headers-missing: the code sends a header that the page's script cannot read."""

from __future__ import annotations

from corsmith.api.cell import Cell
from corsmith.api.finding import Category, Severity
from corsmith.api.outcome import Node
from corsmith.api.span import Span
from corsmith.api.tree import Tree

from .answers import headers, leaves
from .passed import answer
from .rule import Diagnosis, Rule, no_fix

_FOR_PAGES = frozenset(
    ("content-disposition", "content-range", "etag", "link", "location", "retry-after", "deprecation")
)
"""Registered headers that only scripts make use of in the response to their own call."""
_FOR_BROWSERS = (
    "x-amz",
    "x-content-type-options",
    "x-dns-prefetch-control",
    "x-download-options",
    "x-forwarded-",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-powered-by",
    "x-robots-tag",
    "x-ua-compatible",
    "x-xss-protection",
)
"""Beginnings of the names that are meant for browsers, caches and servers, not for scripts."""


def advise(cell: Cell, tree: Tree) -> Diagnosis | None:
    """Remark on headers of the code that are not exposed. What frameworks add by themselves is not looked at."""
    del tree
    outcome, verdict = cell.outcome, cell.verdict
    if outcome is None or outcome.error or outcome.made_by or verdict.tainting != "cors":
        return None
    sent = {name.lower() for name, _ in answer(cell).headers}
    for name, node, _ in headers(outcome):
        lower = name.lower()
        if lower in sent and lower not in verdict.exposed and _wanted(lower):
            return Diagnosis(
                f"The code sends {name}, but a script of another origin cannot read it: Access-Control-Expose-Headers does "
                f"not name it. If the page needs it, expose {name}.",
                (_span(node) or outcome.span, outcome.span),
                no_fix,
                severity=Severity.INFO,
            )
    return None


def _wanted(name: str) -> bool:
    return name in _FOR_PAGES or (name.startswith("x-") and not name.startswith(_FOR_BROWSERS))


def _span(node: Node) -> Span | None:
    return next((leaf.span for leaf in leaves(node) if getattr(leaf, "span", None) is not None), None)  # type: ignore[union-attr]


RULE = Rule(
    "expose-headers-missing",
    Category.ADVICE,
    "the page will want a response header that is not exposed",
    advise=advise,
)
