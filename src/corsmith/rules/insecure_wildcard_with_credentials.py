"""insecure-wildcard-with-credentials: a wildcard together with credentials becomes an echo of any origin."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity
from corsmith.api.tree import Tree

from .admitted import Admitted
from .narrowing import narrow
from .rule import Diagnosis, Rule


def accuse(admitted: Admitted, tree: Tree) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "any" or not admitted.with_credentials or not admitted.wildcard:
        return None
    return Diagnosis(
        f"The origin is set to `*` and credentials are allowed. Browsers would refuse that, so the answer names whoever "
        f"asks instead: a page at {admitted.stranger.origin} reads with the visitor's cookies. Name the origins.",
        (*admitted.wildcard, *admitted.where),
        lambda: narrow(admitted, tree),
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-wildcard-with-credentials",
    Category.SECURITY,
    "a wildcard setting plus credentials, which the platform or framework turns into echoing any Origin",
    accuse=accuse,
)
