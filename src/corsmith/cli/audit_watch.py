"""How far an audit is, for the people at the terminal: what was read, what is waited for, what was judged."""

from __future__ import annotations

import sys
import threading
import time

import click

from .progress import Progress

QUIET = 10.0
"""Seconds without a word after which it is said what is waited for."""
_MANY = 50
"""From how many front doors on it is said how many were judged."""


class Watch:
    """The bar on standard error, for several threads. Used as a context: its own thread ends with it."""

    def __init__(self) -> None:
        self._bar = Progress("read", None)
        self._lock = threading.Lock()
        self._stepped = False
        self._asked = ""
        self._heard = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()
        if self._stepped:
            self._bar.end("")

    def more(self, count: int) -> None:
        """There is more to read."""
        with self._lock:
            self._bar.more(count)

    def step(self, remark: str) -> None:
        """One more is read."""
        with self._lock:
            self._stepped = True
            self._heard = time.monotonic()
            self._bar.step(remark)

    def asks(self, what: str) -> None:
        """AWS is asked this now."""
        with self._lock:
            self._asked = what

    def tell(self, sentence: str) -> None:
        """Somebody should know this now."""
        with self._lock:
            self._heard = time.monotonic()
            self._say(sentence)

    def _wait(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(1.0):
            with self._lock:
                now = time.monotonic()
                if now - self._heard >= QUIET:
                    self._heard = now
                    what = f"for {self._asked}" if self._asked else "for the credentials"
                    self._say(f"waiting {what}, {now - began:.0f} s since the start")

    def _say(self, sentence: str) -> None:
        # A bar that is drawn anew is on the line: it is drawn again with the next step.
        click.echo(f"{chr(13)}\x1b[K" if sys.stderr.isatty() else "", nl=False, err=True)
        click.echo(f"corsmith: {sentence}", err=True)


class Judging:
    """The bar for accounts that take long to judge; for others there is none."""

    def __init__(self) -> None:
        self._bar = Progress("judged", None, before=_MANY - 1)
        self._count = 0

    def step(self, name: str) -> None:
        """One more is judged."""
        self._count += 1
        if self._count >= _MANY:
            self._bar.step(name)

    def end(self) -> None:
        """All are."""
        if self._count >= _MANY:
            self._bar.end("")
