"""Which layer answered: REST API, HTTP API, Function URL, load balancer, CloudFront; the function or the layer itself.

Each front door has a table of marks, tried from the top. What no table knows is "unknown": a wrong layer would send
people to the wrong place.
"""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.exchange import Request, Response
from corsmith.api.finding import Confidence

from . import edge, function_url, http_api, rest_api
from .clues import Clues, Fingerprint, Mark, clues_of
from .words import body_tells

__all__ = ["Fingerprint", "body_tells", "fingerprint"]

_TABLES: tuple[tuple[str, Callable[[Clues], bool], tuple[Mark, ...]], ...] = (
    ("http_api", http_api.is_http, http_api.MARKS),
    ("rest_api", rest_api.is_rest, rest_api.MARKS),
    ("cloudfront", edge.made_by_cloudfront, edge.CLOUDFRONT),
    ("function_url", function_url.is_function_url, function_url.MARKS),
    ("alb", edge.is_alb, edge.ALB),
    ("cloudfront", edge.behind_cloudfront, edge.CLOUDFRONT),
)


def fingerprint(request: Request, response: Response) -> Fingerprint:
    """Return which layer answered `request` with `response`, from its headers, status, body and the URL's host."""
    clues = clues_of(request, response)
    for front_door, belongs, marks in _TABLES:
        if belongs(clues):
            mark = next(mark for mark in marks if mark.holds(clues))
            made_by = "waf" if edge.is_waf(clues) else mark.made_by
            return Fingerprint(front_door, made_by, mark.confidence, mark.why)
    if edge.is_waf(clues):
        return Fingerprint("unknown", "waf", Confidence.HIGH, "x-amzn-waf-action: AWS WAF asks for a challenge")
    return Fingerprint("unknown", "unknown", Confidence.LOW, "nothing in this answer is known to be AWS's")
