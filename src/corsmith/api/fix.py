"""A fix is data: text edits with spans, applied to an overlay before it is offered."""

from __future__ import annotations

from msgspec import Struct


class Edit(Struct, frozen=True, order=True):
    """Replace the characters from `start` up to `end` of the decoded file by `text`."""

    file: str
    start: int
    end: int
    text: str


class Fix(Struct, frozen=True):
    """What one would change. A `safe` fix changes nothing but what is broken; the others need thought.

    Where the file is made by a tool, or a person has to choose, there are no `edits`: `by_hand` says what to write, and
    where.
    """

    title: str
    safe: bool
    edits: tuple[Edit, ...]
    by_hand: str = ""


class Conflict(Exception):  # noqa: N818 - it names a state of two edits
    """Two edits touch the same text."""


def apply(text: str, edits: tuple[Edit, ...]) -> str:
    """Return `text` with `edits` applied; two equal edits count once, two insertions at one place keep their order.

    Raises `Conflict` when two edits overlap.
    """
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.start, edit.end))
    parts: list[str] = []
    at = 0
    for edit in ordered:
        if edit.start < at:
            raise Conflict(f"{edit.file}: two edits overlap at offset {edit.start}")
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)
