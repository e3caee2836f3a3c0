"""insecure-suffix-origin-match: a suffix, prefix or substring test accepts other domains."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind not in ("suffix", "prefix", "dot"):
        return None
    return Diagnosis(
        f"The test of the Origin also accepts {admitted.stranger.origin}, which anybody can register. "
        "Compare whole origins with a list.",
        admitted.where,
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-suffix-origin-match",
    Category.SECURITY,
    "a suffix, prefix or substring test accepts other domains",
    accuse=accuse,
)
