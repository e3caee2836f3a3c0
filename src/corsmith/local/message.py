"""HTTP messages of the local gateway, as they are on the wire, and what a listener accepts of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from corsmith.api.exchange import Headers

if TYPE_CHECKING:
    from .repeated import Again


class Limits(Struct, frozen=True):
    """What a listener accepts: sizes in bytes, times in seconds.

    `head` is the request line with all header lines. A slower or idler client than this is let go.
    """

    head: int = 10_240
    body: int = 10 * 1024 * 1024
    connections: int = 400
    slow: float = 30.0
    idle: float = 75.0


class Incoming(Struct, frozen=True):
    """A request. `target` is the request target as it came; `too_large` says that its body was not kept.

    `trailers` follow a chunked body.
    """

    method: str
    target: str
    headers: Headers
    body: bytes
    too_large: bool = False
    trailers: Headers = ()


class Outgoing(Struct, frozen=True):
    """A response. A body that is an iterator is sent piece by piece; framing headers are the connection's business.

    `urgent` False: nobody waits for it, so it may leave with the answer to the request that was sent along. `again`: the
    same bytes are answered so again. `ready`: all that goes out, head included, where it was made before.
    """

    status: int
    headers: Headers = ()
    body: bytes | AsyncIterator[bytes] = b""
    urgent: bool = True
    again: Again | None = None
    ready: bytes = b""


class Inflow(Protocol):
    """Takes a request's body while it comes."""

    def feed(self, piece: bytes) -> None:
        """Take a piece."""
        ...

    def end(self, trailers: Headers) -> None:
        """Take the end."""
        ...

    def cut(self, result: None) -> None:
        """Hear that there will be no end."""
        ...
