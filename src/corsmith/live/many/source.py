"""The lines of a file or of standard input, as they come, however long the list or a line of it is."""

from __future__ import annotations

import asyncio
import codecs
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

LONGEST = 64 * 1024
"""The most characters of a line that are kept: no server takes a longer URL."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


async def batches(read: Callable[[], bytes]) -> AsyncIterator[list[str]]:
    """Yield the lines of what `read` returns, some at a time; `read` blocks, and b"" is the end.

    It is called in a thread that nobody waits for, so that an interruption does not wait for somebody to type. Text is
    UTF-8, or what a byte order mark says; bytes that are none become U+FFFD.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes] = asyncio.Queue(2)

    def reading() -> None:
        # The loop may have ended meanwhile: then nobody wants the rest.
        with suppress(RuntimeError, asyncio.CancelledError):
            data = b"-"
            while data:
                data = _read(read)
                asyncio.run_coroutine_threadsafe(queue.put(data), loop).result()

    threading.Thread(target=reading, daemon=True).start()
    lines = Lines()
    while data := await queue.get():
        if some := lines.feed(data):
            yield some
    if some := lines.end():
        yield some


class Lines:
    """Text that comes in pieces, cut into lines."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._pending = ""

    def feed(self, data: bytes) -> list[str]:
        """Return the lines that end in what came."""
        if self._decoder is None:
            self._decoder = _decoder(data)
        *lines, pending = (self._pending + self._decoder.decode(data)).split("\n")
        self._pending = pending[: LONGEST + 1]
        return [line[:LONGEST] for line in lines]

    def end(self) -> list[str]:
        """Return what is left, which no line end follows."""
        left = self._pending + ("" if self._decoder is None else self._decoder.decode(b"", final=True))
        self._pending = ""
        return [left[:LONGEST]] if left else []


def _read(read: Callable[[], bytes]) -> bytes:
    """Read on; what cannot be read any more has ended."""
    try:
        return read()
    except OSError:
        return b""


def _decoder(start: bytes) -> codecs.IncrementalDecoder:
    name = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
    return codecs.getincrementaldecoder(name)("replace")
