"""One case given as data: the page, the request, and what the server answers at each hop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers, NetworkFailure, Response

from .ask import Answer, Ask, Asking, drive
from .case_form import CHOICES, complaint, is_origin, is_status
from .fetch import fetch_as
from .model import MODEL, fetch_agreed
from .page import Page, PageRequest
from .preflight import REDIRECTS
from .profile import PROFILES
from .verdict import Rival, Verdict

BASE = "https://api.example.net"
SANDBOX = "https://sandboxed.example"
"""Where a page with an opaque origin comes from: it is a document that its server sandboxed."""

_PATH = "/c/"
_CLOSED = NetworkFailure("net::ERR_EMPTY_RESPONSE")
_NO_HTTP2 = NetworkFailure("net::ERR_ALPN_NEGOTIATION_FAILED")
_NOTHING = Response(404, (("Content-Length", "2"),))
_WITHOUT_BODY = (204, 205, 304)
_CREDENTIALS, _MODES, _REDIRECTS, _VIAS = map(frozenset, CHOICES.values())


class BadCase(ValueError):  # noqa: N818 - it names the case
    """A case is not of the documented form; the text says what is wrong with it."""


def simulate(case: Mapping[str, Any], profile: str = "chromium") -> Verdict:
    """Return the verdict on `case` in `profile`: "chromium", "firefox", "webkit", "standard" or "model".

    `case` has the keys of `corsmith simulate --cases`: origin, base, request, preflight, response, hops; docs/simulate.md
    describes them. Raises `BadCase`, which says what is wrong, when a key is missing or has a value that it cannot have,
    and `KeyError` for an unknown profile.
    """
    try:
        server = _server(case)
        return server.judge(profile)
    except (KeyError, TypeError, AttributeError, ValueError):
        if profile != MODEL and profile not in PROFILES:
            raise
        raise BadCase(complaint(case)) from None


class _Server(Struct, frozen=True):
    """The server of a case, and who calls it. It answers by hop."""

    page: Page
    request: PageRequest
    hops: Sequence[Mapping[str, Any]]
    urls: tuple[str, ...]

    def judge(self, profile: str) -> Verdict:
        return drive(self._asking(profile), self.answer)

    def _asking(self, profile: str) -> Asking:
        if profile == MODEL:
            return fetch_agreed(self.page, self.request, Rival(self.judge))
        return fetch_as(self.page, self.request, PROFILES[profile], rival=Rival(self.judge))

    def answer(self, ask: Ask) -> Answer:
        if ask.streamed:
            # The recording server speaks HTTP/1.1, which no browser streams a body over.
            return _NO_HTTP2
        at = self._hop(ask.request.url)
        if at < 0:
            return _NOTHING
        if ask.kind == "preflight":
            given = self.hops[at].get("preflight")
            if given is None:
                return _NOTHING
        else:
            given = self.hops[at]["response"]
        if given.get("close"):
            return _CLOSED
        status = given["status"]
        if not is_status(status):
            raise BadCase
        headers: Headers = tuple([(name, value) for name, value in given["headers"]])
        if status in REDIRECTS:
            headers = tuple(
                (name, self._located(value, at) if name.lower() == "location" else value) for name, value in headers
            )
        # The recording server adds the length by itself, where a response can have one.
        return Response(status, headers if status in _WITHOUT_BODY else (*headers, ("Content-Length", "2")))

    def _hop(self, url: str) -> int:
        """Return the place of the hop that is asked for, -1 where it is none."""
        if url == self.urls[0]:
            return 0
        place = url.partition("?")[0].partition(_PATH)[2]
        return int(place) if place.isdecimal() and place.isascii() and int(place) < len(self.hops) else -1

    def _located(self, value: str, at: int) -> str:
        following = self.urls[min(at + 1, len(self.urls) - 1)]
        return value.replace("{next}", following).replace("{self}", self.urls[at]).replace("{origin}", self.page.origin)


def _server(case: Mapping[str, Any]) -> _Server:
    hops = case.get("hops") or (case,)
    first = hops[0].get("base") or case.get("base") or BASE
    if not isinstance(first, str):
        raise BadCase
    urls: tuple[str, ...] = (f"{first}{_PATH}0",)
    if len(hops) > 1:
        urls += tuple(f"{hop.get('base') or BASE}{_PATH}{at}" for at, hop in enumerate(hops[1:], 1))
    origin = case["origin"] or "null"
    if not is_origin(origin):
        raise BadCase
    page = Page(origin, delivered_by=SANDBOX if origin == "null" else None)
    return _Server(page, _request(case["request"], urls[0]), hops, urls)


def _request(given: Mapping[str, Any], url: str) -> PageRequest:
    body = given.get("body")
    if not isinstance(body, str | bytes | None):
        raise BadCase
    credentials, mode = given.get("credentials") or "same-origin", given.get("mode") or "cors"
    redirect, via = given.get("redirect") or "follow", given.get("via") or "fetch"
    if credentials not in _CREDENTIALS or mode not in _MODES or redirect not in _REDIRECTS or via not in _VIAS:
        raise BadCase
    return PageRequest(
        url,
        given.get("method") or "GET",
        tuple([(name, value) for name, value in given.get("headers") or ()]),
        credentials,
        mode,
        redirect,
        body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body,
        via,
        bool(given.get("stream")),
        bool(given.get("keepalive")),
    )
