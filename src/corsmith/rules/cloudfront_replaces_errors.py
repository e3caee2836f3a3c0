"""cloudfront-replaces-errors: a custom error response takes the place of the API's answer, CORS headers included."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cloudfront import CloudFront
from corsmith.api.finding import Category, Severity
from corsmith.api.fix import Fix
from corsmith.api.value import Known
from corsmith.fixes.templates import without_error_pages

from .blocked import Blocked
from .rule import Diagnosis, Rule, by_hand


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
        lambda: _without(blocked, distribution),
        severity=Severity.ERROR if usual and not blocked.cell.situation else Severity.WARNING,
    )


def _without(blocked: Blocked, distribution: CloudFront) -> Iterator[Fix]:
    """Take the pages away where the distribution serves the API alone: there is no site whose pages they could be."""
    spans = tuple(each.span for each in distribution.error_pages if each.span is not None)
    if all(each.target is not None for each in distribution.behaviors):
        edits = without_error_pages(blocked.tree, spans)
        if edits:
            yield Fix("Take the custom error responses out: the API's own errors stay", safe=False, edits=edits)
    page = next((each.page.value for each in distribution.error_pages if isinstance(each.page, Known)), "/index.html")
    yield from by_hand("Let the site's own behavior handle unknown paths", _FUNCTION.replace("@", str(page)))


_FUNCTION = """\
Take the custom error responses out, and give the behavior of the site (not the API's) a CloudFront function that answers unknown
paths with its page, as a viewer request:

function handler(event) {
  var request = event.request;
  if (!request.uri.includes('.')) request.uri = '@';
  return request;
}"""

RULE = Rule(
    "cloudfront-replaces-errors",
    Category.BLOCKED,
    "a custom error response of CloudFront takes the place of the API's errors, without their CORS headers",
    explain,
)
