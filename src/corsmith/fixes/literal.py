"""Literals of keys and values in code, Python's and JavaScript's: an entry added, an entry taken out, in the layout there is."""

from __future__ import annotations

import re

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span

from .lines import breaks, line_end, line_start, newline_of, next_line, pad_of

_BLANKS = re.compile(r"[ \t]*")


class Entry(Struct, frozen=True):
    """One entry. `name` is None for spreads and computed keys; `value` is the whole entry where it has no key of its own."""

    name: str | None
    whole: Span
    value: Span
    kind: str
    """The syntax tree's name of the value: "identifier", "object", "shorthand", "Dict" …"""


class Literal(Struct, frozen=True):
    """A literal and its entries, in order."""

    span: Span
    entries: tuple[Entry, ...]

    def entry(self, name: str) -> Entry | None:
        """Return the entry called `name`, whatever its case."""
        return next(
            (each for each in self.entries if each.name is not None and each.name.lower() == name.lower()), None
        )


def add(text: str, literal: Literal, written: list[str], after: Entry | None, comment: re.Pattern[str]) -> Edit:
    """Return the edit that adds entries, as they are `written`, behind `after`, else behind the last. It is not empty.

    `comment` matches a comma, and a comment that ends the line behind it.
    """
    last, first = (after or literal.entries[-1]).whole.end, literal.entries[0].whole
    file = literal.span.file
    if not breaks(text, literal.span.start, first.start):
        return Edit(file, last, last, "".join(f", {each}" for each in written))
    joiner = newline_of(text) + pad_of(text, first.start)
    behind = comment.match(text, last)
    if behind is None:
        return Edit(file, last, last, "".join(f",{joiner}{each}" for each in written))
    # The comment stays beside the entry that it is about.
    added = f",{joiner}".join(written)
    return Edit(file, last, behind.end(), f",{behind[2]}{joiner}{added}{behind[1]}")


def remove(text: str, literal: Literal, entry: Entry) -> Edit:
    """Return the edit that takes an entry out, its comma and its line with it, and the comment that ends its line."""
    index, end, file = literal.entries.index(entry), entry.whole.end, literal.span.file
    comma = _past_blanks(text, end)
    comma = comma + 1 if text[comma : comma + 1] == "," else end
    line, before = line_start(text, entry.whole.start), literal.entries[index - 1].whole.end if index else None
    # A comment between the two is about the neighbour, and keeps its place.
    joined = before is not None and not text[before : entry.whole.start].replace(",", "", 1).strip()
    alone = not text[line : entry.whole.start].strip() and _ends_line(text, comma)
    if alone and (comma > end or (before is not None and not joined)):
        return Edit(file, line, next_line(text, comma), "")
    if before is not None and joined:
        # The comma behind the entry becomes the one behind its neighbour.
        return Edit(file, before, end, "")
    return Edit(file, entry.whole.start, _past_blanks(text, comma) if len(literal.entries) > 1 else comma, "")


def _ends_line(text: str, place: int) -> bool:
    """Say whether nothing but blanks and a comment stands behind `place`, and another line follows."""
    end = line_end(text, place)
    rest = text[place:end].strip()
    return end < len(text) and (not rest or rest.startswith(("#", "//")))


def _past_blanks(text: str, place: int) -> int:
    blanks = _BLANKS.match(text, place)
    return blanks.end() if blanks is not None else place
