"""What cannot be written."""

from __future__ import annotations

from typing import Any


class CannotSay(ValueError):  # noqa: N818 - it says what the front door cannot
    """A front door has no setting that says this policy. The message says why, and what to do instead."""


def said(problem: Any) -> str:
    """Return what is wrong with a value of a policy, as a phrase; a list speaks of what it holds."""
    return str(problem.why) if isinstance(problem.value, tuple) else f"{problem.value} {problem.why}"
