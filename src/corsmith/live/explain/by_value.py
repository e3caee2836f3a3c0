"""Causes that the CORS headers themselves show, whichever layer sent them."""

from __future__ import annotations

import difflib

from corsmith.api.finding import Confidence
from corsmith.browser.origin import parse_origin
from corsmith.browser.url import parse_url

from .stopped import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, Diagnosis, Stopped

_KNOWN = tuple(
    f"access-control-{name}"
    for name in (
        "allow-origin",
        "allow-credentials",
        "allow-methods",
        "allow-headers",
        "allow-private-network",
        "expose-headers",
        "max-age",
        "request-headers",
        "request-method",
    )
)
_QUOTES = "'\""


def typo(stopped: Stopped) -> Diagnosis | None:
    """header-typo: a field's name is nearly that of the missing one."""
    if stopped.error != "MissingAllowOriginHeader":
        return None
    names = {name.lower(): name for name, _ in stopped.response.headers if name.lower() not in _KNOWN}
    near = difflib.get_close_matches(ALLOW_ORIGIN.lower(), names, n=1, cutoff=0.9)
    if not near:
        return None
    return Diagnosis("header-typo", f"The answer has {names[near[0]]}, which no browser knows. Call it {ALLOW_ORIGIN}.")


def redirected(stopped: Stopped) -> Diagnosis | None:
    """preflight-redirected."""
    if not stopped.at_preflight or not 300 <= stopped.status < 400 or stopped.status == 304:
        return None
    to = ", ".join(stopped.values("location")) or "nowhere"
    return Diagnosis(
        "preflight-redirected",
        f"{stopped.server} redirects the preflight ({stopped.status}) to {to}, and browsers do not follow. Call that "
        "address in the first place, or answer OPTIONS without a redirect.",
    )


def wildcard(stopped: Stopped) -> Diagnosis | None:
    """wildcard-with-credentials: `*` as origin, or as the method or header list, of a credentialed call."""
    listed = {
        "WildcardOriginNotAllowed": ALLOW_ORIGIN,
        "MethodDisallowedByPreflightResponse": ALLOW_METHODS,
        "HeaderDisallowedByPreflightResponse": ALLOW_HEADERS,
    }.get(stopped.error)
    if listed is None or stopped.caller.credentials != "include" or "*" not in stopped.listed(listed):
        return None
    instead = stopped.caller.origin if listed == ALLOW_ORIGIN else f"{stopped.parameter} by name"
    return Diagnosis(
        "wildcard-with-credentials",
        f"{listed} is *, which means nothing to a call with credentials. Send {instead}.",
    )


def authorization(stopped: Stopped) -> Diagnosis | None:
    """allow-headers-wildcard-authorization, where the letter of the standard decides."""
    if stopped.error != "HeaderDisallowedByPreflightResponse" or stopped.parameter.lower() != "authorization":
        return None
    if "*" not in stopped.listed(ALLOW_HEADERS):
        return None
    return Diagnosis(
        "allow-headers-wildcard-authorization",
        f"{ALLOW_HEADERS} is *, which does not cover Authorization. Add Authorization by name.",
    )


def credentials(stopped: Stopped) -> Diagnosis | None:
    """credentials-header-missing."""
    if stopped.error != "InvalidAllowCredentials":
        return None
    got = ", ".join(stopped.values(ALLOW_CREDENTIALS))
    found = f"says {got!r}" if got else "is missing"
    return Diagnosis(
        "credentials-header-missing",
        f"The page sends credentials, and {ALLOW_CREDENTIALS} {found}. Send the text true, in lower case and once, "
        "or call without credentials.",
    )


