"""Why a finding is still there after a repair."""

from __future__ import annotations

from collections.abc import Collection

from corsmith.api.finding import Finding

from .check import Checked, Question
from .findings import Group
from .prove import proven

Declined = tuple[str, str, str, str]
"""A rule, an API, a route, and the title of a fix that a person did not want."""


def declining(finding: Finding, title: str) -> Declined:
    """Return the key of a declined fix."""
    return finding.rule, finding.api, finding.route, title


def why_left(question: Question, now: Checked, found: Group, declined: Collection[Declined]) -> str:
    """Return why `found` was not repaired, as a phrase."""
    for proof in proven(question, now, found):
        if declining(found.finding, proof.fix.title) in declined:
            return f"you declined: {proof.fix.title}"
        if proof.fix.by_hand:
            return proof.fix.by_hand
        if not proof.fix.safe:
            return f"the fix needs thought, and --unsafe: {proof.fix.title}"
        return f"its fix needs another run: {proof.fix.title}"
    if any(True for propose in found.proposals for _ in propose()):
        return "what was tried did not let the call through, or blocked another"
    return f"no fix is known; `corsmith rules {found.finding.rule}` says what can be done by hand"
