"""HTTP messages as they are on the wire: ordered header pairs, duplicates and case kept."""

from __future__ import annotations

from msgspec import Struct

Headers = tuple[tuple[str, str], ...]
"""Header fields in wire order. Names and values are text decoded as latin-1, one character per byte."""


class Request(Struct, frozen=True):
    """A request as it leaves the browser.

    `url` is absolute (`https://host[:port]/path?query`) for a browser, and for a front door as well: the front door
    reads host, path and query from it.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes | None = None


class Response(Struct, frozen=True):
    """A response as it reaches the browser.

    `made_by` names the layer that produced it: "handler", "gateway", "authorizer", "mock", "waf", "cloudfront", "alb"
    or "unknown".
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    made_by: str = "unknown"


class NetworkFailure(Struct, frozen=True):
    """No HTTP response came: DNS, TLS, a refused or closed connection, a time limit. `reason` is a plain sentence."""

    reason: str


def values(headers: Headers, name: str) -> tuple[str, ...]:
    """Return the value of every field called `name` (case-insensitive), in wire order."""
    wanted = name.lower()
    return tuple(value for key, value in headers if key.lower() == wanted)
