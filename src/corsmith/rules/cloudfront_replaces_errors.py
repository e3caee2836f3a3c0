"""cloudfront-replaces-errors: a custom error response takes the place of the API's answer, CORS headers included."""

from __future__ import annotations

from corsmith.api.cloudfront import CloudFront
from corsmith.api.finding import Category, Severity
from corsmith.api.value import Known

from .blocked import Blocked
from .rule import Diagnosis, Rule, no_fix


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain pages of the distribution's own that the browser gets instead of an error."""
    distribution = blocked.cell.route.front_door
    if not isinstance(distribution, CloudFront) or blocked.made_by != "cloudfront" or not distribution.error_pages:
        return None
    page = next((each for each in distribution.error_pages if isinstance(each.page, Known) and each.page.value), None)
    if page is None:
        return None
    outcome = blocked.outcome
    usual = blocked.at_preflight or (outcome is not None and outcome.error and outcome.expected)
    return Diagnosis(
        f"Distribution {distribution.name} has custom error responses: it puts a page of its own in the place of errors of the "
        "API, and that page has none of its CORS headers. They hold for all behaviors: let the site's own behavior handle "
        "unknown paths instead.",
        tuple(each for each in (page.span, distribution.span) if each is not None),
        no_fix,
        severity=Severity.ERROR if usual and not blocked.cell.situation else Severity.WARNING,
    )


RULE = Rule(
    "cloudfront-replaces-errors",
    Category.BLOCKED,
    "a custom error response of CloudFront takes the place of the API's errors, without their CORS headers",
    explain,
)
