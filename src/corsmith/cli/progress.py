"""How far a long job is, for the people at the terminal: on standard error, never among the data."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

_WIDTH = 24


class Progress:
    """A bar that is drawn anew some times a second on a terminal; elsewhere a line every ten seconds and one at the end.

    `total` None: how much there is to do is not known. `before`: how much of it was done earlier.
    """

    def __init__(self, what: str, total: int | None, before: int = 0) -> None:
        self._what = what
        self._total = total
        self._drawn = sys.stderr.isatty()
        self._every = 0.2 if self._drawn else 10.0
        self._began = self._said = time.monotonic()
        self._before = before
        self._done = 0

    def more(self, count: int) -> None:
        """There is so much more to do than was known."""
        self._total = (self._total or 0) + count

    def step(self, remark: str | Callable[[], str], count: int = 1) -> None:
        """`count` more are done. `remark` says how it goes, when it is asked."""
        self._done += count
        now = time.monotonic()
        if now - self._said >= self._every:
            self._said = now
            said = remark if isinstance(remark, str) else remark()
            self._write(self._line(now, said), end="" if self._drawn else "\n")

    def end(self, remark: str) -> None:
        """All is done, or no more will be."""
        self._write(self._line(time.monotonic(), remark), end="\n")

    def _line(self, now: float, remark: str) -> str:
        rate = self._done / max(now - self._began, 1e-6)
        parts = [f"{rate:,.0f} {self._what}/s" if rate >= 10 else f"{rate:.1f} {self._what}/s"]
        done = self._before + self._done
        if self._total is None:
            count = f"{done:,} {self._what}"
        else:
            share = min(1.0, done / self._total) if self._total else 1.0
            filled = round(share * _WIDTH)
            count = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done:,} of {self._total:,} ({share:.0%})"
            left = max(0, self._total - done)
            if left and rate:
                parts.append(f"{_clock(left / rate)} left")
        return "  ".join((count, *parts, remark))

    def _write(self, line: str, end: str) -> None:
        start = "\r\x1b[K" if self._drawn else ""
        sys.stderr.write(f"{start}{line}{end}")
        sys.stderr.flush()


class Silence(Progress):
    """Says nothing: somebody else does."""

    def _write(self, line: str, end: str) -> None:
        """Write nothing."""


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
