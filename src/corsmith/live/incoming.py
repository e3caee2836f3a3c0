"""A response as its bytes come in, without I/O.

Theory of operation. `Incoming` is fed what the network gives and says at any time how far the response is: `head` is
None until the final head is there (informational responses, 100 to 199, are passed over), `body` holds what has come of
the body, `done` is set when nothing more is wanted. A body that ends too early, or whose chunks make no sense, is no
error: a verdict rests on the head. No more is kept than the limits of `wire.py`, whatever the server sends.
"""

from __future__ import annotations

import re

from .wire import BODY_LIMIT, HEAD_LIMIT, Head, NotHttp, parse_head

_WITHOUT_BODY = (204, 205, 304)
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_CHUNK_LINE = 4096
"""The most bytes of the line before a chunk."""


class Incoming:
    """One response to a request of `method`. `reusable`: the connection can carry another exchange after it."""

    __slots__ = ("_buffer", "_chunked", "_heads", "_left", "_method", "body", "done", "head", "reusable")

    def __init__(self, method: str) -> None:
        self._method = method
        self._buffer = bytearray()
        self._heads = 0
        self._left: int | None = None
        self._chunked = False
        self.head: Head | None = None
        self.body = bytearray()
        self.done = False
        self.reusable = False

    @property
    def silent(self) -> bool:
        """Whether nothing has come yet."""
        return self.head is None and not self._buffer and not self._heads

    def feed(self, data: bytes) -> None:
        """Take what came. Raises `NotHttp` when it is no response of HTTP/1."""
        if self.done:
            self.reusable = False
            return
        if self.silent and self._read_whole(data):
            return
        self._buffer += data
        while self.head is None:
            if not self._read_head():
                return
        if not self.done:
            self._read_body()

    def end(self) -> None:
        """The connection has ended: so has the body."""
        self.reusable = False
        self.done = self.done or self.head is not None

    def _read_whole(self, data: bytes) -> bool:
        """Read a head that comes in one piece, as nearly all do, with what is there of the body; say whether it was one."""
        end = _EMPTY_LINE.search(data, 0, HEAD_LIMIT)
        if end is None or data[:5] != b"HTTP/":
            return False
        head = parse_head(data[: end.start()])
        if 100 <= head.status < 200:
            return False
        self._heads = end.end()
        self._begin(head)
        self._buffer += data[end.end() :]
        self._read_body()
        return True

    def _read_head(self) -> bool:
        """Read one head, if it is there as a whole."""
        buffer = self._buffer
        start = bytes(buffer[:5])
        if start.upper() != b"HTTP/"[: len(start)]:
            raise NotHttp(f"the answer begins with {start!r}")
        end = _end_of_head(buffer)
        if self._heads + (len(buffer) if end is None else end[0]) > HEAD_LIMIT:
            raise NotHttp(f"its head has more than {HEAD_LIMIT} bytes")
        if end is None:
            return False
        head = parse_head(bytes(buffer[: end[0]]))
        self._heads += end[1]
        del buffer[: end[1]]
        if not 100 <= head.status < 200:
            self._begin(head)
        return True

    def _begin(self, head: Head) -> None:
        self.head = head
        options = codings = ""
        length: str | None = None
        for name, value in head.headers:
            key = name.lower()
            if key == "content-length":
                length = value if length is None and value.isdecimal() else length
            elif key == "connection":
                options += f",{value.lower()}"
            elif key == "transfer-encoding":
                codings += f",{value.lower()}"
        self.reusable = "close" not in options and (head.keeps or "keep-alive" in options)
        if self._method == "HEAD" or head.status in _WITHOUT_BODY:
            self._left = 0
            return
        self._chunked = "chunked" in codings
        self._left = None if self._chunked or length is None else int(length[:18])

    def _read_body(self) -> None:
        if self._chunked:
            self._read_chunks()
            return
        wanted = BODY_LIMIT if self._left is None else min(self._left, BODY_LIMIT)
        taken = self._buffer[: wanted - len(self.body)]
        # More than was announced, or a body that was not read to its end, leaves nothing to build on.
        complete = self._left == wanted and len(taken) == len(self._buffer)
        self.body += taken
        self._buffer.clear()
        if len(self.body) >= wanted:
            self._finish(complete=complete)

    def _read_chunks(self) -> None:
        """Take whole chunks and parts of them; `_left` is what is missing of the present one."""
        while not self.done:
            if self._left:
                taken = min(self._left, len(self._buffer), BODY_LIMIT - len(self.body))
                self.body += self._buffer[:taken]
                del self._buffer[:taken]
                self._left -= taken
                if len(self.body) >= BODY_LIMIT:
                    self._finish(complete=False)
                if self._left:
                    return
            elif not self._next_chunk():
                return

    def _next_chunk(self) -> bool:
        """Read the line before a chunk, with what is left of the one before; say whether it was there."""
        skipped = 2 if self._left == 0 and self._buffer[:2] == b"\r\n" else 0
        at = self._buffer.find(b"\n", skipped)
        if at < 0:
            if len(self._buffer) > _CHUNK_LINE:
                self._finish(complete=False)
            return False
        size = bytes(self._buffer[skipped:at]).split(b";")[0].strip()
        del self._buffer[: at + 1]
        if not size or not all(digit in b"0123456789abcdefABCDEF" for digit in size) or len(size) > 16:
            self._finish(complete=False)
            return False
        self._left = int(size, 16)
        if self._left == 0:
            # Trailers are rare, and what follows them is not worth waiting for.
            self._finish(complete=bytes(self._buffer) == b"\r\n")
        return True

    def _finish(self, *, complete: bool) -> None:
        self.done = True
        self.reusable = self.reusable and complete


def _end_of_head(buffer: bytearray) -> tuple[int, int] | None:
    """Return where the last line of a head ends, and where what follows the empty line begins."""
    # One search that stops at the first: many small heads in a large buffer must not cost their square.
    found = _EMPTY_LINE.search(buffer)
    return None if found is None else (found.start(), found.end())
