"""One entry of a HAR file: a request, and the answer if one was recorded. Members that are missing or odd are passed over."""

from __future__ import annotations

import base64
from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.browser.url import Url, parse_url

_SHOWN = 8192
"""The most characters of a body that are kept: a layer is known by the first few."""


class Lacking(ValueError):  # noqa: N818 - it names what an entry is
    """An entry without something that no judgement can do without. The message says what."""


class Entry(Struct, frozen=True):
    """An exchange as a browser recorded it.

    `response` is None where the browser kept no answer; then `error` is the network's, in the browser's words, if it has
    any. `kind` is the browser's name of what the request was for ("fetch", "xhr", "image", …), or "". `page` is the
    address of the page, or "". `cookies`: the request had some, shown or not.
    """

    request: Request
    url: Url
    response: Response | None
    kind: str = ""
    page: str = ""
    error: str = ""
    cookies: bool = False

    @property
    def is_preflight(self) -> bool:
        """Whether this is a preflight."""
        return self.request.method == "OPTIONS" and bool(self.header("access-control-request-method"))

    def header(self, name: str) -> str:
        """The value of a header of the request; "" where there is none."""
        return ", ".join(values(self.request.headers, name))


def entry_of(read: Any, pages: dict[str, str]) -> Entry:
    """Return an entry from its JSON. Raises `Lacking`."""
    request, response = _object(read, "request"), _object(read, "response")
    text, method = request.get("url"), request.get("method")
    if not isinstance(text, str) or not isinstance(method, str) or not method:
        raise Lacking("has no request with a method and a url")
    url = parse_url(text)
    if url is None:
        raise Lacking(f"has a url that is none: {text[:200]!r}")
    headers = _headers(request)
    kind = read.get("_resourceType")
    return Entry(
        Request(method, url.text, headers),
        url,
        _response(response),
        kind if isinstance(kind, str) else "",
        _page(read, headers, pages),
        _text(response.get("_error") or read.get("_error") or response.get("statusText")),
        bool(values(headers, "cookie") or request.get("cookies")),
    )


def _object(read: Any, name: str) -> dict[str, Any]:
    found = read.get(name) if isinstance(read, dict) else None
    return found if isinstance(found, dict) else {}


def _text(read: Any) -> str:
    return read if isinstance(read, str) else ""


def _headers(message: dict[str, Any]) -> Headers:
    read = message.get("headers")
    pairs = [
        (_text(each.get("name")), _text(each.get("value")))
        for each in (read if isinstance(read, list) else ())
        if isinstance(each, dict)
    ]
    # HTTP/2's own fields begin with a colon; a browser that joins several lines of a field parts them with line feeds.
    return tuple(
        (name, line)
        for name, value in pairs
        if name and not name.startswith(":")
        for line in (value.split("\n") if "\n" in value else (value,))
    )


def _response(message: dict[str, Any]) -> Response | None:
    status = message.get("status")
    if isinstance(status, str) and status.isdecimal():
        status = int(status[:4])
    if not isinstance(status, int) or not 100 <= status <= 999:
        return None
    return Response(status, _headers(message), _body(_object(message, "content")))


def _body(content: dict[str, Any]) -> bytes:
    text = _text(content.get("text"))[:_SHOWN]
    if content.get("encoding") == "base64":
        try:
            return base64.b64decode(text[: len(text) // 4 * 4])
        except ValueError:
            return b""
    return text.encode("utf-8", "replace")


def _page(read: dict[str, Any], headers: Headers, pages: dict[str, str]) -> str:
    """Return the address of the page: what the request says of it, or what the file says of its page."""
    candidates = (*values(headers, "referer"), pages.get(str(read.get("pageref")), ""))
    return next((each for each in candidates if each.startswith(("http://", "https://"))), "")
