"""Measures what a command costs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from msgspec import Struct

REPEATS = 3


class Cost(Struct, frozen=True):
    """The least of several runs: CPU time of the process and its children and elapsed time in seconds, peak memory in MiB."""

    cpu: float
    elapsed: float
    peak: float


def cost(command: tuple[str, ...], cwd: Path, exits: tuple[int, ...] = (0,)) -> Cost:
    """Run `command` several times; the least is what the command needs, the rest is the machine's other work.

    Raises `RuntimeError` when it ends with another exit code: a failure is no figure.
    """
    runs = [_once(command, cwd, exits) for _ in range(REPEATS)]
    return Cost(min(run.cpu for run in runs), min(run.elapsed for run in runs), min(run.peak for run in runs))


def _once(command: tuple[str, ...], cwd: Path, exits: tuple[int, ...]) -> Cost:
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in exits:
            said.seek(0)
            text = said.read().decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{text}")
    return Cost(used.ru_utime + used.ru_stime, elapsed, used.ru_maxrss / 1024)
