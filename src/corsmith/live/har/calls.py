"""Which entries of a HAR file are calls that CORS decides about, and what the page's script asked for."""

from __future__ import annotations

from collections.abc import Sequence

from corsmith.api.exchange import Headers
from corsmith.browser.origin import same_origin
from corsmith.browser.url import parse_url

from .entry import Entry

_CALLS = ("fetch", "xhr", "eventsource")
_OTHERS = ("document", "image", "stylesheet", "media", "websocket", "ping", "beacon", "csp_report", "manifest")
"""What browsers load without CORS, by Chromium's names. Scripts and fonts may be either."""

# fmt: off
_OWN = frozenset((
    "accept", "accept-charset", "accept-encoding", "accept-language", "access-control-request-headers",
    "access-control-request-method", "access-control-request-private-network", "cache-control", "connection",
    "content-length", "cookie", "cookie2", "date", "device-memory", "dnt", "downlink", "dpr", "ect", "expect", "host",
    "if-modified-since", "if-none-match", "keep-alive", "origin", "pragma", "priority", "referer", "rtt", "save-data",
    "te", "trailer", "transfer-encoding", "upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-client-data",
))
# fmt: on
"""Headers that browsers add themselves, developer tools with the cache switched off among them."""


def is_call(entry: Entry) -> bool:
    """Say whether a request was made with CORS, as far as the browser says."""
    if not entry.url.is_http or entry.is_preflight or (entry.response is not None and entry.response.status == 101):
        return False
    mode = entry.header("sec-fetch-mode")
    if mode:
        return mode == "cors"
    if entry.kind:
        return entry.kind in _CALLS or (entry.kind not in _OTHERS and bool(entry.header("origin")))
    if entry.header("accept").startswith("text/html"):
        return False
    return bool(entry.header("origin")) or entry.header("x-requested-with") == "XMLHttpRequest"


def page_origin(entry: Entry) -> str:
    """Return the origin of the page that made a call, "" where its entry does not say."""
    return entry.header("origin") or _origin(entry.page)


def document_origin(entries: Sequence[Entry]) -> str:
    """Return the origin of the first document of a file, "" where it has none."""
    document = next((each for each in entries if _is_document(each)), None)
    return _origin(document.url.text) if document is not None else ""


def crosses(entry: Entry, origin: str) -> bool:
    """Say whether a call leaves the page's origin."""
    return not same_origin(origin, entry.url.origin)


def own_headers(entry: Entry, preflight: Entry | None) -> Headers:
    """Return the headers that the page's script set: what browsers do not add themselves.

    A preflight names those that count; one that was left out of the file as secret is there without its value.
    """
    named: list[str] = []
    if preflight is not None:
        named = [each.strip().lower() for each in preflight.header("access-control-request-headers").split(",")]
    kept = tuple(pair for pair in entry.request.headers if not _is_own(pair[0]) or pair[0].lower() in named)
    present = {name.lower() for name, _ in kept}
    return (*kept, *((name, "***") for name in named if name and name not in present))


def _is_own(name: str) -> bool:
    lower = name.lower()
    return lower in _OWN or lower.startswith(("sec-", "proxy-"))


def _is_document(entry: Entry) -> bool:
    return entry.kind == "document" or entry.header("sec-fetch-mode") == "navigate"


def _origin(address: str) -> str:
    url = parse_url(address)
    return url.origin if url is not None and url.is_http else ""
