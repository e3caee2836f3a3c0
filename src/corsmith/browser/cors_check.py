"""The CORS check, of a preflight's answer and of every response (Fetch, "CORS check")."""

from __future__ import annotations

from corsmith.api.exchange import Response

from .failure import Failure, Kind
from .origin import looks_like_url
from .syntax import lines


def cors_check(response: Response, origin: str, *, include: bool, preflight: bool) -> Failure | None:
    """Return why `response` fails for `origin` (serialised, or "null"), None where it passes.

    `include`: the request's credentials mode is "include".
    """
    allowed = lines(response.headers, "access-control-allow-origin")
    if not allowed:
        return Failure(Kind.MISSING_ALLOW_ORIGIN, preflight, status=response.status)
    value = ", ".join(allowed)
    if value == "*":
        return Failure(Kind.WILDCARD_WITH_CREDENTIALS, preflight, "*") if include else None
    if value != origin:
        return Failure(_difference(value, len(allowed)), preflight, value)
    if include:
        credentials = ", ".join(lines(response.headers, "access-control-allow-credentials"))
        if credentials != "true":
            return Failure(Kind.INVALID_ALLOW_CREDENTIALS, preflight, credentials)
    return None


def _difference(value: str, count: int) -> Kind:
    """Return how Chromium calls a value that is not the origin; Firefox tells lines from a list in one line."""
    if count > 1:
        return Kind.MULTIPLE_ORIGINS
    if " " in value or "," in value:
        return Kind.ORIGIN_LIST
    return Kind.ORIGIN_MISMATCH if value == "null" or looks_like_url(value) else Kind.INVALID_ALLOW_ORIGIN
