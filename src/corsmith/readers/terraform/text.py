"""A file's text as the parser sees it: in bytes; places are counted in characters."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span


class SourceText(Struct, eq=False):
    """A text and where it stands. `shift`: characters before it in the file, for a text cut out of one."""

    file: str
    text: str
    shift: int = 0
    data: bytes = b""
    _offsets: list[int] | None = None

    def __post_init__(self) -> None:
        # Lone surrogates cannot stand in a file; they can in a text that an editor hands over.
        self.data = self.text.encode("utf-8", "replace") if not self.data else self.data
        if len(self.data) != len(self.text):
            self._offsets = []
            for at, character in enumerate(self.text):
                self._offsets += [at] * len(character.encode("utf-8", "replace"))
            self._offsets.append(len(self.text))

    def at(self, byte: int) -> int:
        """Return the character that `byte` belongs to."""
        return byte if self._offsets is None else self._offsets[min(byte, len(self._offsets) - 1)]

    def span(self, start: int, end: int) -> Span:
        """Return the span of the bytes from `start` to `end`."""
        return Span(self.file, self.at(start) + self.shift, self.at(end) + self.shift)

    def cut(self, start: int, end: int) -> str:
        """Return the text of the bytes from `start` to `end`."""
        return self.text[self.at(start) : self.at(end)]
