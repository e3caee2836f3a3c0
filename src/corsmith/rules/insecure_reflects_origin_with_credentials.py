"""insecure-reflects-origin-with-credentials: any origin is echoed, with credentials."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity

from .admitted import Admitted
from .rule import Diagnosis, Rule, no_fix


def accuse(admitted: Admitted) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "any" or not admitted.with_credentials:
        return None
    return Diagnosis(
        f"Whatever Origin a request names is sent back with Access-Control-Allow-Credentials: true, so a page at "
        f"{admitted.stranger.origin} reads with the visitor's cookies. Compare the Origin with a list.",
        admitted.where,
        no_fix,
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-reflects-origin-with-credentials",
    Category.SECURITY,
    "any Origin is echoed with Allow-Credentials: true",
    accuse=accuse,
)
