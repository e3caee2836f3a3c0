"""Whose turn it is: calls wait for their server, and no server is called more often at a time than it should be."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable

from .listed import Listed


class Turns:
    """Calls that wait. `most` says how many calls a server takes at a time, None for as many as there are."""

    def __init__(self, most: Callable[[str], int | None]) -> None:
        self._most = most
        self._ready: deque[Listed] = deque()
        self._held: dict[str, deque[Listed]] = {}
        self._busy: dict[str, int] = {}
        self._resting: Counter[str] = Counter()
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
            busy = self._busy.get(call.host, 0)
            if (most is None or busy < most) and call.host not in self._resting:
                if most is not None:
                    self._busy[call.host] = busy + 1
                self.waiting -= 1
                return call
            self._held.setdefault(call.host, deque()).append(call)
        return None

    def done(self, call: Listed) -> None:
        """A call has ended: its server is free for the next one, which has waited longest of all."""
        host = call.host
        if host in self._busy:
            self._busy[host] -= 1
            if not self._busy[host]:
                del self._busy[host]
        if self._held and host in self._held and host not in self._resting:
            self._free(host, 1)

    def rest(self, host: str) -> None:
        """Call a server no more until `wake` was called as often as this."""
        self._resting[host] += 1

    def wake(self, host: str) -> None:
        """A server that rested may be called again."""
        self._resting[host] -= 1
        if self._resting[host]:
            return
        del self._resting[host]
        most = self._most(host)
        held = len(self._held.get(host, ()))
        self._free(host, held if most is None else min(held, most - self._busy.get(host, 0)))

    def _free(self, host: str, count: int) -> None:
        held = self._held.get(host)
        if not held:
            return
        first = [held.popleft() for _ in range(min(count, len(held)))]
        self._ready.extendleft(reversed(first))
        if not held:
            del self._held[host]
