"""What comes on a connection, as requests: the parser calls `on_…` as parts of a message arrive.

A request is handed on when it is whole, or when it is known to be too large; what is no request is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import httptools

from .message import Incoming, Inflow, Limits

if TYPE_CHECKING:
    from corsmith.api.exchange import Headers

Inflows = Callable[[str, str, "Headers", asyncio.Transport], Inflow | None]
"""Takes method, target and header lines, and the connection; returns what takes the body as it comes, None: nothing."""

_LENGTHS = frozenset(map(len, ("host", "expect", "content-length")))
"""Of the names that decide about a request before its body comes."""


class Taker(Protocol):
    """Whom a reading tells what came."""

    @property
    def transport(self) -> asyncio.Transport:
        """Return the connection."""
        ...

    def take(self, request: Incoming) -> None:
        """Take a request."""
        ...

    def refuse(self, status: int) -> None:
        """Hear that what came is no request that can be answered, and nothing after it can be read."""
        ...

    def welcome(self) -> None:
        """Hear that the client waits to be told to send its body."""
        ...

    def finish(self) -> None:
        """Hear that the client sends nothing more after this."""
        ...


class Reading:
    """Requests of one connection. `inside`: one has begun and is not whole; `began`: when, as `feed` was told.

    `head_done`: its head is there. `old`: the last one was HTTP/1.0.
    """

    def __init__(self, limits: Limits, taker: Taker, inflows: Inflows | None) -> None:
        self._limits = limits
        self._taker = taker
        self._inflows = inflows
        self._parser = httptools.HttpRequestParser(self)
        self._now = self.began = 0.0
        self._came = 0
        self.old = False
        self._start_message()

    def _start_message(self) -> None:
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._trailers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_size = 0
        self._head_size = 0
        self._head_bound = 0
        self._handed_over = False
        self._inflow: Inflow | None = None
        self.head_done = False
        self.inside = False

    def feed(self, data: bytes, now: float) -> None:
        """Take what came at the loop's time `now`."""
        self._now, self._came = now, len(data)
        if not self.head_done:
            self._head_size += self._came
            self._head_bound += self._came
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No other protocol is spoken here: the request is answered, then the connection ends.
            self._taker.finish()
        except httptools.HttpParserError:
            self._taker.refuse(400)
        if not self.head_done and self._head_size > self._limits.head:
            self._taker.refuse(431)

    def close(self) -> None:
        """Hear that nothing more comes."""
        if self._inflow is not None:
            self._inflow.cut(None)
        # They refer to each other, and would wait for the collector of cycles.
        del self._parser, self._taker

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Begin a request."""
        size = self._head_size
        self._start_message()
        self._head_size = size
        # It lies in what came with it and later.
        self._head_bound = self._came
        self.began = self._now
        self.inside = True

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header or trailer line."""
        (self._trailers if self.head_done else self._fields).append((name, value))

    def on_headers_complete(self) -> None:
        """Refuse what is known by now to be too large."""
        self.head_done = True
        self.old = self._parser.get_http_version() == "1.0"
        hosts, length, expects = 0, 0, False
        for name, value in self._fields:
            if len(name) in _LENGTHS:
                lowered = name.lower()
                if lowered == b"host":
                    hosts += 1
                elif lowered == b"content-length":
                    length = int(value)
                elif lowered == b"expect":
                    expects = True
        if self._head_bound > self._limits.head and self._size_of_head() > self._limits.head:
            self._refuse(431)
        elif not self._answerable(hosts):
            self._refuse(400)
        elif length > self._limits.body:
            self._hand_over(too_large=True)
        elif expects:
            self._taker.welcome()
        if self._inflows is not None and not self._handed_over:
            target = self._target.decode("latin-1")
            self._inflow = self._inflows(self._method(), target, _text(self._fields), self._taker.transport)

    def _refuse(self, status: int) -> None:
        self._handed_over = True
        self._taker.refuse(status)

    def _size_of_head(self) -> int:
        return len(self._target) + sum(len(name) + len(value) + 4 for name, value in self._fields)

    def _answerable(self, hosts: int) -> bool:
        hosted = hosts == 1 or (hosts == 0 and self.old)
        return hosted and self._parser.get_method() != b"CONNECT" and bool(self._target)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, or drop it when the request was refused for its size."""
        if self._handed_over:
            return
        if self._inflow is not None:
            self._inflow.feed(body)
            return
        self._body_size += len(body)
        if self._body_size > self._limits.body:
            self._hand_over(too_large=True)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        """Hand the request on."""
        if not self._parser.should_keep_alive():
            self._taker.finish()
        if self._inflow is not None:
            self._inflow.end(_text(self._trailers))
        if not self._handed_over:
            self._hand_over(too_large=False)
        self._start_message()

    def _method(self) -> str:
        return self._parser.get_method().decode("latin-1")

    def _hand_over(self, *, too_large: bool) -> None:
        self._handed_over = True
        if too_large:
            self._taker.finish()
        body = b"" if too_large or not self._body else b"".join(self._body)
        self._body = []
        target = self._target.decode("latin-1")
        trailers = _text(self._trailers) if self._trailers else ()
        self._taker.take(Incoming(self._method(), target, _text(self._fields), body, too_large, trailers))


def _text(fields: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
