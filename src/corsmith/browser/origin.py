"""Origins: serialised, parsed, compared (HTML Standard, "origin"; Fetch Standard, "serializing a request origin").

An origin is handled as the text that a browser sends for it, because that text is what servers are compared with.
Every opaque origin is "null", and is the same origin as nothing.
"""

from __future__ import annotations

import re

from msgspec import Struct

from .url import Url, parse_url

OPAQUE = "null"
_LOOPBACK = re.compile(r"(?:.+\.)?localhost\.?|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_PRIVATE = re.compile(
    r"10(?:\.[0-9]+){3}|192\.168(?:\.[0-9]+){2}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]+){2}|169\.254(?:\.[0-9]+){2}"
    r"|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])(?:\.[0-9]+){2}|\[f[cd][0-9a-f:]*\]|\[fe[89ab][0-9a-f:]*\]|.+\.local"
)


class Origin(Struct, frozen=True):
    """A tuple origin. `port` is None for the scheme's default."""

    scheme: str
    host: str
    port: int | None = None

    def __str__(self) -> str:
        """Return the origin as it is sent."""
        return f"{self.scheme}://{self.host}" + ("" if self.port is None else f":{self.port}")


def parse_origin(text: str) -> Origin | None:
    """Return the origin that `text` serialises; None for "null" and for what no browser would send."""
    url = parse_url(text)
    if url is None or not url.is_http or url.origin != text:
        return None
    return Origin(url.scheme, url.host or "", url.port)


def same_origin(first: str, second: str) -> bool:
    """Say whether two serialised origins are the same."""
    return first == second != OPAQUE


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine by its name or address."""
    return _LOOPBACK.fullmatch(host) is not None


def is_private(host: str) -> bool:
    """Say whether a host is an address of a local network, or a name under `.local`."""
    return _PRIVATE.fullmatch(host) is not None


def is_trustworthy(url: Url) -> bool:
    """Say whether a URL is potentially trustworthy (Secure Contexts, 3.1), as far as http and https go."""
    return url.scheme == "https" or is_loopback(url.host or "")
