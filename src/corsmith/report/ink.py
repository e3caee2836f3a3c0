"""Colour for a terminal, and only there."""

from __future__ import annotations

import os
import re
from typing import TextIO

from msgspec import Struct

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34"}


# What could move a terminal's cursor or set its title is not passed on; colours are ours.
_CONTROLS = re.compile(r"\x1b(?!\[\d{1,2}m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")


def tame(text: str) -> str:
    """Return text from anywhere so that a terminal only shows it."""
    return _CONTROLS.sub("\ufffd", text)


class Ink(Struct, frozen=True):
    """Paints text, or leaves it plain."""

    colour: bool = False

    def paint(self, text: str, how: str) -> str:
        """Return `text` painted: "bold", "dim", "red", "green", "yellow" or "blue"."""
        return f"\x1b[{_CODES[how]}m{text}\x1b[0m" if self.colour else text


def ink_for(stream: TextIO | None) -> Ink:
    """Return ink for `stream`: colour where it is a terminal and NO_COLOR is not set (no-color.org).

    Python has no stream where the program was started with it closed.
    """
    return Ink(
        stream is not None and stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
