"""insecure-http-origin-with-credentials: an http: origin is allowed with credentials."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "http" or not admitted.with_credentials or set(admitted.tests) - {"list"}:
        return None
    return Diagnosis(
        f"The origin {admitted.stranger.origin} is allowed with credentials. Whoever can change unencrypted traffic can "
        "put a script into that page, and read with the visitor's cookies. Allow the https origin alone.",
        admitted.where,
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-http-origin-with-credentials",
    Category.SECURITY,
    "an `http:` origin (not loopback) is allowed with credentials",
    accuse=accuse,
)
