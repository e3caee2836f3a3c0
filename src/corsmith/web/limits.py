"""How often strangers may ask: per visitor and per server that is called, and how much goes on at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct


class TooMuch(Exception):  # noqa: N818 - it names a state
    """No answer now. `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"Too many questions. The next one may come in {max(1, round(wait))} s.")
        self.wait = wait


class Rate(Struct, frozen=True):
    """`burst` at once, then `per_second` more each second."""

    burst: float
    per_second: float


VISITOR = Rate(20, 0.5)
TARGET = Rate(60, 2.0)
_MOST_KEYS = 20_000


class Buckets:
    """A token bucket for each key. The keys longest unused are forgotten, so memory is bounded."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return the seconds until `key` may ask again; 0.0: now."""
        tokens = self._tokens(key)
        return 0.0 if tokens >= 1 else (1 - tokens) / self._rate.per_second

    def take(self, key: str) -> None:
        """Count one question of `key`."""
        self._kept[key] = (self._tokens(key) - 1, self._clock())
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_KEYS:
            self._kept.popitem(last=False)

    def _tokens(self, key: str) -> float:
        now = self._clock()
        tokens, then = self._kept.get(key, (self._rate.burst, now))
        return min(self._rate.burst, tokens + (now - then) * self._rate.per_second)


class Limits:
    """The limits of one process. `clock` counts seconds."""

    def __init__(
        self, clock: Callable[[], float], visitor: Rate = VISITOR, target: Rate = TARGET, at_once: int = 64
    ) -> None:
        self._visitors = Buckets(visitor, clock)
        self._targets = Buckets(target, clock)
        self._free = at_once

    def admit(self, visitor: str, target: str) -> float:
        """Return 0.0 and count the question, or return the seconds to wait and count nothing.

        `target` is the server that is called, "" for none.
        """
        wait = max(self._visitors.wait(visitor), self._targets.wait(target) if target else 0.0)
        if wait > 0:
            return wait
        if not self._free:
            return 1.0
        self._free -= 1
        self._visitors.take(visitor)
        if target:
            self._targets.take(target)
        return 0.0

    def done(self) -> None:
        """Say that an admitted question was answered."""
        self._free += 1
