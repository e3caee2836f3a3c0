"""cloudfront-caches-without-origin: Origin is forwarded, but cached answers are not told apart by it."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cloudfront import CacheBehavior
from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Fix
from corsmith.fixes import templates
from corsmith.fixes.cloudformation import CACHING_DISABLED

from .blocked import Blocked
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain answers that were kept for another request, and do not fit this page."""
    behavior = blocked.cell.route.behavior
    if behavior is None or not blocked.cell.situation.startswith("cached") or blocked.at_preflight:
        return None
    distribution = blocked.cell.route.front_door
    return Diagnosis(
        f"Distribution {distribution.name} keeps answers for {blocked.cell.route.path} and does not tell them apart by Origin: "
        "an answer that was made for a request without Origin, or for another page, is handed to this one. Put Origin into "
        "the cache key, or do not keep these answers.",
        tuple(each for each in (behavior.cache_key.span, behavior.span) if each is not None),
        lambda: _keep_nothing(blocked, behavior),
        severity=Severity.WARNING,
    )


def _keep_nothing(blocked: Blocked, behavior: CacheBehavior) -> Iterator[Fix]:
    """Name the managed policy that keeps no answers; settings of the older kind need a person."""
    edits = templates.set_in(blocked.tree, blocked.cell.api, behavior.span, "CachePolicyId", CACHING_DISABLED)
    if edits:
        yield Fix("Keep no answers (CachingDisabled)", safe=False, edits=edits)


RULE = Rule(
    "cloudfront-caches-without-origin",
    Category.BLOCKED,
    "Origin is forwarded but not in the cache key: one site's header is served to another",
    explain,
)
