"""What a browser adds to the requests of a page, beside what CORS is about.

Names, order and values are those of Chromium 156 (measured), so that a firewall in front sees a browser.
"""

from __future__ import annotations

from corsmith.api.exchange import Headers, values
from corsmith.browser import Ask
from corsmith.browser.origin import is_trustworthy, same_origin
from corsmith.browser.site import same_site
from corsmith.browser.url import Url, parse_url

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
_LANGUAGES = ("Accept-Language", "en-US,en;q=0.9")
_ENCODINGS = ("Accept-Encoding", "gzip, deflate, br, zstd")


def headers_sent(ask: Ask, url: Url, page: str, cookies: Headers = ()) -> Headers:
    """Return the header fields of a request, in the order in which they leave.

    `page` is the page's origin; `cookies` are sent as they are, and never with a preflight.
    """
    authority = f"{url.host}:{url.port}" if url.port else str(url.host)
    start: Headers = (("Host", authority), ("Connection", "keep-alive"))
    if ask.kind == "preflight":
        return (*start, *ask.request.headers, ("User-Agent", USER_AGENT), *_about(url, page), _ENCODINGS, _LANGUAGES)
    own = ask.request.headers
    defaults = (("Accept", "*/*"), ("User-Agent", USER_AGENT))
    missing = tuple(pair for pair in defaults if not values(own, pair[0]))
    languages = () if values(own, "accept-language") else (_LANGUAGES,)
    length = _length(ask)
    return (*start, *length, *own, *missing, *_about(url, page), _ENCODINGS, *languages, *cookies)


def _length(ask: Ask) -> Headers:
    body = ask.request.body
    if body is not None:
        kind: Headers = () if values(ask.request.headers, "content-type") else (_TEXT,)
        return (("Content-Length", str(len(body))), *kind)
    return (("Content-Length", "0"),) if ask.request.method in ("POST", "PUT") else ()


_TEXT = ("Content-Type", "text/plain;charset=UTF-8")


def _about(url: Url, page: str) -> Headers:
    """Fetch metadata, which secure servers alone are sent, and the referrer by the default policy."""
    metadata: Headers = (
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Site", _relation(page, url.origin)),
        ("Sec-Fetch-Dest", "empty"),
    )
    source = parse_url(page)
    downgrade = source is not None and source.scheme == "https" and url.scheme == "http"
    referrer: Headers = () if page == "null" or downgrade else (("Referer", f"{page}/"),)
    return (*(metadata if is_trustworthy(url) else ()), *referrer)


def _relation(page: str, server: str) -> str:
    if same_origin(page, server):
        return "same-origin"
    return "same-site" if same_site(page, server) else "cross-site"
