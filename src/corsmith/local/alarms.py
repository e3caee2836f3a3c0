"""Time limits that hardly ever pass: one timer of the loop for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Alarms(Generic[K]):
    """Calls `ring` with each key whose time has come and that was not cleared before.

    A thousand calls a second are set and cleared in time; the timer is set again only when it has run out.
    """

    def __init__(self, ring: Callable[[K], None]) -> None:
        self._ring = ring
        self._due: dict[K, float] = {}
        self._timer: asyncio.Handle | None = None
        self._set_for = 0.0

    def set(self, key: K, at: float) -> None:
        """Let it ring at the loop's time `at`."""
        self._due[key] = at
        if self._timer is None or at < self._set_for:
            self._wait_until(at)

    def clear(self, key: K) -> None:
        """Let it not ring."""
        self._due.pop(key, None)

    def close(self) -> None:
        """Forget all."""
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait_until(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        # Kept here: uvloop's handle of a time that has passed does not tell it.
        self._set_for = at
        self._timer = asyncio.get_running_loop().call_at(at, self._look)

    def _look(self) -> None:
        # A loop may call a little early, by its clock's resolution: what the timer was set for is due.
        now = max(self._set_for, asyncio.get_running_loop().time())
        self._timer = None
        for key in [key for key, at in self._due.items() if at <= now]:
            if self._due.pop(key, None) is not None:
                self._ring(key)
        if self._due and self._timer is None:
            self._wait_until(min(self._due.values()))
