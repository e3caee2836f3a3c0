"""insecure-null-origin: the origin null is allowed."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "null" or not admitted.echoed:
        return None
    return Diagnosis(
        "The origin `null` is allowed. Every sandboxed frame has that origin, so any site can get it. Take it out of the list.",
        admitted.where,
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-null-origin",
    Category.SECURITY,
    "the origin `null` is allowed",
    accuse=accuse,
)
