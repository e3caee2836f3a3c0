"""What `fetch()` refuses with a TypeError before any request (Fetch, "Request constructor")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .failure import Failure, Kind
from .origin import parse_url
from .syntax import is_token

if TYPE_CHECKING:
    from .fetch import PageRequest

_FORBIDDEN = frozenset(("CONNECT", "TRACE", "TRACK"))
_PREFIX = "js:TypeError: Failed to execute 'fetch' on 'Window': "


def thrown(asked: PageRequest, method: str, url: str) -> Failure | None:
    """Return what the API throws, None where the request is made."""
    if not is_token(method):
        return _throws(f"'{asked.method}' is not a valid HTTP method.", f"Invalid request method {asked.method}.")
    if method.upper() in _FORBIDDEN:
        return _throws(f"'{asked.method}' HTTP method is unsupported.", f"Invalid request method {asked.method}.")
    if asked.mode == "no-cors" and method not in ("GET", "HEAD", "POST"):
        return _throws(f"'{asked.method}' is unsupported in no-cors mode.", f"Invalid request method {asked.method}.")
    parsed = parse_url(url)
    if parsed is not None and parsed.has_credentials and asked.via == "fetch":
        return _throws(
            f"Request cannot be constructed from a URL that includes credentials: {url}",
            f"{url} is an url with embedded credentials.",
        )
    if asked.body is not None and method in ("GET", "HEAD") and asked.via == "fetch":
        return _throws("Request with GET/HEAD method cannot have body.", "HEAD or GET Request cannot have a body.")
    for name, value in asked.headers:
        if not is_token(name):
            return _throws("Invalid name", f"{name} is an invalid header name.")
        if any(char in value.strip(" \t\r\n") for char in "\x00\r\n"):
            return _throws("Invalid value", f"{value} is an invalid header value.")
    return None


def _throws(chromium: str, firefox: str) -> Failure:
    return Failure(Kind.THROWS, messages=(_PREFIX + chromium, f"js:TypeError: Window.fetch: {firefox}"))
