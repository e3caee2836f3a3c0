"""The results of an interrupted run, which the next one goes on from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Key = tuple[str, ...]
"""What a line answers: the URL as it is shown, then origin and method of each call."""


class Earlier:
    """Which calls of a list were answered before. The same call may be on the list several times."""

    def __init__(self) -> None:
        self._done: Counter[int] = Counter()
        self.count = 0
        self.verdicts: Counter[str] = Counter()
        self.severities: set[str] = set()

    def note(self, line: dict[str, Any]) -> None:
        """Take a line of results. What failed for the network's sake counts as not done."""
        if line.get("problems") or line.get("verdict") not in ("allowed", "blocked", "undecided"):
            return
        calls = line.get("calls") or ()
        self._done[_digest(line_key(str(line.get("url")), [(each["origin"], each["method"]) for each in calls]))] += 1
        self.count += 1
        self.verdicts[line["verdict"]] += 1
        self.severities.update(str(each.get("severity")) for each in line.get("findings", ()))

    def takes(self, key: Key) -> bool:
        """Say whether a call was answered; each answer counts once."""
        digest = _digest(key)
        if not self._done[digest]:
            return False
        self._done[digest] -= 1
        return True


def line_key(url: str, callers: Iterable[tuple[str, str]]) -> Key:
    """Return the key of the calls to `url`, as it is shown, of `callers`: pairs of origin and method."""
    return (url, *(part for pair in callers for part in pair))


def read_earlier(file: Path) -> Earlier:
    """Return what is in a file of results, and cut off a last line that was not written to its end.

    A file that is not there is empty. Raises `ValueError` where a line is none of ours, and `OSError`.
    """
    earlier = Earlier()
    if not file.exists():
        return earlier
    whole = 0
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            if line.strip():
                earlier.note(_read(line, number))
    if whole < file.stat().st_size:
        with file.open("r+b") as cut:
            cut.truncate(whole)
    return earlier


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except ValueError:
        read = None
    if not isinstance(read, dict) or read.get("schema") != "corsmith/1" or "url" not in read:
        raise ValueError(f"line {number} is no result of `corsmith check --urls`")
    return read


def _digest(key: Key) -> int:
    return hash(key)
