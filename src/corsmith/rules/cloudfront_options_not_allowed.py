"""cloudfront-options-not-allowed: the cache behavior does not allow OPTIONS, or the call's own method."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.span import Span
from corsmith.fixes import templates
from corsmith.fixes.cloudformation import ALL_METHODS

from .blocked import Blocked
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain CloudFront's own 403 to a method that the behavior does not allow."""
    behavior = blocked.cell.route.behavior
    if behavior is None or blocked.made_by != "cloudfront" or blocked.status != 403:
        return None
    method = "OPTIONS" if blocked.at_preflight else blocked.cell.caller.method
    distribution = blocked.cell.route.front_door
    return Diagnosis(
        f"The cache behavior of distribution {distribution.name} for {blocked.cell.route.path} does not allow {method}, so "
        "CloudFront answers 403 itself. Allow all seven methods: GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE.",
        tuple(each for each in (behavior.allowed_methods.span, behavior.span) if each is not None),
        lambda: _allow(blocked, behavior.span),
    )


def _allow(blocked: Blocked, behavior: Span) -> Iterator[Fix]:
    edits = templates.set_in(blocked.tree, blocked.cell.api, behavior, "AllowedMethods", list(ALL_METHODS))
    if edits:
        yield Fix("Allow all methods", safe=True, edits=edits)


RULE = Rule(
    "cloudfront-options-not-allowed",
    Category.BLOCKED,
    "the cache behavior does not allow OPTIONS: CloudFront answers 403",
    explain,
)
