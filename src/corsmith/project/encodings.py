"""In what a file is encoded: UTF-8, what a byte order mark says, or what Python source declares (PEP 263)."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
"""A comment on one of the first two lines; the line before it holds nothing but a comment."""


def encoding_of(path: str, data: bytes) -> str:
    """Return the name of the encoding that `data`, the content of the file `path`, is in."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.match(data) if path.endswith(".py") and not data.startswith(codecs.BOM_UTF8) else None
    if declared is None:
        return "utf-8"
    try:
        found = codecs.lookup(declared[1].decode("ascii"))
    except (LookupError, UnicodeDecodeError):
        return "utf-8"
    # Codecs such as rot13 make no text of bytes.
    return found.name if getattr(found, "_is_text_encoding", True) else "utf-8"


def decoded(path: str, data: bytes) -> str:
    """Return the text of a file, a byte order mark with it. Raises `UnicodeDecodeError` where it is no such text."""
    return data.decode("ascii" if data.isascii() else encoding_of(path, data))


def encoded(path: str, data: bytes, text: str) -> bytes:
    """Return `text` in the encoding of `data`, which the file held. Raises `UnicodeEncodeError` where it has no such letter."""
    return text.encode(encoding_of(path, data))
