"""What `fetch()` and `XMLHttpRequest` refuse with an exception before any request (Fetch Standard, "Request class")."""

from __future__ import annotations

from .failure import Failure, Kind
from .fields import is_token
from .methods import SAFELISTED, is_forbidden, normalise
from .page import PageRequest
from .url import parse_url

_CHROMIUM = "js:TypeError: Failed to execute 'fetch' on 'Window': "
_FIREFOX = "js:TypeError: Window.fetch: "
_SPACE = " \t\r\n"


def refused(asked: PageRequest) -> Failure | None:
    """Return what the script's call throws, None where a request is made."""
    url = parse_url(asked.url)
    if url is None:
        return _throws(f"Failed to parse URL from {asked.url}", f"{asked.url} is not a valid URL.")
    if url.has_userinfo and asked.via == "fetch":
        return _throws(
            f"Request cannot be constructed from a URL that includes credentials: {asked.url}",
            f"{asked.url} is an url with embedded credentials.",
        )
    method = asked.method
    if not is_token(method):
        return _throws(f"'{method}' is not a valid HTTP method.", f"Invalid request method {method}.")
    if is_forbidden(method):
        return _throws(f"'{method}' HTTP method is unsupported.", f"Invalid request method {method}.")
    if asked.mode == "no-cors" and normalise(method) not in SAFELISTED:
        return _throws(f"'{method}' is unsupported in no-cors mode.", f"Invalid request method {method}.")
    return _headers(asked) or _body(asked)


def _headers(asked: PageRequest) -> Failure | None:
    for name, value in asked.headers:
        if not is_token(name):
            return _throws("Invalid name", f"{name} is an invalid header name.")
        if any(char in value.strip(_SPACE) for char in "\x00\r\n") or any(char > "\xff" for char in value):
            return _throws("Invalid value", f"{value} is an invalid header value.")
    return None


def _body(asked: PageRequest) -> Failure | None:
    has_body = asked.body is not None or asked.stream
    if has_body and asked.via == "fetch" and normalise(asked.method) in ("GET", "HEAD"):
        return _throws("Request with GET/HEAD method cannot have body.", "HEAD or GET Request cannot have a body.")
    return None


def _throws(chromium: str, firefox: str) -> Failure:
    return Failure(Kind.THROWS, spoken=(_CHROMIUM + chromium, _FIREFOX + firefox))
