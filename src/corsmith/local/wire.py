"""One connection of the local gateway: HTTP/1.1 in, HTTP/1.1 out, nothing lost of a header line.

Theory of operation. A `Reading` makes requests of what comes. A request goes to the end of a queue, and so does a refusal
(an int, the status), so that pipelined answers leave in the order of their questions. `_pump` takes one entry at a time:
it calls `handle`, which returns the response, or an awaitable of it. A shortcut is asked before, which may know what came.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import cast

from msgspec import Struct

from .eager import start
from .head import CHUNKED, CLOSE, KEEP_ALIVE, head, refusal
from .message import Incoming, Limits, Outgoing
from .reading import Inflows, Reading
from .repeated import Memory
from .sending import is_bare, octets, send_pieces

Handle = Callable[[Incoming], Outgoing | Awaitable[Outgoing]]

Shortcut = Callable[[bytes, asyncio.Transport], bool]
"""Takes all that came on a connection where nothing is due, if it knows it, and says whether it did."""

LINGER = 2.0
"""Seconds for which the rest of a refused body is read and dropped, so that the client gets to see the refusal."""

_LOG = logging.getLogger(__name__)


class Service(Struct, frozen=True):
    """What serves the connections of a listener. `memory` keeps the answers that may be given again."""

    handle: Handle
    limits: Limits
    memory: Memory
    shortcut: Shortcut
    inflows: Inflows | None = None


class Connection(asyncio.Protocol):
    """One client's connection. `last` is the loop's time of the last byte that came."""

    def __init__(self, service: Service, open_connections: set[Connection]) -> None:
        self._handle = service.handle
        self._shortcut = service.shortcut
        self._memory = service.memory
        self._alone: bytes | None = None
        self._limits = service.limits
        self._open = open_connections
        self._reading = Reading(service.limits, self, service.inflows)
        self._queue: deque[Incoming | int] = deque()
        self.transport: asyncio.Transport = cast("asyncio.Transport", None)
        self._writable = asyncio.Event()
        self._writable.set()
        self._held = b""
        self._busy = False
        self._deaf = False
        self._last_answer = False
        self.last = 0.0

    # The transport's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or turn it away when there are too many."""
        self.transport = cast("asyncio.Transport", transport)
        self._time = asyncio.get_running_loop().time
        self.last = self._time()
        self._open.add(self)
        if len(self._open) > self._limits.connections:
            self.refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; a call that is under way goes on, as it does on AWS."""
        del exc
        self._open.discard(self)
        self._deaf = True
        self._writable.set()
        self._reading.close()

    def pause_writing(self) -> None:
        """Take no more requests until the client has read its answers."""
        self._writable.clear()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        self._listen_again()
        self._pump()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self.last = now = self._time()
        if self._deaf:
            return
        self._alone = None
        if self._is_idle():
            if self._shortcut(data, self.transport):
                return
            self._alone = data
        self._reading.feed(data, now)
        if self._queue:
            self._pump()

    def _is_idle(self) -> bool:
        waits = self._busy or self._queue or self._held or self._last_answer or self._reading.inside
        return not waits and self._writable.is_set()

    def eof_received(self) -> bool:
        """Keep the sending half open while an answer is due."""
        self._last_answer = True
        return self._busy or bool(self._queue)

    def expired(self, now: float) -> bool:
        """Say whether the client has been too slow, or idle for too long."""
        quiet, reading = now - self.last, self._reading
        if self._busy:
            return not self._writable.is_set() and quiet > self._limits.idle
        if reading.inside and not reading.head_done:
            return now - reading.began > self._limits.slow
        return quiet > (self._limits.slow if reading.inside else self._limits.idle)

    def close(self) -> None:
        """End the connection at once."""
        self.transport.abort()

    # What the reading tells.

    def take(self, request: Incoming) -> None:
        """Queue the request."""
        if self._deaf:
            return
        if self._queue or request.too_large:
            self._alone = None
        self._queue.append(request)

    def refuse(self, status: int) -> None:
        """Queue a refusal; what comes after it is not read."""
        if not self._deaf:
            self._deaf = True
            self._queue.append(status)
            self._pump()

    def welcome(self) -> None:
        """Ask for the body, unless another answer is due before."""
        if not self._busy:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def finish(self) -> None:
        """Let the connection end with the last answer that is due."""
        self._last_answer = True

    # Answers.

    def _pump(self) -> None:
        while self._queue and not self._busy and self._writable.is_set() and not self.transport.is_closing():
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
            self.transport.pause_reading()

    async def _later(self, entry: Incoming, answer: Outgoing | Awaitable[Outgoing]) -> None:
        head_only = entry.method == "HEAD"
        try:
            given = answer if isinstance(answer, Outgoing) else await answer
            if not self._writable.is_set():
                await self._writable.wait()
            if isinstance(given.body, bytes):
                self._write(given, head_only=head_only)
            else:
                await self._stream(given, head_only=head_only)
        except Exception:  # noqa: BLE001 - as above
            _LOG.exception("%s %s was not answered", entry.method, entry.target)
            self._write(refusal(500), head_only=head_only)
            self._last_answer = True
        self._busy = False
        self._listen_again()
        if self._last_answer and not self._queue:
            self._end()
        if self._queue:
            self._pump()

    def _listen_again(self) -> None:
        if self._writable.is_set() and not self._busy:
            self.transport.resume_reading()

    def _write(self, answer: Outgoing, *, head_only: bool) -> None:
        assert isinstance(answer.body, bytes)
        if self.transport.is_closing():
            # The client has gone away.
            return
        whole = answer.ready or octets(answer, answer.body, self._connection(), head_only=head_only)
        if self._held:
            whole = self._held + whole
        if answer.urgent or not self._queue:
            self._held = b""
            self.transport.write(whole)
            if answer.again is not None and self._alone is not None and not (self._last_answer or self._reading.inside):
                self._memory.keep(self._alone, whole, answer.again)
        else:
            self._held = whole

    async def _stream(self, answer: Outgoing, *, head_only: bool) -> None:
        assert not isinstance(answer.body, bytes)
        silent = head_only or is_bare(answer.status)
        # To a client that knows no chunks, the end of the connection is the end of the body.
        frame = None if silent else b"" if self._reading.old else CHUNKED
        self._last_answer = self._last_answer or frame == b""
        self.transport.write(self._held + head(answer, frame or b"", self._connection()))
        self._held = b""
        await send_pieces(answer.body, self.transport, self._writable, frame)

    def _connection(self) -> bytes:
        return CLOSE if self._deaf or (self._last_answer and not self._queue) else KEEP_ALIVE

    def _end(self) -> None:
        self._deaf = True
        if self._reading.inside:
            asyncio.get_running_loop().call_later(LINGER, self.transport.close)
        else:
            self.transport.close()
