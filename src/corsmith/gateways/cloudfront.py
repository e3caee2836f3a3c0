"""What leaves a CloudFront distribution.

Theory of operation: the first behavior whose path pattern fits decides. It refuses methods it does not allow, drops the
request headers it does not forward, lets the front door behind it answer, and may replace that answer by an error page
or a cached one. Last, its response headers policy adds CORS headers: it never turns a refusal into a success.
"""

from __future__ import annotations

from collections.abc import Generator

from corsmith.api.cloudfront import CacheBehavior, CloudFront, ErrorPage, PolicyCors
from corsmith.api.exchange import Headers, Request, Response
from corsmith.api.value import Known, Undecided, texts

from .asks import Answered, Ask, Told
from .call import Call
from .cors_settings import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    EXPOSE_HEADERS,
    MAX_AGE,
    RESPONSE_HEADERS,
    is_true,
    joined,
    names,
)
from .header_values import on_the_wire
from .patterns import fits

Behind = Generator[Ask, Told, Answered]
_PAGE = b"<!DOCTYPE HTML><HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD></HTML>"
_SIGNED = "AWS4-HMAC-SHA256 Credential=cloudfront"
_ALWAYS = frozenset(("accept", "content-type", "content-length", "range", "x-amz-content-sha256"))
"""Headers that CloudFront passes on whatever the policies say."""


def match(distribution: CloudFront, path: str) -> CacheBehavior | None:
    """Return the behavior that takes `path`. Raises `Undecided`."""
    return next((each for each in distribution.behaviors if _takes(each.path_pattern.get(), path)), None)


def _takes(pattern: str, path: str) -> bool:
    return fits(pattern if pattern.startswith(("/", "*")) else f"/{pattern}", path)


def upstream(behavior: CacheBehavior, call: Call) -> Request:
    """Return the request that reaches the origin server: `call`'s without the headers that are not forwarded.

    Its URL is a path still, for the caller to put the target's address before. Raises `Undecided`.
    """
    forwarded = frozenset(name.lower() for name in texts(behavior.forwarded))
    headers = tuple(pair for pair in call.request.headers if _passes(pair[0].lower(), forwarded))
    if call.circumstances.cached_for is not None and _shares_answers(behavior, call):
        headers = _as_first_asked(headers, call.circumstances.cached_for)
    if behavior.signs:
        headers = (*(pair for pair in headers if pair[0].lower() != "authorization"), ("authorization", _SIGNED))
    url = call.path + (f"?{call.query}" if call.query else "")
    return Request(call.method, url, headers, call.request.body)


def alias(distribution: CloudFront) -> str | None:
    """Return the distribution's first domain name that is known and no pattern."""
    listed = distribution.aliases.value if isinstance(distribution.aliases, Known) else ()
    return next((each.value.lower() for each in listed if isinstance(each, Known) and "*" not in each.value), None)


def _passes(name: str, forwarded: frozenset[str]) -> bool:
    return name in forwarded or name in _ALWAYS or ("*" in forwarded and name != "host")


def _shares_answers(behavior: CacheBehavior, call: Call) -> bool:
    """Say whether an answer that was made for another origin may be served from the cache."""
    if not behavior.caches.get() or not names(behavior.cached_methods, lambda method: method == call.method):
        return False
    return not names(behavior.cache_key, lambda name: name.lower() in ("origin", "*"))


def _as_first_asked(headers: Headers, origin: str) -> Headers:
    """Return the headers of the request whose answer is in the cache; it had no Origin where `origin` is ""."""
    had_origin = any(name.lower() == "origin" for name, _ in headers)
    others = tuple(pair for pair in headers if pair[0].lower() != "origin")
    return (*others, ("origin", origin)) if origin and had_origin else others


def refused(behavior: CacheBehavior, call: Call) -> bool:
    """Say whether the behavior does not allow the method. Raises `Undecided`."""
    return not names(behavior.allowed_methods, lambda method: method == call.method)


