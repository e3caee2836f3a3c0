"""One connection of the local gateway: HTTP/1.1 in, HTTP/1.1 out, nothing lost of a header line.

Theory of operation. The parser calls `on_…` as parts of a message arrive. A whole message goes to the end of a queue, and
so does a refusal (an int, the status), so that pipelined answers leave in the order of their questions. `_pump` takes one
entry at a time: it calls `handle`, which returns the response, or an awaitable of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, cast

import httptools

from .eager import start
from .head import CHUNKED, CLOSE, KEEP_ALIVE, head, refusal
from .message import Incoming, Inflow, Limits, Outgoing
from .repeated import Memory

if TYPE_CHECKING:
    from corsmith.api.exchange import Headers

Handle = Callable[[Incoming], Outgoing | Awaitable[Outgoing]]
Inflows = Callable[[str, str, "Headers", asyncio.Transport], Inflow | None]
"""Takes method, target and header lines, and the connection; returns what takes the body as it comes, None: nothing."""

LINGER = 2.0
"""Seconds for which the rest of a refused body is read and dropped, so that the client gets to see the refusal."""

_LOG = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """One client's connection. `last` is the loop's time of the last byte that came."""

    def __init__(
        self,
        handle: Handle,
        limits: Limits,
        open_connections: set[Connection],
        memory: Memory,
        inflows: Inflows | None = None,
    ) -> None:
        self._handle = handle
        self._memory = memory
        self._alone: bytes | None = None
        self._inflows = inflows
        self._limits = limits
        self._open = open_connections
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[Incoming | int] = deque()
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._writable = asyncio.Event()
        self._writable.set()
        self._held = b""
        self._busy = False
        self._deaf = False
        self._last_answer = False
        self._old = False
        self._began = 0.0
        self.last = 0.0
        self._start_message()

    def _start_message(self) -> None:
        self._target = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._lines: Headers | None = None
        self._trailers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._body_size = 0
        self._head_size = 0
        self._head_done = False
        self._handed_over = False
        self._inside = False
        self._inflow: Inflow | None = None

    # The transport's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or turn it away when there are too many."""
        self._transport = cast("asyncio.Transport", transport)
        self.last = asyncio.get_running_loop().time()
        self._open.add(self)
        if len(self._open) > self._limits.connections:
            self._refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; a call that is under way goes on, as it does on AWS."""
        del exc
        self._open.discard(self)
        self._deaf = True
        self._writable.set()
        if self._inflow is not None:
            self._inflow.cut(None)
        # They refer to each other, and would wait for the collector of cycles.
        del self._parser

    def pause_writing(self) -> None:
        """Take no more requests until the client has read its answers."""
        self._writable.clear()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        self._listen_again()
        self._pump()

    def data_received(self, data: bytes) -> None:
        """Parse what came."""
        self.last = asyncio.get_running_loop().time()
        if self._deaf:
            return
        self._alone = None
        if self._is_idle():
            known = self._memory.find(data)
            if known is not None:
                self._transport.write(known.octets())
                return
            self._alone = data
        if not self._head_done:
            self._head_size += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # No other protocol is spoken here: the request is answered, then the connection ends.
            self._last_answer = True
        except httptools.HttpParserError:
            self._refuse(400)
        if not self._head_done and self._head_size > self._limits.head:
            self._refuse(431)
        self._pump()

    def _is_idle(self) -> bool:
        waits = self._inside or self._busy or self._queue or self._held or self._last_answer
        return not waits and self._writable.is_set()

    def eof_received(self) -> bool:
        """Keep the sending half open while an answer is due."""
        self._last_answer = True
        return self._busy or bool(self._queue)

    def expired(self, now: float) -> bool:
        """Say whether the client has been too slow, or idle for too long."""
        quiet = now - self.last
        if self._busy:
            return not self._writable.is_set() and quiet > self._limits.idle
        if self._inside and not self._head_done:
            return now - self._began > self._limits.slow
        return quiet > (self._limits.slow if self._inside else self._limits.idle)

    def close(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    # The parser's side.

    def on_message_begin(self) -> None:
        """Begin a request."""
        size = self._head_size
        self._start_message()
        self._head_size = size
        self._began = self.last
        self._inside = True

    def on_url(self, url: bytes) -> None:
        """Take a part of the request target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header or trailer line."""
        (self._trailers if self._head_done else self._fields).append((name, value))

    def on_headers_complete(self) -> None:
        """Refuse what is known by now to be too large."""
        self._head_done = True
        self._old = self._parser.get_http_version() == "1.0"
        size, hosts, length, expects = len(self._target), 0, 0, False
        for name, value in self._fields:
            size += len(name) + len(value) + 4
            lowered = name.lower()
            if lowered == b"host":
                hosts += 1
            elif lowered == b"content-length":
                length = int(value)
            elif lowered == b"expect":
                expects = True
        if size > self._limits.head:
            self._refuse(431)
        elif not self._answerable(hosts):
            self._refuse(400)
        elif length > self._limits.body:
            self._hand_over(too_large=True)
        elif expects and not self._busy:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self._inflows is not None and not self._deaf and not self._handed_over:
            self._inflow = self._inflows(
                self._method(), self._target.decode("latin-1"), self._headers(), self._transport
            )

    def _answerable(self, hosts: int) -> bool:
        hosted = hosts == 1 or (hosts == 0 and self._old)
        return hosted and self._parser.get_method() != b"CONNECT" and bool(self._target)

    def _headers(self) -> Headers:
        if self._lines is None:
            self._lines = _text(self._fields)
        return self._lines

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, or drop it when the request was refused for its size."""
        if self._handed_over or self._deaf:
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
        """Queue the request."""
        if not self._parser.should_keep_alive():
            self._last_answer = True
        if self._inflow is not None:
            self._inflow.end(_text(self._trailers))
        if not self._handed_over and not self._deaf:
            self._hand_over(too_large=False)
        self._start_message()

    def _method(self) -> str:
        return self._parser.get_method().decode("latin-1")

    # Answers.

    def _hand_over(self, *, too_large: bool) -> None:
        self._handed_over = True
        self._last_answer = self._last_answer or too_large
        body = b"" if too_large else b"".join(self._body)
        self._body = []
        if self._queue or too_large:
            self._alone = None
        method = self._method()
        target = self._target.decode("latin-1")
        trailers = _text(self._trailers) if self._trailers else ()
        self._queue.append(Incoming(method, target, self._headers(), body, too_large, trailers))

    def _refuse(self, status: int) -> None:
        if not self._deaf:
            self._deaf = True
            self._queue.append(status)
            self._pump()

    def _pump(self) -> None:
        while self._queue and not self._busy and self._writable.is_set() and not self._transport.is_closing():
            entry = self._queue.popleft()
            if isinstance(entry, int):
                self._write(refusal(entry), head_only=False)
                self._end()
                return
            try:
                answer = self._handle(entry)
            except Exception:  # noqa: BLE001 - whatever goes wrong here, the gateway lives and the client gets an answer
                _LOG.exception("%s %s was not answered", entry.method, entry.target)
                answer = refusal(500)
            if isinstance(answer, Outgoing) and isinstance(answer.body, bytes):
                self._write(answer, head_only=entry.method == "HEAD")
                if self._last_answer and not self._queue:
                    self._end()
            else:
                self._busy = True
                start(self._later(entry, answer))
        if len(self._queue) > 1:
            self._transport.pause_reading()

    async def _later(self, entry: Incoming, answer: Outgoing | Awaitable[Outgoing]) -> None:
        head_only = entry.method == "HEAD"
        try:
            given = answer if isinstance(answer, Outgoing) else await answer
            await self._writable.wait()
            if isinstance(given.body, bytes):
                self._write(given, head_only=head_only)
            else:
                await self._stream(given, given.body, head_only=head_only)
        except Exception:  # noqa: BLE001 - as above
            _LOG.exception("%s %s was not answered", entry.method, entry.target)
            self._write(refusal(500), head_only=head_only)
            self._last_answer = True
        self._busy = False
        self._listen_again()
        if self._last_answer and not self._queue:
            self._end()
        self._pump()

    def _listen_again(self) -> None:
        if self._writable.is_set() and not self._busy:
            self._transport.resume_reading()

    def _write(self, answer: Outgoing, *, head_only: bool) -> None:
        assert isinstance(answer.body, bytes)
        if self._transport.is_closing():
            # The client has gone away.
            return
        octets = self._held + (answer.ready or self._octets(answer, answer.body, head_only=head_only))
        if answer.urgent or not self._queue:
            self._held = b""
            self._transport.write(octets)
            if answer.again is not None and self._alone is not None and not self._last_answer and not self._inside:
                self._memory.keep(self._alone, octets, answer.again)
        else:
            self._held = octets

    def _octets(self, answer: Outgoing, body: bytes, *, head_only: bool) -> bytes:
        bare = _is_bare(answer.status)
        framing = b"" if bare else b"content-length: %d\r\n" % len(body)
        return head(answer, framing, self._connection()) + (b"" if head_only or bare else body)

    async def _stream(self, answer: Outgoing, pieces: AsyncIterator[bytes], *, head_only: bool) -> None:
        silent = head_only or _is_bare(answer.status)
        chunked = not silent and not self._old
        # To a client that knows no chunks, the end of the connection is the end of the body.
        self._last_answer = self._last_answer or (self._old and not silent)
        self._transport.write(self._held + head(answer, CHUNKED if chunked else b"", self._connection()))
        self._held = b""
        try:
            async for piece in pieces:
                if self._transport.is_closing():
                    break
                if piece and not silent:
                    self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                    await self._writable.wait()
        except Exception as error:  # noqa: BLE001 - the head has gone out: all that is left to say is that this is not the end
            _LOG.debug("a streamed answer was cut: %s", error)
            self._transport.abort()
        finally:
            await _closed(pieces)
        if chunked and not self._transport.is_closing():
            self._transport.write(b"0\r\n\r\n")

    def _connection(self) -> bytes:
        return CLOSE if self._deaf or (self._last_answer and not self._queue) else KEEP_ALIVE

    def _end(self) -> None:
        self._deaf = True
        if self._inside:
            asyncio.get_running_loop().call_later(LINGER, self._transport.close)
        else:
            self._transport.close()


def _is_bare(status: int) -> bool:
    return status in (204, 304) or status < 200


async def _closed(pieces: AsyncIterator[bytes]) -> None:
    # A generator that is not read to its end learns of it only so.
    if isinstance(pieces, AsyncGenerator):
        await pieces.aclose()


def _text(fields: list[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)
