"""The Cors settings of a Function URL.

Unlike an HTTP API's they add to what the function sends, so that both layers' headers arrive; a preflight is answered
from them alone. The allowed origin is always the request's own, also for `*`; `*` among the methods is answered by the
requested method (Lambda developer guide, "Cross-origin resource sharing (CORS)"; captures and reports, see docs).
"""

from __future__ import annotations

from corsmith.api.exchange import Headers
from corsmith.api.function_url import FunctionUrlCors
from corsmith.api.value import Known

from .call import Call
from .cors_settings import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    MAX_AGE,
    exposed,
    is_true,
    joined,
    names,
    scheme_wildcard,
)

METHODS = frozenset(("GET", "PUT", "HEAD", "POST", "PATCH", "DELETE"))
"""The methods that a Function URL can allow, besides `*`."""


def added(cors: FunctionUrlCors, call: Call) -> Headers:
    """Return the lines that an actual response gets: none without an allowed Origin. Raises `Undecided`."""
    origin = call.header("origin")
    if origin is None or not _allows(cors, origin, call):
        return ()
    headers: Headers = ((ALLOW_ORIGIN, origin),)
    if is_true(cors.allow_credentials):
        headers += ((ALLOW_CREDENTIALS, "true"),)
    return headers + exposed(cors.expose_headers) + (("Vary", "Origin"),)


def preflight(cors: FunctionUrlCors, call: Call) -> Headers:
    """Return the headers of a preflight's answer: none where origin, method or a header is not allowed."""
    headers = added(cors, call)
    if not headers or not _allows_method(cors, call) or not _allows_headers(cors, call):
        return ()
    lines = (
        (ALLOW_METHODS, _methods(cors, call)),
        (ALLOW_HEADERS, _headers(cors, call)),
        (MAX_AGE, _max_age(cors, call)),
    )
    # The captured preflight spells these names with capitals, the captured actual response without.
    return tuple((name.title(), value) for name, value in headers + lines if value)


def _allows(cors: FunctionUrlCors, origin: str, call: Call) -> bool:
    if names(cors.allow_origins, lambda item: item in ("*", origin) or scheme_wildcard(item, origin)):
        return True
    # Read the assumption only where it makes a difference.
    folded = origin.lower().rstrip("/")
    return names(
        cors.allow_origins,
        lambda item: item.lower().rstrip("/") == folded and call.assumptions.url_origin_match == "folded",
    )


def _allows_method(cors: FunctionUrlCors, call: Call) -> bool:
    asked = call.header("access-control-request-method")
    if names(cors.allow_methods, lambda item: item in ("*", asked)):
        return True
    if asked not in ("GET", "HEAD", "POST"):
        return False
    return cors.allow_methods is None or call.assumptions.url_safelisted_methods == "always"


def _allows_headers(cors: FunctionUrlCors, call: Call) -> bool:
    asked = (call.header("access-control-request-headers") or "").lower().split(",")
    return all(_allows_header(cors, name.strip()) for name in asked if name.strip())


def _allows_header(cors: FunctionUrlCors, name: str) -> bool:
    return names(cors.allow_headers, lambda item: item == "*" or item.lower() == name)


def _methods(cors: FunctionUrlCors, call: Call) -> str:
    listed = joined(cors.allow_methods)
    asked = call.header("access-control-request-method") or ""
    return asked if "*" in listed.split(",") and asked in METHODS else listed


def _headers(cors: FunctionUrlCors, call: Call) -> str:
    listed = joined(cors.allow_headers, str.lower)
    if listed == "*" and call.assumptions.url_header_wildcard == "requested":
        return call.header("access-control-request-headers") or ""
    return listed


def _max_age(cors: FunctionUrlCors, call: Call) -> str:
    if not isinstance(cors.max_age, Known):
        return ""
    age = cors.max_age.value
    return str(age) if age or call.assumptions.url_zero_max_age_sent else ""
