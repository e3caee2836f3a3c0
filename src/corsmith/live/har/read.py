"""The entries of a HAR file, as far as they can be read: files are huge, cut short, and have holes."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Raw, Struct

from .entry import Entry, Lacking, entry_of

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Unusable(ValueError):  # noqa: N818 - it names what a file is
    """A file that holds no entries. The message says why."""


class Har(Struct, frozen=True):
    """What a file holds. `problems` say in a sentence each what could not be read."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...] = ()


class _Log(Struct):
    entries: list[Raw]
    pages: Raw = Raw(b"[]")


class _File(Struct):
    log: _Log


def read_har(raw: bytes) -> Har:
    """Read a HAR file. Raises `Unusable` where it has no entries to speak of.

    A file is taken apart entry by entry, so that what is large (the bodies) is never held twice.
    """
    data = _utf8(raw)
    if not data.strip():
        raise Unusable("is empty")
    try:
        log = msgspec.json.decode(data, type=_File).log
    except msgspec.DecodeError as error:
        return _pieced(data, str(error))
    except RecursionError:
        raise Unusable("is nested too deeply") from None
    pages = _pages(bytes(log.pages))
    return _read(((number, bytes(each)) for number, each in enumerate(log.entries, 1)), pages, ())


def _utf8(raw: bytes) -> bytes:
    """Return the bytes as UTF-8 without a byte order mark."""
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if encoding is not None:
        raw = raw.decode(encoding, "replace").encode("utf-8", "replace")
    return raw


def _read(numbered: Iterator[tuple[int, bytes]], pages: dict[str, str], problems: tuple[str, ...]) -> Har:
    entries: list[Entry] = []
    wrong: list[str] = []
    for number, text in numbered:
        try:
            # Python's own reader takes what msgspec does not: surrogates alone, NaN.
            entries.append(entry_of(json.loads(text.decode("utf-8", "replace")), pages))
        except Lacking as error:
            wrong.append(f"entry {number} {error}")
        except (ValueError, RecursionError):
            wrong.append(f"entry {number} is no JSON")
    shown = (*wrong[:5], *((f"{len(wrong) - 5} more entries cannot be read",) if len(wrong) > 5 else ()))
    return Har(tuple(entries), (*problems, *shown))


def _pieced(data: bytes, why: str) -> Har:
    """Read what is there of a file that is no JSON as a whole: cut off, or with something odd in it."""
    text = data.decode("utf-8", "replace")
    start = text.find('"entries"')
    start = text.find("[", start) + 1 if start >= 0 else 0
    if not start:
        raise Unusable(f"is no HAR file: {_reason(data, why)}")
    pieces = tuple(_objects(text, start))
    if not pieces:
        raise Unusable(f"has no entry that can be read ({why})")
    note = f"the file is broken ({why}): {len(pieces)} entries before that were read"
    return _read(((number, piece.encode("utf-8", "replace")) for number, piece in enumerate(pieces, 1)), {}, (note,))


def _objects(text: str, at: int) -> Iterator[str]:
    decoder = json.JSONDecoder()
    while (at := _next(text, at)) < len(text) and text[at] == "{":
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield text[at:end]
        at = end


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _reason(data: bytes, why: str) -> str:
    return why if data.lstrip()[:1] == b"{" else "it is no JSON object"


def _pages(raw: bytes) -> dict[str, str]:
    """Return the title of each page by its id: Chromium's is the page's address."""
    try:
        read: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    found = (each for each in (read if isinstance(read, list) else ()) if isinstance(each, dict))
    return {str(each.get("id")): str(each.get("title") or "") for each in found}
