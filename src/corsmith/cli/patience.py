"""What a long check is about, for the people who wait: on standard error, never among the data."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType

FIRST = 1.0
"""Seconds after which people on a terminal want to know."""
DRAWN, LINES = 0.2, 10.0
"""Seconds from one word to the next, on a terminal and elsewhere."""
_WIDTH = 100


class Patience:
    """Says what is being done once it takes longer than a second, on a terminal; elsewhere a line every ten seconds."""

    def __init__(self) -> None:
        self._drawn = sys.stderr.isatty()
        self._every = DRAWN if self._drawn else LINES
        self._step = ""
        self._began = time.monotonic()
        self._over = threading.Event()
        # A thread, because one step alone may take long.
        self._thread = threading.Thread(target=self._say, daemon=True)

    def hear(self, step: str) -> None:
        """Note what begins now."""
        self._step = step

    def __enter__(self) -> Patience:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _say(self) -> None:
        if self._over.wait(FIRST if self._drawn else self._every):
            return
        said = ""
        while True:
            line = f"corsmith: {self._step}"
            if len(line) > _WIDTH:
                line = f"{line[: _WIDTH // 2 - 1]}…{line[-_WIDTH // 2 :]}"
            seconds = f" ({time.monotonic() - self._began:.0f} s)"
            if self._drawn and line + seconds != said:
                said = line + seconds
                self._write(f"\r\x1b[K{said}")
            elif not self._drawn:
                self._write(f"{line}{seconds}\n")
            if self._over.wait(self._every):
                break
        if self._drawn:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody reads it; the check goes on.
            self._over.set()
