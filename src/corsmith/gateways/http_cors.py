"""The CORS configuration of an HTTP API, laid over a response.

Configured headers replace the integration's: all six CORS response headers that came with the response go, and those of
the configuration come, provided that the request has an Origin that is allowed (API Gateway developer guide,
"Configuring CORS for HTTP APIs"). Header names, and the names inside allow-headers and expose-headers, are in lower
case; lists are joined by commas without blanks and are not narrowed to what was asked for.
"""

from __future__ import annotations

from corsmith.api.exchange import Headers
from corsmith.api.http_api import HttpApiCors
from corsmith.api.value import Known, Texts

from .call import Call
from .cors_settings import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    MAX_AGE,
    RESPONSE_HEADERS,
    exposed,
    holds,
    is_true,
    joined,
    names,
    scheme_wildcard,
)


def overlaid(headers: Headers, cors: HttpApiCors, call: Call) -> Headers:
    """Return `headers` with the configuration laid over them. Raises `Undecided`."""
    added = configured(cors, call)
    if not added and _has_cors(headers) and not call.assumptions.http_strips_without_match:
        return headers
    return tuple(pair for pair in headers if pair[0].lower() not in RESPONSE_HEADERS) + added


def _has_cors(headers: Headers) -> bool:
    return any(name.lower() in RESPONSE_HEADERS for name, _ in headers)


def configured(cors: HttpApiCors, call: Call) -> Headers:
    """Return the headers that the configuration sends for this call, none when its origin is not allowed."""
    origin = call.header("origin")
    allowed = None if origin is None else _allowed(cors.allow_origins, origin, call)
    if allowed is None:
        return ()
    headers: Headers = ((ALLOW_ORIGIN, allowed),)
    if is_true(cors.allow_credentials):
        headers += ((ALLOW_CREDENTIALS, "true"),)
    if allowed != "*" and _varies(cors, call):
        headers += (("vary", "origin"),)
    headers += exposed(cors.expose_headers)
    return headers + _preflight_only(cors, call) if call.is_preflight() else headers


def _allowed(setting: Texts | None, origin: str, call: Call) -> str | None:
    if names(setting, lambda item: item in ("*", origin) or scheme_wildcard(item, origin)):
        return "*" if holds(setting, "*") else origin
    if names(setting, lambda item: _subdomain_of(item, origin)) and call.assumptions.http_subdomain_wildcard_matches:
        return origin
    return None


def _subdomain_of(item: str, origin: str) -> bool:
    scheme, wildcard, domain = item.partition("://*.")
    return bool(wildcard) and origin.startswith(f"{scheme}://") and origin.endswith(f".{domain}")


def _varies(cors: HttpApiCors, call: Call) -> bool:
    when = call.assumptions.http_vary
    return when == "explicit" or (when == "credentials" and is_true(cors.allow_credentials))


def _preflight_only(cors: HttpApiCors, call: Call) -> Headers:
    methods = joined(cors.allow_methods)
    names_of_headers = joined(cors.allow_headers, str.lower)
    if "*" in (methods, names_of_headers) and call.assumptions.http_lists == "requested":
        methods = (call.header("access-control-request-method") or "") if methods == "*" else methods
        asked = call.header("access-control-request-headers") or ""
        names_of_headers = asked if names_of_headers == "*" else names_of_headers
    pairs = ((ALLOW_METHODS, methods), (ALLOW_HEADERS, names_of_headers), (MAX_AGE, _max_age(cors)))
    return tuple((name, value) for name, value in pairs if value)


def _max_age(cors: HttpApiCors) -> str:
    # An unknown duration decides nothing about this call, so it leaves the header out rather than the answer open.
    return str(cors.max_age.value) if isinstance(cors.max_age, Known) else ""
