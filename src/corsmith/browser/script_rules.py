"""What `fetch()` and `XMLHttpRequest` refuse with an exception before any request.

Sources: Fetch Standard, "Request class"; XMLHttpRequest Standard, "open()" and "setRequestHeader()". The words are those
of Chromium and Firefox (measured).
"""

from __future__ import annotations

from .failure import Failure, Kind
from .fields import is_token
from .methods import SAFELISTED, is_forbidden, normalise
from .page import PageRequest
from .profile import Profile
from .url import parse_url

_SPACE = " \t\r\n"


def refused(asked: PageRequest, profile: Profile) -> Failure | None:
    """Return what the script's call throws, None where a request is made."""
    return _fetch(asked, profile) if asked.via == "fetch" else _xhr(asked)


def _fetch(asked: PageRequest, profile: Profile) -> Failure | None:
    url, method = parse_url(asked.url), asked.method
    if url is None:
        return _throws(f"Failed to parse URL from {asked.url}", f"{asked.url} is not a valid URL.")
    if url.has_userinfo:
        return _throws(
            f"Request cannot be constructed from a URL that includes credentials: {asked.url}",
            f"{asked.url} is an url with embedded credentials.",
        )
    if method not in SAFELISTED:
        found = _fetch_method(method, asked.mode)
        if found is not None:
            return found
    if asked.headers:
        found = _fetch_headers(asked)
        if found is not None:
            return found
    if (asked.body is not None or asked.stream) and normalise(method) in ("GET", "HEAD"):
        return _throws("Request with GET/HEAD method cannot have body.", "HEAD or GET Request cannot have a body.")
    if asked.stream and profile.streams_uploads:
        return _stream(asked)
    return None


def _fetch_method(method: str, mode: str) -> Failure | None:
    wide = _first_wide(method)
    if wide is not None:
        return _throws(_too_wide("method"), f"Cannot convert 'method' member of RequestInit to {_not_bytes(wide)}")
    if not is_token(method):
        return _throws(f"'{method}' is not a valid HTTP method.", f"Invalid request method {_shown(method)}.")
    if is_forbidden(method):
        return _throws(f"'{method}' HTTP method is unsupported.", f"Invalid request method {method}.")
    sent = normalise(method)
    if mode == "no-cors" and sent not in SAFELISTED:
        return _throws(f"'{sent}' is unsupported in no-cors mode.", f"Invalid request method {sent}.")
    return None


def _stream(asked: PageRequest) -> Failure | None:
    # No browser but Chromium streams, so that there are no other words.
    if asked.mode == "no-cors":
        said = 'If request is made from ReadableStream, mode should be"same-origin" or "cors"'
    elif asked.keepalive:
        said = "Keepalive request cannot have a ReadableStream body."
    else:
        return None
    return _throws(said, said)


def _fetch_headers(asked: PageRequest) -> Failure | None:
    # The whole list is converted to bytes before any of it is looked at.
    for pair in asked.headers:
        for text in pair:
            wide = _first_wide(text)
            if wide is not None:
                return _throws(_too_wide("headers"), f"Cannot convert {_FIREFOX_ELEMENT} to {_not_bytes(wide)}")
    for name, value in asked.headers:
        if not is_token(name):
            return _throws("Invalid name", f"{_shown(name)} is an invalid header name.")
        if not _is_value(value):
            return _throws(
                "Invalid value", f"{_shown(value.strip(_SPACE)).partition(_NUL)[0]} is an invalid header value."
            )
    return None


def _xhr(asked: PageRequest) -> Failure | None:
    method = asked.method
    wide = _first_wide(method)
    if wide is not None:
        return _xhr_throws(
            "TypeError", "open", _WIDE, f"XMLHttpRequest.open: Cannot convert argument 1 to {_not_bytes(wide)}"
        )
    if not is_token(method):
        return _xhr_throws("SyntaxError", "open", f"'{method}' is not a valid HTTP method.", _FIREFOX_STRING)
    if is_forbidden(method):
        return _xhr_throws(
            "SecurityError", "open", f"'{method}' HTTP method is unsupported.", "The operation is insecure."
        )
    if parse_url(asked.url) is None:
        return _xhr_throws("SyntaxError", "open", "Invalid URL", _FIREFOX_STRING)
    for name, value in asked.headers:
        for place, text in ((1, name), (2, value)):
            wide = _first_wide(text)
            if wide is not None:
                where = f"XMLHttpRequest.setRequestHeader: Cannot convert argument {place} to {_not_bytes(wide)}"
                return _xhr_throws("TypeError", "setRequestHeader", _WIDE, where)
        bad = name if not is_token(name) else value if not _is_value(value) else None
        if bad is not None:
            what = "name" if bad is name else "value"
            said = f"'{bad if bad is name else bad.strip(_SPACE)}' is not a valid HTTP header field {what}."
            return _xhr_throws("SyntaxError", "setRequestHeader", said, "Invalid header name.")
    return None


_NUL = "\x00"
_WIDE = "String contains non ISO-8859-1 code point."
_FIREFOX_STRING = "An invalid or illegal string was specified"
_FIREFOX_ELEMENT = (
    "element of element of sequence<sequence<ByteString>> branch of (sequence<sequence<ByteString>> or "
    "record<ByteString, ByteString>)"
)


def _is_value(value: str) -> bool:
    inner = value.strip(_SPACE)
    return _NUL not in inner and "\r" not in inner and "\n" not in inner


def _first_wide(text: str) -> tuple[int, int] | None:
    """Return the place and the code of the first character that is no byte, None where all are."""
    if text.isascii():
        return None
    return next(((at, ord(char)) for at, char in enumerate(text) if char > "\xff"), None)


def _too_wide(member: str) -> str:
    return f"Failed to read the '{member}' property from 'RequestInit': {_WIDE}"


def _not_bytes(wide: tuple[int, int]) -> str:
    return f"ByteString because the character at index {wide[0]} has value {wide[1]} which is greater than 255."


def _shown(text: str) -> str:
    """Return bytes as Firefox's messages show them: read as UTF-8."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


def _throws(chromium: str, firefox: str) -> Failure:
    said = f"js:TypeError: Failed to execute 'fetch' on 'Window': {chromium}"
    return Failure(Kind.THROWS, spoken=(said, f"js:TypeError: Window.fetch: {firefox}"))


def _xhr_throws(error: str, operation: str, chromium: str, firefox: str) -> Failure:
    said = f"js:{error}: Failed to execute '{operation}' on 'XMLHttpRequest': {chromium}"
    return Failure(Kind.THROWS, spoken=(said, f"js:{error}: {firefox}"))
