"""Causes by error: which rules fit, for which front doors, and with which statuses they are likely."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from .found import Cause, Message

REST, HTTP, URL, ALB, EDGE = "rest_api", "http_api", "function_url", "alb", "cloudfront"
ANY = (REST, HTTP, URL, ALB, EDGE)


class Row(Struct, frozen=True):
    """One cause of an error. `statuses`: those of the deciding answer that speak for it; () says nothing about it."""

    rule: str
    why: str
    doors: tuple[str, ...] = ANY
    statuses: tuple[int, ...] = ()


_PREFLIGHT_UNANSWERED = (
    Row(
        "rest-no-options-method",
        "the resource has no OPTIONS method, so that API Gateway answers the preflight with 403 Missing Authentication Token",
        (REST,),
        (403,),
    ),
    Row(
        "rest-options-requires-auth", "OPTIONS has an authorizer, which preflights cannot satisfy", (REST,), (401, 403)
    ),
    Row("rest-options-requires-api-key", "OPTIONS requires an API key, which preflights do not carry", (REST,), (403,)),
    Row("rest-mock-options-broken", "the mock integration of OPTIONS fails", (REST,), (500,)),
    Row("rest-binary-media-breaks-mock-options", "the binary media type */* breaks the OPTIONS mock", (REST,), (500,)),
    Row(
        "rest-options-missing-response-parameters", "the OPTIONS mock answers without the headers", (REST,), (200, 204)
    ),
    Row("rest-stage-not-deployed", "the stage serves a deployment from before CORS was enabled", (REST,), (403,)),
    Row("httpapi-no-cors-config", "the HTTP API has no CORS configuration", (HTTP,), (404, 204, 200, 500)),
    Row(
        "httpapi-default-route-authorizer-catches-options",
        "an authorizer on $default or an ANY route also guards OPTIONS",
        (HTTP,),
        (401, 403),
    ),
    Row(
        "httpapi-subdomain-wildcard", "an allowed origin such as https://*.example.com matches nothing", (HTTP,), (204,)
    ),
    Row("httpapi-stage-not-deployed", "the stage does not deploy by itself and serves an older configuration", (HTTP,)),
    Row(
        "function-url-no-cors-config",
        "the Function URL has no Cors setting, and the code does not answer OPTIONS",
        (URL,),
    ),
    Row(
        "origin-mismatch",
        "the page's origin is not in the list of allowed origins, and then no CORS header is sent at all",
        (HTTP, URL),
        (200, 204),
    ),
    Row(
        "function-url-permission-missing",
        "the public may not invoke the function: a Function URL needs two permissions since October 2025",
        (URL,),
        (403,),
    ),
    Row("alb-options-not-routed", "no listener rule sends OPTIONS to the function", (ALB,), (404, 503, 405)),
    Row("cloudfront-options-not-allowed", "the cache behavior does not allow OPTIONS", (EDGE,), (403,)),
    Row(
        "cloudfront-drops-origin-header",
        "CloudFront does not forward Origin, so that the server adds no headers",
        (EDGE,),
    ),
    Row(
        "preflight-needs-status-ok",
        "OPTIONS reaches the code, which does not answer it as a preflight",
        ANY,
        (404, 405, 400, 500, 502),
    ),
    Row(
        "preflight-blocked-in-front",
        "a WAF, mutual TLS, a resource policy or a throttle answers first",
        ANY,
        (403, 429),
    ),
    Row(
        "lambda-permission-missing", "the front door may not invoke the function for OPTIONS", (REST, HTTP, ALB), (500,)
    ),
)
_REQUEST_UNANSWERED = (
    Row(
        "handler-missing-headers",
        "the function's own response carries no Access-Control-Allow-Origin, and this front door adds none",
        (REST, ALB, EDGE, URL),
        (200, 201, 204, 400, 404, 422),
    ),
    Row(
        "rest-missing-gateway-responses",
        "API Gateway made this answer itself, and its gateway responses carry no CORS headers",
        (REST,),
        (400, 401, 403, 413, 415, 429, 500, 502, 503, 504),
    ),
    Row(
        "handler-missing-headers-on-error",
        "only the function's error responses lack the headers",
        ANY,
        (400, 401, 403, 404, 409, 422, 500),
    ),
    Row("malformed-proxy-response", "the function returned what the front door cannot use", ANY, (500, 502)),
    Row("lambda-permission-missing", "the front door may not invoke the function", (REST, HTTP, ALB), (500,)),
    Row("httpapi-no-cors-config", "the HTTP API has no CORS configuration, and the function sends no headers", (HTTP,)),
    Row(
        "origin-mismatch",
        "the page's origin is not in the list of allowed origins, and then no CORS header is sent at all",
        (HTTP, URL),
    ),
    Row(
        "function-url-no-cors-config", "the Function URL has no Cors setting, and the function sends no headers", (URL,)
    ),
    Row("function-url-permission-missing", "the public may not invoke the function", (URL,), (403,)),
    Row("headers-not-applied", "the headers are set where they have no effect", ANY),
    Row(
        "cloudfront-drops-origin-header",
        "CloudFront does not forward Origin, so that the server adds no headers",
        (EDGE,),
    ),
    Row("cloudfront-caches-without-origin", "CloudFront serves an answer that was cached for another caller", (EDGE,)),
    Row("header-typo", "the header's name is misspelt", ANY),
    Row("cors-config-on-wrong-resource", "the CORS setting stands where it has no effect", ANY),
)
_MISMATCH = (
    Row("origin-mismatch", "the allowed origin differs from the page's in scheme, host or port"),
    Row("origin-trailing-slash", "the allowed origin ends in a slash"),
    Row("cloudfront-caches-without-origin", "a cache serves one site's header to another", (EDGE,)),
    Row("httpapi-subdomain-wildcard", "https://*.example.com is taken as it is written, and matches nothing", (HTTP,)),
)
_INVALID = (
    Row("httpapi-rest-style-quotes", "the value carries the single quotes that only REST APIs need", (HTTP,)),
    Row("rest-unquoted-cors-value", "quotes are nested wrongly in the mapping expression", (REST,)),
    Row("origin-mismatch", "the value is no origin: a scheme is missing, or a variable was empty"),
)
_SEVERAL = (
    Row(
        "duplicate-headers-function-url", "the Function URL's Cors and the function's code both send the header", (URL,)
    ),
    Row("duplicate-headers", "two layers send the header, such as the code and a middleware"),
    Row("multiple-origins-in-one-header", "one value holds a list of origins; a header takes exactly one"),
)
_WILDCARD = (
    Row("wildcard-with-credentials", "the call includes cookies, and then * is not accepted: name the origin"),
)
_CREDENTIALS = (
    Row(
        "credentials-header-missing", "the call includes cookies, and Access-Control-Allow-Credentials: true is missing"
    ),
    Row("duplicate-headers", "two layers send the header, and `true, true` is not `true`"),
)
_STATUS = (
    Row(
        "preflight-needs-status-ok",
        "OPTIONS reaches the code, which answers with an error",
        ANY,
        (404, 405, 400, 500, 502),
    ),
    Row("rest-options-requires-auth", "OPTIONS has an authorizer", (REST,), (401, 403)),
    Row("rest-options-requires-api-key", "OPTIONS requires an API key", (REST,), (403,)),
    Row("rest-mock-options-broken", "the mock integration of OPTIONS fails", (REST,), (500,)),
    Row("rest-no-options-method", "the resource has no OPTIONS method", (REST,), (403,)),
    Row("httpapi-default-route-authorizer-catches-options", "an authorizer also guards OPTIONS", (HTTP,), (401, 403)),
    Row("function-url-permission-missing", "the public may not invoke the function", (URL,), (403,)),
    Row("alb-options-not-routed", "no listener rule sends OPTIONS to the function", (ALB,), (404, 503)),
    Row("cloudfront-options-not-allowed", "the cache behavior does not allow OPTIONS", (EDGE,), (403,)),
    Row(
        "preflight-blocked-in-front",
        "a WAF, mutual TLS, a resource policy or a throttle answers first",
        ANY,
        (403, 429),
    ),
)
_REDIRECT = (Row("preflight-redirected", "the preflight is redirected: http to https, a missing slash, a login page"),)
_METHOD = (
    Row("allow-methods-missing", "Access-Control-Allow-Methods does not list the method; its case counts"),
    Row("httpapi-rest-style-quotes", "the list carries the single quotes that only REST APIs need", (HTTP,)),
    Row("wildcard-with-credentials", "the list is *, which does not count for a call with cookies"),
)
_HEADER = (
    Row("allow-headers-missing-header", "Access-Control-Allow-Headers does not list the header"),
    Row("httpapi-rest-style-quotes", "the list carries the single quotes that only REST APIs need", (HTTP,)),
    Row("wildcard-with-credentials", "the list is *, which does not count for a call with cookies"),
)
_LIST = (Row("allow-list-joined-in-one-item", "the list holds something that is no token: brackets, quotes, spaces"),)
_LOCAL = (Row("local-network-access", "a public page calls a private address; the browser asks the user first"),)

_ONLY_ERRORS = (
    Row("rest-missing-gateway-responses", "answers that API Gateway makes itself carry no CORS headers", (REST,)),
    Row("handler-missing-headers-on-error", "only the function's error responses lack the headers"),
    Row("malformed-proxy-response", "the function returned what the front door cannot use"),
)
_ONLY_PREFLIGHTED = (
    Row(
        "allow-headers-missing-header",
        "a request with JSON is preflighted, and content-type is not in Access-Control-Allow-Headers",
    ),
    Row("allow-methods-missing", "Access-Control-Allow-Methods does not list the method"),
)
_AUTHORIZED = (
    Row("allow-headers-missing-header", "Access-Control-Allow-Headers does not list authorization"),
    Row("rest-options-requires-auth", "the authorizer also guards OPTIONS, which carries no token", (REST,)),
    Row("httpapi-default-route-authorizer-catches-options", "the authorizer also guards OPTIONS", (HTTP,)),
    Row("rest-options-requires-api-key", "OPTIONS requires an API key", (REST,)),
    Row("allow-headers-wildcard-authorization", "* does not cover Authorization by the standard"),
)
_WITH_COOKIES = (
    *_WILDCARD,
    *_CREDENTIALS,
    Row("cookie-not-sent", "CORS passes, but the cookie does not travel: SameSite, third-party cookies"),
)

CAUSES: dict[str, tuple[Row, ...]] = {
    "PreflightMissingAllowOriginHeader": _PREFLIGHT_UNANSWERED,
    "MissingAllowOriginHeader": _REQUEST_UNANSWERED,
    "AllowOriginMismatch": _MISMATCH,
    "InvalidAllowOriginValue": _INVALID,
    "MultipleAllowOriginValues": _SEVERAL,
    "WildcardOriginNotAllowed": _WILDCARD,
    "InvalidAllowCredentials": _CREDENTIALS,
    "PreflightInvalidStatus": _STATUS,
    "PreflightDisallowedRedirect": _REDIRECT,
    "MethodDisallowedByPreflightResponse": _METHOD,
    "HeaderDisallowedByPreflightResponse": _HEADER,
    "InvalidAllowMethodsPreflightResponse": _LIST,
    "InvalidAllowHeadersPreflightResponse": _LIST,
    "LocalNetworkAccessPermissionDenied": _LOCAL,
    "InsecureLocalNetwork": _LOCAL,
    "InvalidLocalNetworkAccess": _LOCAL,
    "PreflightMissingAllowPrivateNetwork": _LOCAL,
    "PreflightInvalidAllowPrivateNetwork": _LOCAL,
}
"""By Chromium's name; the CORS check of a preflight has the causes of the same check elsewhere, where it has no own."""

