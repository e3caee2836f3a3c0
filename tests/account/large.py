"""Reads an account of 500 REST APIs of 20 resources and 500 HTTP APIs, in a process of its own.

`python -m tests.account.large ADDRESS FOLDER` prints as JSON how many calls were made, how fast at the most by the clock that
only pretends to wait, and how much memory the process came to have.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from corsmith.account.accesses import Wanted
from corsmith.account.audit import Reader
from corsmith.account.judge import judge
from corsmith.account.read import Scope
from corsmith.account.store import Store
from corsmith.api.caller import CallerFlags


class Pretending:
    """A clock that waits by saying so."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._now += seconds


class Nobody:
    """Watches nothing."""

    def more(self, count: int) -> None:
        """Be told of more."""

    def step(self, remark: str) -> None:
        """Be told of one."""

    def asks(self, what: str) -> None:
        """Be told what is asked."""

    def tell(self, sentence: str) -> None:
        """Be told something."""


def most_memory() -> int:
    """Return the most MiB that this program has held. What the system says of the process begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) // 1024


def most_within(times: list[float], seconds: float) -> int:
    """Return how many of `times` are at the most within less than `seconds`."""
    ordered, best, first = sorted(times), 0, 0
    for last, moment in enumerate(ordered):
        while moment - ordered[first] >= seconds - 1e-9:
            first += 1
        best = max(best, last - first + 1)
    return best


def main(folder: Path) -> dict[str, Any]:
    clock = Pretending()
    asked: list[tuple[str, str, float]] = []
    reader = Reader(
        Wanted(regions=("eu-west-1",)),
        Store(folder),
        Scope(),
        Nobody(),
        frozenset(),
        clock,
        asked=lambda service, operation: asked.append((service, operation, clock.now())),
    )
    readings = reader.read()
    at_reading = most_memory()
    # Every tenth front door, for time's sake: what a judgement leaves behind is small.
    judged = [judge(unit, CallerFlags()) for unit in islice(readings.units(), 0, None, 10)]
    gateway = [at for service, _, at in asked if service.startswith("apigateway")]
    return {
        "calls": Counter(operation for _, operation, _ in asked),
        "within_1s": most_within(gateway, 1.0),
        "resources_within_2s": most_within([at for _, operation, at in asked if operation == "GetResources"], 2.0),
        "seconds": clock.now() - 1000.0,
        "read_mib": at_reading,
        "mib": most_memory(),
        "front_doors": sum(1 for _ in readings.units()),
        "judged": len(judged),
        "failures": [each.message for each in readings.all_failures()],
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
