"""Lines of a text: where they begin and end, and how. A lone carriage return ends one, as YAML, Python and JavaScript have it."""

from __future__ import annotations


def newline_of(text: str) -> str:
    """Return the line end that a text has; a line feed where it has none."""
    if "\n" not in text and "\r" in text:
        return "\r"
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, place: int) -> int:
    """Return where the line begins that `place` is in."""
    if "\n" not in text:
        return text.rfind("\r", 0, place) + 1
    return text.rfind("\n", 0, place) + 1


def line_end(text: str, place: int) -> int:
    """Return where the line ends that `place` is in, before its line end."""
    if "\n" not in text:
        found = text.find("\r", place)
        return len(text) if found < 0 else found
    found = text.find("\n", place)
    end = len(text) if found < 0 else found
    return end - 1 if end > place and text[end - 1] == "\r" else end


def next_line(text: str, place: int) -> int:
    """Return where the next line begins; the text's end where there is none."""
    found = text.find("\r" if "\n" not in text else "\n", place)
    return len(text) if found < 0 else found + 1


def pad_of(text: str, place: int) -> str:
    """Return the blanks that the line of `place` begins with."""
    start = end = line_start(text, place)
    while end < len(text) and text[end] in " \t":
        end += 1
    return text[start:end]


def breaks(text: str, start: int, end: int) -> bool:
    """Say whether a line ends between two places."""
    return text.find("\n", start, end) >= 0 or text.find("\r", start, end) >= 0
