"""The CORS check, of a preflight's answer and of every response (Fetch Standard, "CORS check")."""

from __future__ import annotations

from .failure import Kind
from .fields import Fields
from .url import parse_url

ALLOW_ORIGIN = "access-control-allow-origin"
ALLOW_CREDENTIALS = "access-control-allow-credentials"


def cors_check(fields: Fields, origin: str, credentials: str) -> Kind | None:
    """Return why the response fails for `origin` (serialised, or "null"), None where it passes.

    `credentials` is the credentials mode of the request that the page made.
    """
    allowed = fields.get(ALLOW_ORIGIN)
    if allowed is None:
        return Kind.MISSING_ALLOW_ORIGIN
    if allowed == "*":
        return Kind.WILDCARD_WITH_CREDENTIALS if credentials == "include" else None
    if allowed != origin:
        return _difference(allowed)
    if credentials == "include" and fields.get(ALLOW_CREDENTIALS) != "true":
        return Kind.INVALID_ALLOW_CREDENTIALS
    return None


def _difference(value: str) -> Kind:
    """Return how Chromium calls a value that is not the origin; to the standard all of these are one."""
    if " " in value or "," in value:
        return Kind.SEVERAL_ORIGINS
    # The value's bytes are UTF-8 to a browser's URL parser.
    text = value.encode("latin-1", "replace").decode("utf-8", "replace")
    return Kind.ORIGIN_MISMATCH if value == "null" or parse_url(text) is not None else Kind.INVALID_ALLOW_ORIGIN
