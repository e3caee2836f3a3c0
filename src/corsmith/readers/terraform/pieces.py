"""A long file in pieces that can be parsed by themselves: the parser's time for what it does not understand grows fast.

A piece begins where a block does, at the left edge of a line, and not in a heredoc. Short files are one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORT = 30_000
"""Characters of a file that is not cut."""
_PIECE = 10_000
_BLOCK = re.compile(r'[A-Za-z_][\w-]*(?:[ \t]+(?:"[^"\n]*"|[A-Za-z_][\w-]*))*[ \t]*\{')
_HEREDOC = re.compile(r"<<-?([A-Za-z_][\w-]*)[ \t]*\r?$")


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each piece begins, and the piece."""
    if len(text) <= SHORT:
        yield 0, text
        return
    start, at, until = 0, 0, ""
    for line in text.splitlines(keepends=True):
        if until:
            until = "" if line.strip() == until else until
        else:
            if at - start >= _PIECE and _BLOCK.match(line):
                yield start, text[start:at]
                start = at
            opened = _HEREDOC.search(line.rstrip("\n"))
            until = opened.group(1) if opened is not None else ""
        at += len(line)
    yield start, text[start:]
