"""The CORS-preflight request, and what its answer allows (Fetch Standard, "CORS-preflight fetch")."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from corsmith.api.exchange import Request

from .cors_check import cors_check
from .failure import Kind
from .fields import Fields, bad_token, tokens
from .methods import SAFELISTED
from .profile import Profile

REDIRECTS = frozenset((301, 302, 303, 307, 308))
ALLOW_METHODS = "access-control-allow-methods"
ALLOW_HEADERS = "access-control-allow-headers"


class Consent(Struct, frozen=True):
    """What a preflight has to allow. `origin` is the serialised origin that it carries."""

    origin: str
    method: str
    unsafe: tuple[str, ...]
    credentials: str


def preflight_request(url: str, consent: Consent) -> Request:
    """Return the preflight. Browsers add what has no part in CORS: Host, User-Agent, Sec-Fetch-*, Referer and so on."""
    asked = ("Access-Control-Request-Method", consent.method)
    origin = ("Origin", consent.origin)
    if not consent.unsafe:
        return Request("OPTIONS", url, (("Accept", "*/*"), asked, origin))
    names = ("Access-Control-Request-Headers", ",".join(consent.unsafe))
    return Request("OPTIONS", url, (("Accept", "*/*"), asked, names, origin))


def refusal(
    status: int, fields: Fields, consent: Consent, profile: Profile, *, same: bool
) -> tuple[Kind, str | None] | None:
    """Return why the preflight's answer forbids the call, and the value at fault; None where it allows it.

    What is looked at first differs between browsers (`Profile.preflight_checks`), and decides what they report. `same`:
    the preflight carries the origin of the URL itself, which happens after redirects where `null` is not carried.
    """
    for check in profile.preflight_checks:
        if same and check == "cors":
            continue
        found = _CHECKS[check](status, fields, consent, profile)
        if found is not None:
            return found
    return None


def passes_by_wildcard(fields: Fields, consent: Consent) -> bool:
    """Say whether Authorization is covered by nothing but `*`, which the standard does not accept."""
    names = tokens(fields.get(ALLOW_HEADERS)) or ()
    return "authorization" in consent.unsafe and "authorization" not in map(str.lower, names) and "*" in names


Found = tuple[Kind, str | None] | None


def _redirect(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del consent, profile
    return (Kind.PREFLIGHT_REDIRECT, None) if status in REDIRECTS and "location" in fields else None


def _cors(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del status, profile
    kind = cors_check(fields, consent.origin, consent.credentials)
    return (kind, None) if kind is not None else None


def _status(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del fields, consent, profile
    return None if 200 <= status <= 299 else (Kind.PREFLIGHT_STATUS, None)


def _methods_list(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del status, consent, profile
    value = fields.get(ALLOW_METHODS)
    return (Kind.ALLOW_METHODS_SYNTAX, bad_token(value)) if value and tokens(value) is None else None


def _headers_list(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del status, consent, profile
    value = fields.get(ALLOW_HEADERS)
    return (Kind.ALLOW_HEADERS_SYNTAX, bad_token(value)) if value and tokens(value) is None else None


def _method(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del status, profile
    if consent.method in SAFELISTED:
        return None
    allowed = tokens(fields.get(ALLOW_METHODS)) or ()
    if consent.method in allowed or ("*" in allowed and consent.credentials != "include"):
        return None
    return Kind.METHOD_NOT_ALLOWED, consent.method


def _headers(status: int, fields: Fields, consent: Consent, profile: Profile) -> Found:
    del status
    if not consent.unsafe:
        return None
    allowed = {name.lower() for name in tokens(fields.get(ALLOW_HEADERS)) or ()}
    wildcard = "*" in allowed and consent.credentials != "include"
    for name in consent.unsafe:
        covered = wildcard and (name != "authorization" or profile.wildcard_covers_authorization)
        if name not in allowed and not covered:
            return Kind.HEADER_NOT_ALLOWED, name
    return None


_CHECKS: dict[str, Callable[[int, Fields, Consent, Profile], Found]] = {
    "redirect": _redirect,
    "cors": _cors,
    "status": _status,
    "methods list": _methods_list,
    "headers list": _headers_list,
    "method": _method,
    "headers": _headers,
}
