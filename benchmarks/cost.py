"""Measures what a command costs."""

from __future__ import annotations

import resource
import subprocess
import time
from pathlib import Path

from msgspec import Struct

REPEATS = 3


class Cost(Struct, frozen=True):
    """The least of several runs, in seconds: CPU time of the process and its children, and elapsed time."""

    cpu: float
    elapsed: float


def cost(command: tuple[str, ...], cwd: Path, exits: tuple[int, ...] = (0,)) -> Cost:
    """Run `command` several times; the least is what the command needs, the rest is the machine's other work.

    Raises `RuntimeError` when it ends with another exit code: a failure is no figure.
    """
    runs = [_once(command, cwd, exits) for _ in range(REPEATS)]
    return Cost(min(run.cpu for run in runs), min(run.elapsed for run in runs))


def _once(command: tuple[str, ...], cwd: Path, exits: tuple[int, ...]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in exits:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return Cost(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, elapsed)
