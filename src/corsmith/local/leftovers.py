"""Processes that a handler started and that went out of their group (a daemon): found by a variable that they inherit."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

_PROCESSES = Path("/proc")


def end_marked(entry: str) -> None:
    """End every process of this user whose environment has `entry`, "NAME=value"; on Linux, elsewhere none is found."""
    wanted = entry.encode()
    for each in _PROCESSES.iterdir() if _PROCESSES.is_dir() else ():
        # Others' processes cannot be read, and any may end meanwhile.
        with contextlib.suppress(OSError):
            if each.name.isdecimal() and wanted in (each / "environ").read_bytes().split(b"\0"):
                os.kill(int(each.name), signal.SIGKILL)