def finish(distribution: CloudFront, behavior: CacheBehavior, response: Response, call: Call) -> Response:
    """Return what leaves: `response`, or its error page, with the headers of the policy. Raises `Undecided`."""
    if behavior.code is not None:
        raise Undecided(behavior.code)
    shown = _error_page(distribution, response)
    headers = _with_cors(shown.headers, behavior.cors.get(), call)
    for header in behavior.headers:
        present = any(name.lower() == header.name.lower() for name, _ in headers)
        if present and not header.override.get():
            continue
        kept = tuple(pair for pair in headers if pair[0].lower() != header.name.lower())
        headers = (*kept, (header.name, on_the_wire(header.value.get())))
    return Response(shown.status, headers, shown.body, shown.made_by)


def own(status: int, made_by: str = "cloudfront") -> Response:
    """Return an error of CloudFront's own."""
    headers = (("Server", "CloudFront"), ("Content-Type", "text/html"), ("X-Cache", "Error from cloudfront"))
    return Response(status, headers, _PAGE, made_by)


def forbidden() -> Response:
    """Return the 403 of a front door that was reached under a foreign Host."""
    headers = (("Content-Type", "application/json"), ("x-amzn-ErrorType", "ForbiddenException"))
    return Response(403, headers, b'{"message":"Forbidden"}', "gateway")


def _error_page(distribution: CloudFront, response: Response) -> Response:
    page = next((each for each in distribution.error_pages if each.status.get() == response.status), None)
    return response if page is None else _shown(page, response)


def _shown(page: ErrorPage, response: Response) -> Response:
    if not page.page.get():
        # Only the time that errors are kept is set.
        return response
    status = response.status if page.shown is None else page.shown.get()
    headers = (("Server", "CloudFront"), ("Content-Type", "text/html"), ("X-Cache", "Error from cloudfront"))
    return Response(status, headers, b"", "cloudfront")


def _with_cors(headers: Headers, cors: PolicyCors | None, call: Call) -> Headers:
    lines = () if cors is None else _policy_lines(cors, call)
    if cors is None or not lines:
        return headers
    sent = {name.lower() for name, _ in headers} & RESPONSE_HEADERS
    if cors.override.get():
        named = {name.lower() for name, _ in lines}
        return tuple(pair for pair in headers if pair[0].lower() not in named) + lines
    if sent and not call.assumptions.cloudfront_fills_gaps:
        return headers
    return headers + tuple(pair for pair in lines if pair[0] not in sent)


def _policy_lines(cors: PolicyCors, call: Call) -> Headers:
    origin = call.header("origin")
    if origin is None:
        return ()
    if names(cors.allow_origins, lambda item: item == "*") and not is_true(cors.allow_credentials):
        allowed = "*"
    elif names(cors.allow_origins, lambda item: fits(item, origin)):
        allowed = origin
    else:
        return ()
    lines: Headers = ((ALLOW_ORIGIN, allowed),)
    if is_true(cors.allow_credentials):
        lines += ((ALLOW_CREDENTIALS, "true"),)
    given = [(EXPOSE_HEADERS, joined(cors.expose_headers))]
    if call.is_preflight():
        age = "" if cors.max_age is None else str(cors.max_age.get())
        given += [(ALLOW_METHODS, _methods(cors)), (ALLOW_HEADERS, joined(cors.allow_headers)), (MAX_AGE, age)]
    lines += tuple(pair for pair in given if pair[1])
    return lines if allowed == "*" else (*lines, ("vary", "Origin"))


def _methods(cors: PolicyCors) -> str:
    """Return Allow-Methods; ALL stands for the seven methods that CloudFront knows."""
    listed = joined(cors.allow_methods)
    return "GET,DELETE,HEAD,OPTIONS,PATCH,POST,PUT" if listed == "ALL" else listed
