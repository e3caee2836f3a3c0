"""Request headers of a page: which are dropped, which are safelisted, which names need a preflight's consent."""

from __future__ import annotations

import re
from collections.abc import Callable

from corsmith.api.exchange import Headers

from .methods import is_forbidden as is_forbidden_method
from .mime import essence
from .page import PageRequest
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
_UNSAFE_BYTE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')
_LANGUAGES = re.compile(r"[0-9A-Za-z *,\-.;=]*")
_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")
_FORM_TYPES = frozenset(("application/x-www-form-urlencoded", "multipart/form-data", "text/plain"))
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_INTEGER = re.compile(r"[0-9]+")
_SPACE = " \t\r\n"
LONGEST = 128
"""The most bytes of a safelisted header's value."""


def is_forbidden(name: str, value: str) -> bool:
    """Say whether the browser drops a header that a script sets (Fetch, "forbidden request-header").

    `name` is in lower case.
    """
    if name in _FORBIDDEN or name.startswith(("proxy-", "sec-")):
        return True
    return name in _OVERRIDES and any(is_forbidden_method(element.strip(" \t")) for element in value.split(","))


def is_safelisted(name: str, value: str) -> bool:
    """Say whether a header needs no preflight (Fetch, "CORS-safelisted request-header"). `name` is in lower case."""
    rule = _SAFELIST.get(name)
    return rule is not None and len(value) <= LONGEST and rule(value)


def is_client_hint(name: str, value: str) -> bool:
    """Say whether Chromium also safelists the header, as a client hint (measured). `name` is in lower case."""
    rule = _CLIENT_HINTS.get(name)
    return rule is not None and len(value) <= LONGEST and rule(value)


def page_headers(asked: PageRequest, profile: Profile) -> Headers:
    """Return the headers that the browser takes over from the script, their values normalised."""
    if not asked.headers:
        return ()
    kept: Headers = tuple(
        (name, value.strip(_SPACE))
        for name, value in asked.headers
        if not is_forbidden(name.lower(), value.strip(_SPACE))
        and not (profile.ignores_user_agent and name.lower() == "user-agent")
    )
    if asked.via != "fetch" or profile.combines_repeated_headers:
        kept = combined(kept)
    if asked.via == "fetch" and asked.mode == "no-cors":
        # A script without CORS may set four names, each combined value safelisted ("no-CORS-safelisted request-header").
        kept = tuple((name, value) for name, value in combined(kept) if _without_cors(name.lower(), value, profile))
    return kept


def unsafe_names(headers: Headers, profile: Profile) -> tuple[str, ...]:
    """Return the names that a preflight must allow: lower case, sorted, each once (Fetch, "CORS-unsafe
    request-header names").
    """
    if not headers:
        return ()
    unsafe: list[str] = []
    safe: list[str] = []
    size = 0
    for original, value in headers:
        name = original.lower()
        if _is_safe(name, value, profile) or (profile.safelists_client_hints and is_client_hint(name, value)):
            safe.append(name)
            size += len(value)
        else:
            unsafe.append(name)
    if profile.safelisted_total is not None and size > profile.safelisted_total:
        unsafe += safe
    return tuple(sorted(unsafe if profile.keeps_repeated_names else set(unsafe)))


def without_client_hints(headers: Headers) -> Headers:
    """Return the headers without the client hints that a page gives to no other origin (measured in Chromium)."""
    if not any(name.lower() in _OWN_HINTS for name, _ in headers):
        return headers
    return tuple((name, value) for name, value in headers if name.lower() not in _OWN_HINTS)


def combined(headers: Headers) -> Headers:
    """Return the headers with those of one name joined into one, at the place of the first."""
    joined: dict[str, tuple[str, str]] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = (joined[key][0], f"{joined[key][1]}, {value}") if key in joined else (name, value)
    return tuple(joined.values())


def _is_safe(name: str, value: str, profile: Profile) -> bool:
    if not is_safelisted(name, value) or (profile.high_bytes_are_unsafe and not value.isascii()):
        return False
    return not (profile.commas_spoil_content_type and name == "content-type" and "," in value)


def _without_cors(name: str, value: str, profile: Profile) -> bool:
    return name != "range" and _is_safe(name, value, profile)


def _no_unsafe_byte(value: str) -> bool:
    return _UNSAFE_BYTE.search(value) is None


def _languages(value: str) -> bool:
    return _LANGUAGES.fullmatch(value) is not None


def _form_type(value: str) -> bool:
    return _no_unsafe_byte(value) and essence(value) in _FORM_TYPES


def _simple_range(value: str) -> bool:
    match = _RANGE.fullmatch(value)
    return match is not None and (not match[2] or int(match[1]) <= int(match[2]))


def _number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def _integer(value: str) -> bool:
    return _INTEGER.fullmatch(value) is not None


_SAFELIST: dict[str, Callable[[str], bool]] = {
    "accept": _no_unsafe_byte,
    "accept-language": _languages,
    "content-language": _languages,
    "content-type": _form_type,
    "range": _simple_range,
}
_CLIENT_HINTS: dict[str, Callable[[str], bool]] = {
    "device-memory": _number,
    "downlink": _number,
    "dpr": _number,
    "ect": lambda value: value in ("slow-2g", "2g", "3g", "4g"),
    "intervention": lambda value: len(value) <= LONGEST,
    "rtt": _integer,
    "save-data": lambda value: value.lower() == "on",
    "viewport-width": _integer,
    "width": _integer,
}
_OWN_HINTS = frozenset(_CLIENT_HINTS) - {"intervention", "save-data"}
