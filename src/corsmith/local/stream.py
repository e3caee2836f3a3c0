"""A response that its function is still writing: what was read of its head, and the pieces as they come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable

from corsmith.api.exchange import Headers, values
from corsmith.gateways.asks import Failed, InvokeResult, Streamed

LARGEST = 200 * 1024 * 1024
"""Bytes of a streamed response (AWS, "Response streaming for Lambda functions")."""

LARGEST_WHOLE = 6 * 1024 * 1024 + 100
"""Bytes of a response that is handed on in one piece (AWS, "Lambda quotas")."""

TOO_LARGE = Failed("exception", "the response is larger than Lambda's 6 MB")
INTEGRATION_RESPONSE = "application/vnd.awslambda.http-integration-response"
_AHEAD = 256 * 1024
"""Bytes that are taken from the function before the client has read them."""

_LARGEST_PRELUDE = 1024 * 1024
_END = bytes(8)


class StreamCut(Exception):  # noqa: N818 - it names what happened to the stream
    """The function ended before its response did. `result` is what it came to, None where it said so itself."""

    def __init__(self, result: InvokeResult | None) -> None:
        super().__init__("the function ended before its response did")
        self.result = result


class Streaming(Streamed, frozen=True):
    """A streamed response whose body goes on in `rest`."""

    rest: Stream | None = None


class Stream:
    """What a function posts. `begun` is told the head, once it is known, or all of a response that had ended by then.

    `source` is the connection that it comes on.
    """

    def __init__(self, content_type: str, source: asyncio.Transport, begun: Callable[[Streamed], None]) -> None:
        self._content_type = content_type
        self._source = source
        self._begun = begun
        self._start: bytearray | None = bytearray()
        self._pieces: deque[bytes] = deque()
        self._ahead = 0
        self._total = 0
        self._ended = False
        self._cut: StreamCut | None = None
        self._wanted = True
        self._more: asyncio.Future[None] | None = None

    # The function's side.

    def feed(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._total += len(piece)
        if self._total > LARGEST:
            self.cut(Failed("exception", "the streamed response is larger than Lambda's 200 MB"))
        if self._start is not None:
            self._start += piece
            self._begin(self._start, max(0, len(self._start) - len(piece) - len(_END)))
        elif self._wanted and not self._ended:
            self._pieces.append(piece)
            self._ahead += len(piece)
            if self._ahead > _AHEAD:
                self._source.pause_reading()
            self._wake()

    def _begin(self, start: bytearray, searched: int) -> None:
        if self._content_type != INTEGRATION_RESPONSE or len(start) > _LARGEST_PRELUDE:
            self._start = None
            self._begun(Streaming(None, bytes(start), self._content_type, rest=self))
        elif (end := start.find(_END, searched)) >= 0:
            self._start = None
            body = bytes(start[end + len(_END) :])
            self._begun(Streaming(bytes(start[:end]), body, self._content_type, rest=self))

    def end(self, trailers: Headers) -> None:
        """Take the end of the body; trailers say whether the handler failed."""
        failed = bool(values(trailers, "Lambda-Runtime-Function-Error-Type"))
        if self._start is not None:
            start, self._start = bytes(self._start), None
            self._begun(Streamed(None, start, self._content_type, failed))
        elif failed:
            self.cut(None)
        self._ended = True
        self._wake()

    def cut(self, result: InvokeResult | None) -> None:
        """End it before its end."""
        if not self._ended:
            self._ended = True
            self._cut = StreamCut(result)
            self._wake()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    # The client's side.

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield what follows the head. Raises `StreamCut`. Whoever stops earlier closes the iterator."""
        try:
            while True:
                while self._pieces:
                    piece = self._pieces.popleft()
                    self._ahead -= len(piece)
                    if self._ahead <= _AHEAD // 2:
                        self._source.resume_reading()
                    yield piece
                if self._cut is not None:
                    raise self._cut
                if self._ended:
                    return
                self._more = asyncio.get_running_loop().create_future()
                await self._more
        finally:
            self.drop()

    def drop(self) -> None:
        """Let the function go on writing although nobody reads."""
        self._wanted = False
        self._pieces.clear()
        self._source.resume_reading()


async def whole(result: InvokeResult) -> InvokeResult:
    """Return what the function came to once its response is complete."""
    if not isinstance(result, Streaming) or result.rest is None:
        return result
    pieces, size, failed = [result.body], len(result.body), False
    reading = result.rest.pieces()
    try:
        async for piece in reading:
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_WHOLE:
                result.rest.drop()
                return TOO_LARGE
    except StreamCut as cut:
        if cut.result is not None:
            return cut.result
        failed = True
    return Streamed(result.prelude, b"".join(pieces), result.content_type, failed)
