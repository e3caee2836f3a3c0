"""A change as a unified diff, the way git writes it."""

from __future__ import annotations

import difflib


def difference(name: str, old: str, new: str) -> str:
    """Return the unified diff from `old` to `new`, "" where they are the same."""
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}", n=3
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
