"""The CORS-preflight request, and what its answer allows (Fetch, "CORS-preflight fetch")."""

from __future__ import annotations

from corsmith.api.exchange import Request, Response

from .cors_check import cors_check
from .failure import Failure, Kind
from .profile import Profile
from .syntax import extract, lines

SAFELISTED_METHODS = frozenset(("GET", "HEAD", "POST"))
REDIRECTS = frozenset((301, 302, 303, 307, 308))


def preflight_request(url: str, method: str, unsafe: tuple[str, ...], origin: str) -> Request:
    """Return the preflight as browsers send it, as far as CORS is concerned."""
    headers = [("Accept", "*/*"), ("Access-Control-Request-Method", method)]
    if unsafe:
        headers.append(("Access-Control-Request-Headers", ",".join(unsafe)))
    headers.append(("Origin", origin))
    return Request("OPTIONS", url, tuple(headers))


def judge_preflight(
    response: Response, origin: str, method: str, unsafe: tuple[str, ...], profile: Profile, *, include: bool
) -> Failure | None:
    """Return why the preflight's answer forbids the call, None where it allows it; in the order of the browser."""
    for step in profile.preflight_order:
        failure = None
        if step == "cors":
            failure = cors_check(response, origin, include=include, preflight=True)
        elif step == "redirect":
            if response.status in REDIRECTS and lines(response.headers, "location"):
                failure = Failure(Kind.PREFLIGHT_REDIRECT, preflight=True, status=response.status)
        elif step == "status":
            if not 200 <= response.status <= 299:
                failure = Failure(Kind.PREFLIGHT_STATUS, preflight=True, status=response.status)
        elif step == "lists":
            failure = _lists(response, method, unsafe, profile, include=include)
        else:
            failure = _list_by_list(response, method, unsafe, profile, include=include)
        if failure is not None:
            return failure
    return None


def _lists(
    response: Response, method: str, unsafe: tuple[str, ...], profile: Profile, *, include: bool
) -> Failure | None:
    methods, bad = extract(lines(response.headers, "access-control-allow-methods"))
    if bad is not None:
        return Failure(Kind.ALLOW_METHODS_SYNTAX, preflight=True, parameter=bad)
    headers, bad = extract(lines(response.headers, "access-control-allow-headers"))
    if bad is not None:
        return Failure(Kind.ALLOW_HEADERS_SYNTAX, preflight=True, parameter=bad)
    return _method(methods, method, include=include) or _headers(headers, unsafe, profile, include=include)


def _list_by_list(
    response: Response, method: str, unsafe: tuple[str, ...], profile: Profile, *, include: bool
) -> Failure | None:
    methods, bad = extract(lines(response.headers, "access-control-allow-methods"))
    if bad is not None:
        return Failure(Kind.ALLOW_METHODS_SYNTAX, preflight=True, parameter=bad)
    failure = _method(methods, method, include=include)
    if failure is not None:
        return failure
    headers, bad = extract(lines(response.headers, "access-control-allow-headers"))
    if bad is not None:
        return Failure(Kind.ALLOW_HEADERS_SYNTAX, preflight=True, parameter=bad)
    return _headers(headers, unsafe, profile, include=include)


def _method(allowed: tuple[str, ...], method: str, *, include: bool) -> Failure | None:
    if method in SAFELISTED_METHODS or method in allowed or (not include and "*" in allowed):
        return None
    return Failure(Kind.METHOD_NOT_ALLOWED, preflight=True, parameter=method)


def _headers(allowed: tuple[str, ...], unsafe: tuple[str, ...], profile: Profile, *, include: bool) -> Failure | None:
    if not unsafe:
        return None
    named = {name.lower() for name in allowed}
    star = not include and "*" in named
    for name in unsafe:
        if name not in named and not (star and (name != "authorization" or profile.star_covers_authorization)):
            return Failure(Kind.HEADER_NOT_ALLOWED, preflight=True, parameter=name)
    return None


def covered_by_star_only(response: Response, unsafe: tuple[str, ...]) -> bool:
    """Say whether Authorization passes only because browsers still let `*` cover it, against the standard."""
    allowed, _ = extract(lines(response.headers, "access-control-allow-headers"))
    named = {name.lower() for name in allowed}
    return "authorization" in unsafe and "authorization" not in named and "*" in named