SYMPTOMATIC: dict[str, tuple[Row, ...]] = {
    "only-errors": _ONLY_ERRORS,
    "simple-works": (*_ONLY_PREFLIGHTED, *_PREFLIGHT_UNANSWERED),
    "authorization": _AUTHORIZED,
    "credentials": _WITH_COOKIES,
    "other-tools-work": (*_REQUEST_UNANSWERED, *_PREFLIGHT_UNANSWERED),
}
"""By symptom, where it says more than the error does."""


def rows_for(message: Message) -> tuple[Row, ...]:
    """Return every cause of what a message says."""
    if message.symptom in SYMPTOMATIC:
        return SYMPTOMATIC[message.symptom]
    error = message.error or ""
    rows = CAUSES.get(error) or CAUSES.get(error.removeprefix("Preflight")) or ()
    if message.browser != "chrome" and rows is _REQUEST_UNANSWERED:
        # Neither Firefox nor Safari says whether the preflight or the request failed.
        return (*_PREFLIGHT_UNANSWERED, *rows)
    if message.browser == "safari" and rows is _STATUS:
        # Safari looks at the status first, and says nothing of headers that are missing too.
        return (*_PREFLIGHT_UNANSWERED, *rows)
    return rows


def causes(rows: tuple[Row, ...], doors: tuple[str, ...], status: int | None, value: str | None) -> tuple[Cause, ...]:
    """Return the causes among `rows`, ranked for `doors` (the likeliest first), and by what the status says."""
    fitting = [row for row in rows if set(row.doors) & set(doors)]
    if status is not None and any(status in row.statuses for row in fitting):
        fitting = [row for row in fitting if not row.statuses or status in row.statuses]
    ranked = rows in SYMPTOMATIC.values()

    def rank(row: Row) -> tuple[int, bool, int]:
        place = 0 if ranked else _place(row, doors)
        return _speaks(row, value), status is not None and status not in row.statuses, place

    fitting.sort(key=rank)
    return tuple(dict.fromkeys(Cause(row.rule, row.why) for row in _once(fitting)))


def _place(row: Row, doors: tuple[str, ...]) -> int:
    """Rank a cause by the likeliest door that it fits; one that fits every door goes after that door's own."""
    return min(doors.index(door) for door in row.doors if door in doors) * 2 + (row.doors == ANY)


_SIGNS: dict[str, Callable[[str], bool]] = {
    "origin-trailing-slash": lambda value: value.endswith("/"),
    "httpapi-subdomain-wildcard": lambda value: "*." in value,
    "httpapi-rest-style-quotes": lambda value: "'" in value,
    "rest-unquoted-cors-value": lambda value: "'" in value,
    "multiple-origins-in-one-header": lambda value: len(set(value.replace(",", " ").split())) > 1,
}
"""What the value that was sent looks like when a cause is the cause."""


def _speaks(row: Row, value: str | None) -> int:
    """Return -1 where the value speaks for a cause, 1 where it speaks against it, 0 where it says nothing."""
    sign = _SIGNS.get(row.rule)
    if value is None or sign is None:
        return 0
    return -1 if sign(value) else 1


def _once(rows: list[Row]) -> list[Row]:
    seen: dict[str, Row] = {}
    for row in rows:
        seen.setdefault(row.rule, row)
    return list(seen.values())
