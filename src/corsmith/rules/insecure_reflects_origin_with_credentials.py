"""insecure-reflects-origin-with-credentials: any origin is echoed, with credentials."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "any" or not admitted.with_credentials:
        return None
    return Diagnosis(
        f"Whatever Origin a request names is sent back with Access-Control-Allow-Credentials: true, so a page at "
        f"{admitted.stranger.origin} reads with the visitor's cookies. Compare the Origin with a list.",
        admitted.where,
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-reflects-origin-with-credentials",
    Category.SECURITY,
    "any Origin is echoed with Allow-Credentials: true",
    accuse=accuse,
)
