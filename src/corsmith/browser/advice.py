"""What is allowed today, but not as it seems."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.exchange import NetworkFailure

from .fields import read
from .network import reaches_inward
from .origin import same_origin
from .preflight import Consent, passes_by_wildcard
from .site import same_site
from .url import parse_url
from .verdict import Verdict


class Advice(Struct, frozen=True):
    """A remark on an allowed call. `code`: "authorization-under-wildcard", "cookie-not-sent", "local-network-access"."""

    code: str
    text: str


def advice(verdict: Verdict) -> tuple[Advice, ...]:
    """Return the remarks on a verdict; none where the call is blocked."""
    return tuple(_remarks(verdict)) if verdict.allowed else ()


def _remarks(verdict: Verdict) -> Iterator[Advice]:
    if _authorization_by_wildcard(verdict):
        yield Advice(
            "authorization-under-wildcard",
            "Access-Control-Allow-Headers: * lets Authorization through in today's browsers, against the Fetch Standard, "
            "and Firefox says that it will stop. List Authorization by name.",
        )
    url = parse_url(verdict.url)
    assert url is not None, "what is allowed has an address"
    page = verdict.page.origin
    if verdict.asked.credentials == "include" and verdict.tainting == "cors" and not same_site(url.origin, page):
        yield Advice(
            "cookie-not-sent",
            f"CORS lets the call through, but {url.origin} is another site than {page}: a cookie travels only when it was "
            "set with SameSite=None; Secure, and not where third-party cookies are blocked (Safari, private windows).",
        )
    if not same_origin(url.origin, page) and reaches_inward(url, verdict.page):
        yield Advice(
            "local-network-access",
            f"{page} calls a more private address ({url.host}): Chromium asks the user for permission first.",
        )


def _authorization_by_wildcard(verdict: Verdict) -> bool:
    for each in verdict.judged:
        if each.kind == "preflight" and not isinstance(each.response, NetworkFailure):
            asked = dict(each.request.headers)
            unsafe = tuple(asked.get("Access-Control-Request-Headers", "").split(","))
            if "authorization" not in unsafe:
                continue
            consent = Consent(each.origin, asked["Access-Control-Request-Method"], unsafe, verdict.asked.credentials)
            if passes_by_wildcard(read(each.response.headers), consent):
                return True
    return False
