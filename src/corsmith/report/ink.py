"""Colour for a terminal, and only there."""

from __future__ import annotations

import os
from typing import TextIO

from msgspec import Struct

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34"}


class Ink(Struct, frozen=True):
    """Paints text, or leaves it plain."""

    colour: bool = False

    def paint(self, text: str, how: str) -> str:
        """Return `text` painted: "bold", "dim", "red", "green", "yellow" or "blue"."""
        return f"\x1b[{_CODES[how]}m{text}\x1b[0m" if self.colour else text


def ink_for(stream: TextIO) -> Ink:
    """Return ink for `stream`: colour where it is a terminal and NO_COLOR is not set (no-color.org)."""
    return Ink(stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")
