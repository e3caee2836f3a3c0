"""insecure-http-origin-with-credentials: an http: origin is allowed with credentials."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity

from .admitted import Admitted
from .rule import Diagnosis, Rule, no_fix


def accuse(admitted: Admitted) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind != "http" or not admitted.with_credentials or set(admitted.tests) - {"list"}:
        return None
    return Diagnosis(
        f"The origin {admitted.stranger.origin} is allowed with credentials. Whoever can change unencrypted traffic can "
        "put a script into that page, and read with the visitor's cookies. Allow the https origin alone.",
        admitted.where,
        no_fix,
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-http-origin-with-credentials",
    Category.SECURITY,
    "an `http:` origin (not loopback) is allowed with credentials",
    accuse=accuse,
)
