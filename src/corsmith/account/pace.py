"""How fast AWS may be asked: no more calls in any stretch of time than an account has in a Region.

Source: the API Gateway developer guide, "API Gateway quotas for creating, deploying and managing an API" (10 requests a
second in all, GetResources 5 in 2 seconds); the AWS Lambda developer guide, "Lambda quotas" (15 requests a second for most
operations). Others use the account, too: throttled answers are still possible, and boto3 tries again.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Clock(Protocol):
    """Tells the time and waits; tests have one that only pretends to."""

    def now(self) -> float:
        """Return seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class RealClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return seconds since the machine was started."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Limit(Struct, frozen=True):
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "apigateway": {"*": Limit(10, 1.0), "GetResources": Limit(5, 2.0)},
    "lambda": {"*": Limit(15, 1.0)},
    "cloudfront": {"*": Limit(10, 1.0)},
}
"""Service to operation ("*" for all together) to its limit. Both versions of API Gateway share one."""
_SHARED = {"apigatewayv2": "apigateway"}


class Halted(Exception):  # noqa: N818 - it names a state
    """Nobody wants any more calls: the run was broken off."""


class Pace:
    """Makes calls to one account and Region wait for their turn. Safe to share between threads."""

    def __init__(
        self,
        clock: Clock,
        limits: Mapping[str, Mapping[str, Limit]] = LIMITS,
        halt: threading.Event | None = None,
    ) -> None:
        """Take the clock to wait by. No call is let through once `halt` is set."""
        self._clock = clock
        self._limits = limits
        self._halt = halt or threading.Event()
        self._made: dict[tuple[str, str], deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, service: str, operation: str) -> None:
        """Wait until a call of `operation` ("GetResources") is within all limits, and count it. Raises `Halted`."""
        if self._halt.is_set():
            raise Halted
        own = _SHARED.get(service, service)
        limits = self._limits.get(own, {})
        with self._lock:
            now = self._clock.now()
            times = []
            until = now
            for name in ("*", operation):
                limit = limits.get(name)
                if limit is not None:
                    made = self._made.setdefault((own, name), deque(maxlen=limit.calls))
                    times.append(made)
                    if len(made) == limit.calls:
                        until = max(until, made[0] + limit.seconds)
            if until > now:
                self._clock.sleep(until - now)
            made_at = max(self._clock.now(), until)
            for made in times:
                made.append(made_at)
