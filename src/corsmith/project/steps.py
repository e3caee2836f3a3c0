"""The steps of a check, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

Hears = Callable[[str], None]
"""Is told what begins now, as a phrase: "reading template.yaml (3 of 14)"."""


def nobody(step: str) -> None:
    """Hear nothing."""
    del step
