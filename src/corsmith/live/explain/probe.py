"""More questions, where an answer fits several causes: preflights, which change nothing anywhere."""

from __future__ import annotations

from corsmith.api.exchange import Request, Response, values
from corsmith.browser import Ask, Judged, Verdict

from ..layers import fingerprint
from .stopped import ALLOW_ORIGIN, Probed

_WITH_A_CONFIGURATION = ("http_api", "function_url")
"""Front doors whose own CORS configuration answers preflights."""


_OTHERS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def probes_for(verdict: Verdict) -> tuple[Ask, ...]:
    """Return the questions that tell causes apart, to be asked in turn until one answer has CORS headers.

    None where the answers say enough. Without CORS headers on a plain answer, a preflight shows whether the front door
    has a CORS configuration. Without them on the front door's own answer to a preflight, the same without the page's
    headers, then with other methods, shows whether the headers, the method or the origin is at fault.
    """
    last = verdict.judged[-1] if verdict.judged else None
    if verdict.allowed or last is None or not isinstance(last.response, Response):
        return ()
    if values(last.response.headers, ALLOW_ORIGIN):
        return ()
    layer = fingerprint(last.request, last.response)
    expected = ("request", "handler") if not verdict.preflight_sent else ("preflight", "gateway")
    if layer.front_door not in _WITH_A_CONFIGURATION or (last.kind, layer.made_by) != expected:
        return ()
    if last.kind == "request":
        return (_preflight(last, last.request.method),)
    if not 200 <= last.response.status < 300:
        return ()
    wanted = wanted_method(last)
    own = (wanted,) if values(last.request.headers, "access-control-request-headers") else ()
    return tuple(_preflight(last, method) for method in (*own, *(each for each in _OTHERS if each != wanted)))


def wanted_method(judged: Judged) -> str:
    """Return the method that a preflight asks for."""
    return next(iter(values(judged.request.headers, "access-control-request-method")), "")


def probed(ask: Ask, response: Response) -> Probed:
    """Return what the answer to a probe says."""
    method = values(ask.request.headers, "access-control-request-method")[0]
    allows = bool(values(response.headers, ALLOW_ORIGIN))
    return Probed(method, fingerprint(ask.request, response), response.status, allows)


def _preflight(judged: Judged, method: str) -> Ask:
    asked = (("Accept", "*/*"), ("Access-Control-Request-Method", method), ("Origin", judged.origin))
    return Ask("preflight", Request("OPTIONS", judged.request.url, asked), judged.hop)
