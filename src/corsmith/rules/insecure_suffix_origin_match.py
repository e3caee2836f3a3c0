"""insecure-suffix-origin-match: a suffix, prefix or substring test accepts other domains."""

from __future__ import annotations

from corsmith.api.finding import Category, Severity

from .admitted import Admitted
from .rule import Diagnosis, Rule, no_fix


def accuse(admitted: Admitted) -> Diagnosis | None:
    """Accuse what lets this stranger in."""
    if admitted.stranger.kind not in ("suffix", "prefix", "dot"):
        return None
    return Diagnosis(
        f"The test of the Origin also accepts {admitted.stranger.origin}, which anybody can register. "
        "Compare whole origins with a list.",
        admitted.where,
        no_fix,
        severity=Severity.ERROR if admitted.with_credentials else Severity.WARNING,
    )


RULE = Rule(
    "insecure-suffix-origin-match",
    Category.SECURITY,
    "a suffix, prefix or substring test accepts other domains",
    accuse=accuse,
)
