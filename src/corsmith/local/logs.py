"""What a function writes to stdout and stderr: the last of it is kept, a flood costs no memory."""

from __future__ import annotations

from collections import deque

KEPT = 32 * 1024
"""Bytes."""


class Logs:
    """A ring of the last output. `written` counts all bytes that ever came."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self.written = 0

    def add(self, piece: bytes) -> None:
        """Take more output; the oldest goes when there is too much."""
        self.written += len(piece)
        piece = piece[-KEPT:]
        self._pieces.append(piece)
        self._size += len(piece)
        while self._size - len(self._pieces[0]) >= KEPT:
            self._size -= len(self._pieces.popleft())

    def since(self, mark: int) -> str:
        """Return what came after `written` was `mark`, as far as it is kept."""
        text = b"".join(self._pieces)[-KEPT:]
        wanted = self.written - mark
        lost = wanted - len(text)
        tail = text[-wanted:] if wanted > 0 else b""
        shown = tail.decode("utf-8", "replace")
        return f"[{lost} bytes before this were dropped]\n{shown}" if lost > 0 else shown
