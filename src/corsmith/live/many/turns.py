"""Whose turn it is: calls wait for their server, and no server is called more often at a time than it should be."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from .listed import Listed


class Turns:
    """Calls that wait. `most` says how many calls a server takes at a time, None for as many as there are."""

    def __init__(self, most: Callable[[str], int | None]) -> None:
        self._most = most
        self._ready: deque[Listed] = deque()
        self._held: dict[str, deque[Listed]] = {}
        self._busy: dict[str, int] = {}
        self.waiting = 0

    def add(self, call: Listed) -> None:
        """Put a call at the end of the line."""
        self.waiting += 1
        self._ready.append(call)

    def next(self) -> Listed | None:
        """Take the first call whose server is free, None where there is none."""
        while self._ready:
            call = self._ready.popleft()
            most = self._most(call.host)
            if most is None:
                self.waiting -= 1
                return call
            busy = self._busy.get(call.host, 0)
            if busy < most:
                self._busy[call.host] = busy + 1
                self.waiting -= 1
                return call
            self._held.setdefault(call.host, deque()).append(call)
        return None

    def done(self, call: Listed) -> None:
        """A call has ended: its server is free for the next one, which has waited longest of all."""
        host = call.host
        if host not in self._busy:
            return
        self._busy[host] -= 1
        if not self._busy[host]:
            del self._busy[host]
        held = self._held.get(host)
        if held:
            self._ready.appendleft(held.popleft())
            if not held:
                del self._held[host]