def several(stopped: Stopped) -> Diagnosis | None:
    """Doubled headers, and lists of origins in one header."""
    if stopped.error != "MultipleAllowOriginValues":
        return None
    lines, items = stopped.values(ALLOW_ORIGIN), stopped.listed(ALLOW_ORIGIN)
    shown = ", ".join(lines)
    if len(lines) > 1 and stopped.layer.front_door == "function_url":
        return Diagnosis(
            "duplicate-headers-function-url",
            f"{ALLOW_ORIGIN} comes {len(lines)} times ({shown}): the Function URL's Cors configuration and the "
            "function's code both send it. Take it out of the code, or remove Cors from the URL.",
        )
    if len(lines) > 1 or len(set(items)) < len(items) or "*" in items:
        return Diagnosis(
            "duplicate-headers",
            f"{ALLOW_ORIGIN} holds {shown}: two layers send it. Let one of them do it alone.",
        )
    return Diagnosis(
        "multiple-origins-in-one-header",
        f"{ALLOW_ORIGIN} holds several origins ({shown}), and browsers take one. Send the one that asks: "
        f"{stopped.caller.origin}.",
    )


def origin(stopped: Stopped) -> Diagnosis | None:
    """origin-trailing-slash, quotes, subdomain wildcards, and every other wrong origin."""
    if stopped.error not in ("AllowOriginMismatch", "InvalidAllowOriginValue"):
        return None
    got, wanted = ", ".join(stopped.values(ALLOW_ORIGIN)), stopped.judged.origin
    front_door = stopped.layer.front_door
    if (
        any(value.lower().startswith(_FROM_CACHE) for value in stopped.values("x-cache"))
        and parse_origin(got) is not None
    ):
        return Diagnosis(
            "cloudfront-caches-without-origin",
            f"CloudFront answers from its cache, with {ALLOW_ORIGIN} for another page: {got}. Put Origin into the cache key "
            "(in the cache policy), and invalidate what is cached.",
        )
    if got == f"{wanted}/":
        return Diagnosis(
            "origin-trailing-slash",
            f"{ALLOW_ORIGIN} is {got}, and an origin has no slash at its end. Write {wanted}.",
        )
    if front_door == "http_api" and got[:1] in _QUOTES and got[-1:] in _QUOTES:
        return Diagnosis(
            "httpapi-rest-style-quotes",
            f"{ALLOW_ORIGIN} is {got} with its quotes, which only REST APIs need. Write {got.strip(_QUOTES)}.",
        )
    if front_door == "http_api" and "://*." in got:
        return Diagnosis(
            "httpapi-subdomain-wildcard",
            f"{ALLOW_ORIGIN} is {got}, and no origin equals that. List {wanted} itself.",
        )
    if wanted == "null" and stopped.caller.origin != "null":
        return Diagnosis(
            "origin-mismatch",
            f"After a redirect to another server the page's origin is null, and {ALLOW_ORIGIN} is {got}. Call the "
            "last address in the first place.",
        )
    return Diagnosis(
        "origin-mismatch",
        f"The page's origin is {wanted}, and {ALLOW_ORIGIN} is {got!r}: {_difference(wanted, got)}. Allow {wanted} "
        "as it is.",
    )


def methods(stopped: Stopped) -> Diagnosis | None:
    """allow-methods-missing, and lists that cannot be read."""
    got = ", ".join(stopped.values(ALLOW_METHODS))
    method = stopped.parameter or stopped.caller.method
    if stopped.error == "InvalidAllowMethodsPreflightResponse":
        return Diagnosis(
            "allow-methods-missing",
            f"{ALLOW_METHODS} is {got!r}, which is no list of methods. Write names with commas between them.",
        )
    if stopped.error != "MethodDisallowedByPreflightResponse":
        return None
    if _quoted(got) and stopped.layer.front_door == "http_api":
        return _quotes(ALLOW_METHODS, got)
    found = f"lists {got}" if got else "is missing"
    case = " Letter case counts." if method.upper() in got.upper() else ""
    return Diagnosis("allow-methods-missing", f"{ALLOW_METHODS} {found}, without {method}. Add {method}.{case}")


