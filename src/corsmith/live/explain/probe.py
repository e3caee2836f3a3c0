"""One more question, where an answer fits several causes: a preflight without a wish, which changes nothing anywhere."""

from __future__ import annotations

from corsmith.api.exchange import Request, Response, values
from corsmith.browser import Ask, Verdict

from ..layers import fingerprint
from .stopped import ALLOW_ORIGIN, Probed

_WITH_A_CONFIGURATION = ("http_api", "function_url")
"""Front doors whose own CORS configuration answers preflights."""


def probe_for(verdict: Verdict) -> Ask | None:
    """Return the question that tells causes apart, None where the answers say enough.

    Without CORS headers on a plain answer, a preflight shows whether the front door has a CORS configuration. Without
    them on the front door's own answer to a preflight, a preflight for a plain GET shows whether the origin is at
    fault, or the method and headers.
    """
    last = verdict.judged[-1] if verdict.judged else None
    if verdict.allowed or last is None or not isinstance(last.response, Response):
        return None
    if values(last.response.headers, ALLOW_ORIGIN):
        return None
    layer = fingerprint(last.request, last.response)
    expected = ("request", "handler") if not verdict.preflight_sent else ("preflight", "gateway")
    if layer.front_door not in _WITH_A_CONFIGURATION or (last.kind, layer.made_by) != expected:
        return None
    if last.kind == "preflight" and not 200 <= last.response.status < 300:
        return None
    asked = (("Accept", "*/*"), ("Access-Control-Request-Method", "GET"), ("Origin", last.origin))
    return Ask("preflight", Request("OPTIONS", last.request.url, asked), last.hop)


def probed(ask: Ask, response: Response) -> Probed:
    """Return what the answer to a probe says."""
    return Probed(fingerprint(ask.request, response), response.status, bool(values(response.headers, ALLOW_ORIGIN)))
