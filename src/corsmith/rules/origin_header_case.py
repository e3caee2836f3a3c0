"""origin-header-case: the code looks for Origin in one spelling, and the front door hands names on as they were sent."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category, Confidence, Severity
from corsmith.api.outcome import Array, Choice, Echo, Node, Outcome, WhenOrigin

from .answers import headers, places
from .blocked import ALLOW_ORIGIN, Blocked
from .code_proposals import both_spellings
from .rule import Diagnosis, Rule

_SPELLINGS = frozenset(("origin", "Origin"))


def spelling(outcome: Outcome) -> str | None:
    """Return the one spelling in which a way out looks for Origin, None where case is no matter or both are tried."""
    for guard in outcome.origins:
        if not guard.ignores_case and len(_SPELLINGS & set(guard.looked_up)) == 1:
            return guard.looked_up[0]
    for name, node, _ in headers(outcome):
        if name.lower() == ALLOW_ORIGIN:
            for names in _looked_up(node):
                if len(_SPELLINGS & set(names)) == 1:
                    return names[0]
    return None


def _looked_up(node: Node) -> Iterator[tuple[str, ...]]:
    if isinstance(node, Choice | Array):
        for part in node.options if isinstance(node, Choice) else node.items:
            yield from _looked_up(part)
    elif isinstance(node, Echo | WhenOrigin):
        if not node.ignores_case:
            yield node.looked_up
        yield from _looked_up(node.otherwise)
        if isinstance(node, WhenOrigin):
            yield from _looked_up(node.then)


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain responses for a page whose Origin the code did not find under its name."""
    outcome = blocked.outcome
    if outcome is None or blocked.at_the_edge or blocked.values(ALLOW_ORIGIN) == (blocked.cell.caller.origin,):
        return None
    found = spelling(outcome)
    over_http_1 = blocked.cell.situation == "over HTTP/1.1"
    if found is None or (found == "Origin") is over_http_1 or not _as_sent(blocked):
        return None
    protocol, name = ("HTTP/1.1", "Origin") if over_http_1 else ("HTTP/2", "origin")
    return Diagnosis(
        f"The code looks for the header {found!r}, and this front door hands names on as they were sent: browsers send "
        f"{name!r} over {protocol}, so the code finds no Origin. Compare names in lower case.",
        (*places(outcome, ALLOW_ORIGIN), outcome.span, blocked.cell.route.declared.span),
        lambda: both_spellings(blocked),
        severity=Severity.INFO if over_http_1 else blocked.severity,
        confidence=Confidence.MEDIUM,
    )


def _as_sent(blocked: Blocked) -> bool:
    """Say whether the event has format 1.0 of API Gateway, whose names keep their case."""
    declared = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    payload = getattr(getattr(declared, "integration", None), "payload_format", None)
    return payload is not None and getattr(payload, "value", "1.0") == "1.0"


RULE = Rule(
    "origin-header-case",
    Category.BLOCKED,
    "the code looks for the Origin header in one spelling only, and the front door hands names on as they were sent",
    explain,
)