def headers(stopped: Stopped) -> Diagnosis | None:
    """allow-headers-missing-header, and lists that cannot be read."""
    got = ", ".join(stopped.values(ALLOW_HEADERS))
    if stopped.error == "InvalidAllowHeadersPreflightResponse":
        return Diagnosis(
            "allow-headers-missing-header",
            f"{ALLOW_HEADERS} is {got!r}, which is no list of names. Write names with commas between them.",
        )
    if stopped.error != "HeaderDisallowedByPreflightResponse":
        return None
    if _quoted(got) and stopped.layer.front_door == "http_api":
        return _quotes(ALLOW_HEADERS, got)
    allowed = {name.lower() for name in stopped.listed(ALLOW_HEADERS)}
    missing = ", ".join(name for name in _requested(stopped) if name not in allowed) or stopped.parameter
    found = f"lists {got}" if got else "is missing"
    return Diagnosis("allow-headers-missing-header", f"{ALLOW_HEADERS} {found}, without {missing}. Add {missing}.")


def refused_in_words(stopped: Stopped) -> Diagnosis | None:
    """What Starlette (and so FastAPI) says in the body of the 400 with which it refuses a preflight."""
    said = stopped.response.body[:200].decode("utf-8", "replace")
    if not stopped.at_preflight or stopped.status != 400 or not said.startswith(_STARLETTE):
        return None
    wrong = said.removeprefix(_STARLETTE)
    if "origin" in wrong:
        return Diagnosis(
            "origin-mismatch",
            f"{stopped.server} answers {said!r}: {stopped.caller.origin} is not among its allow_origins. Add it exactly.",
        )
    if "method" in wrong:
        return Diagnosis(
            "allow-methods-missing",
            f"{stopped.server} answers {said!r}: {stopped.caller.method} is not among its allow_methods. Add it.",
        )
    return Diagnosis(
        "allow-headers-missing-header",
        f"{stopped.server} answers {said!r}: not all of {stopped.requested} are among its allow_headers. Add them.",
    )


def unlisted(stopped: Stopped) -> Diagnosis | None:
    """origin-mismatch, where an answer depends on the Origin and has no header for this one."""
    names = {item.lower() for item in stopped.listed("Vary")}
    if stopped.error != "MissingAllowOriginHeader" or stopped.status >= 400 or "origin" not in names:
        return None
    return Diagnosis(
        "origin-mismatch",
        f"The answer depends on the Origin (Vary says so), and has no {ALLOW_ORIGIN} for {stopped.caller.origin}: it is not "
        "among the origins that are allowed. Add it exactly.",
        Confidence.MEDIUM,
    )


_STARLETTE = "Disallowed CORS "
BY_VALUE = (
    typo,
    redirected,
    refused_in_words,
    unlisted,
    wildcard,
    authorization,
    credentials,
    several,
    origin,
    methods,
    headers,
)


def _requested(stopped: Stopped) -> tuple[str, ...]:
    fields = stopped.judged.request.headers
    return tuple(
        item for name, value in fields if name.lower() == "access-control-request-headers" for item in value.split(",")
    )


_FROM_CACHE = ("hit from cloudfront", "refreshhit from cloudfront")
"""How `x-cache` begins where CloudFront did not ask the server behind it (CloudFront developer guide, "Standard logging")."""


def _quoted(text: str) -> bool:
    return text[:1] in _QUOTES and text[-1:] in _QUOTES and len(text) > 1


def _quotes(name: str, got: str) -> Diagnosis:
    return Diagnosis(
        "httpapi-rest-style-quotes",
        f"{name} is {got} with its quotes, which only REST APIs need. Write {got.replace(chr(39), '')}.",
        Confidence.HIGH,
    )


def _difference(wanted: str, got: str) -> str:
    """Name what differs, as far as the value can be read as an origin."""
    if not got:
        return "it is empty"
    ours, theirs = parse_url(wanted), parse_url(got)
    if ours is None or theirs is None or not theirs.is_http:
        return "that is no origin" if "://" in got or got == "null" else "the scheme is missing"
    if theirs.path != "/":
        return "an origin has no path"
    parts = (("scheme", ours.scheme, theirs.scheme), ("host", ours.host, theirs.host), ("port", ours.port, theirs.port))
    different = [name for name, one, other in parts if one != other]
    return f"another {' and '.join(different)}" if different else "it must be the same to the letter"
