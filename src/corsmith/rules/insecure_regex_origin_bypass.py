"""insecure-regex-origin-bypass: a pattern accepts look-alike origins."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind not in ("suffix", "prefix", "dot") or "regex" not in admitted.tests:
        return None
    return Diagnosis(
        f"The pattern that origins are compared with also accepts {admitted.stranger.origin}, which anybody can register. "
        "Anchor it at both ends and escape its dots, or compare with a list.",
        admitted.where,
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-regex-origin-bypass",
    Category.SECURITY,
    "an unanchored or unescaped pattern accepts look-alike origins",
    accuse=accuse,
)
