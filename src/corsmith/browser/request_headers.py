"""Request headers: which a page may set, which are safelisted, which names make a preflight necessary (Fetch, 2.2.2)."""

from __future__ import annotations

import re
from functools import lru_cache

from corsmith.api.exchange import Headers

from .profile import Profile

_FORBIDDEN = frozenset(
    (
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    )
)
_OVERRIDES = frozenset(("x-http-method", "x-http-method-override", "x-method-override"))
_FORBIDDEN_METHODS = frozenset(("connect", "trace", "track"))
_UNSAFE = re.compile(r'[\x00-\x08\x0a-\x1f\x7f"():<>?@\[\\\]{}]')
_LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")
_ESSENCES = frozenset(("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"))
_MIME = re.compile(
    r"[ \t\r\n]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+/[!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t\r\n]*(?:;.*)?", re.DOTALL
)
_NUMBER_HINTS = frozenset(("dpr", "width", "viewport-width", "device-memory", "sec-ch-dpr"))
_NUMBER = re.compile(r"[0-9]*\.?[0-9]+")


def is_forbidden(name: str, value: str) -> bool:
    """Say whether a page cannot set this header: it is dropped (Fetch, "forbidden request-header")."""
    lower = name.lower()
    if lower in _FORBIDDEN or lower.startswith(("proxy-", "sec-")):
        return True
    return lower in _OVERRIDES and any(part.strip(" \t").lower() in _FORBIDDEN_METHODS for part in value.split(","))


def normalise(value: str) -> str:
    """Return a header value without HTTP white space at its ends (Fetch, "normalize")."""
    return value.strip(" \t\r\n")


@lru_cache(maxsize=8192)
def is_safelisted(name: str, value: str) -> bool:
    """Say whether a header is CORS-safelisted for its own (Fetch, "CORS-safelisted request-header")."""
    if len(value) > 128:
        return False
    if name == "accept":
        return _UNSAFE.search(value) is None
    if name in ("accept-language", "content-language"):
        return _LANGUAGE.fullmatch(value) is not None
    if name == "content-type":
        match = _MIME.fullmatch(value)
        return _UNSAFE.search(value) is None and match is not None and match[1].lower() in _ESSENCES
    if name == "range":
        match = _RANGE.fullmatch(value)
        return match is not None and (not match[2] or int(match[1]) <= int(match[2]))
    return False


def unsafe_names(headers: Headers, profile: Profile) -> tuple[str, ...]:
    """Return the names that must be allowed by a preflight: lower case, each once, sorted (Fetch, "CORS-unsafe
    request-header names")."""
    if not headers:
        return ()
    entries = _combined(headers) if profile.combines_repeated else [(name.lower(), value) for name, value in headers]
    unsafe: set[str] = set()
    safe: set[str] = set()
    size = 0
    for name, value in entries:
        if is_safelisted(name, value) or (profile.safelists_client_hints and _is_client_hint(name, value)):
            safe.add(name)
            size += len(value)
        else:
            unsafe.add(name)
    if size > 1024 and profile.limits_safelisted_total:
        unsafe |= safe
    return tuple(sorted(unsafe))


def for_no_cors(headers: Headers) -> Headers:
    """Return the headers that a no-cors request keeps (Fetch, "no-CORS-safelisted request-header")."""
    return tuple(
        (name, value) for name, value in headers if name.lower() != "range" and is_safelisted(name.lower(), value)
    )


def _combined(headers: Headers) -> list[tuple[str, str]]:
    joined: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        joined[lower] = f"{joined[lower]}, {value}" if lower in joined else value
    return list(joined.items())


def _is_client_hint(name: str, value: str) -> bool:
    """Say whether Chromium safelists the header as a client hint that a page may set (measured)."""
    if name in _NUMBER_HINTS:
        return _NUMBER.fullmatch(value) is not None
    return name == "save-data" and value.lower() == "on"
