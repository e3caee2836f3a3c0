"""HTTP/1.1 as browsers take it: a request's bytes out, a response's head in (its body: `incoming.py`).

h11 refuses control characters and odd header lines that browsers accept, and an answer that a browser takes must not
become a network error here; so the head is read by the lenient rules that browsers share: lines end with LF, a
folded line continues the one before, a line without a colon or with a bad name is passed over, spaces and tabs around
a value do not count.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

from msgspec import Struct

from corsmith.api.exchange import Headers, values

HEAD_LIMIT = 256 * 1024
"""The most bytes of a response's head, as in Chromium."""
BODY_LIMIT = 256 * 1024
"""The most bytes of a body that are read. A verdict needs none; a fingerprint needs the first few."""

_STATUS_LINE = re.compile(r"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t].*)?", re.IGNORECASE)
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_ILLEGAL = re.compile(r"[\r\n\x00]")


class NotHttp(Exception):  # noqa: N818 - it names what came
    """What came is no HTTP response. The message says how one can tell."""


class Head(Struct, frozen=True):
    """The status and the header fields of a response, in wire order. `keeps`: its version keeps connections open."""

    status: int
    headers: Headers
    keeps: bool = True


def request_bytes(method: str, target: str, headers: Headers, body: bytes | None) -> bytes:
    """Return a request's bytes. Raises `ValueError` where a part would break the message apart."""
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers], "", ""]
    if _ILLEGAL.search("".join(lines)):
        parts = (method, target, *(text for pair in headers for text in pair))
        wrong = next(part for part in parts if _ILLEGAL.search(part))
        raise ValueError(f"{wrong!r} has a line break or a NUL in it, and cannot be sent")
    return "\r\n".join(lines).encode("latin-1", "replace") + (body or b"")


def parse_head(raw: bytes) -> Head:
    """Read a head without its final empty line."""
    first, *lines = raw.decode("latin-1").split("\n")
    status = _read_status(first[:_LONGEST_STATUS].rstrip("\r"))
    if status is None:
        raise NotHttp(f"the answer begins with {first[:40]!r}")
    pairs: list[tuple[str, str]] = []
    for line in lines:
        pair = _read_again(line) if len(line) <= _KEPT else _read_field(line)
        if pair is not None:
            pairs.append(pair)
        elif line[:1] in (" ", "\t") and pairs:
            before, folded = pairs[-1], line.removesuffix("\r").strip(" \t")
            pairs[-1] = (before[0], f"{before[1]} {folded}".strip(" \t"))
    return Head(status[0], tuple(pairs), status[1])


@lru_cache(maxsize=256)
def _read_status(line: str) -> tuple[int, bool] | None:
    """Return the status, and whether its version keeps connections open; None where the line is no status line."""
    found = _STATUS_LINE.fullmatch(line)
    return None if found is None else (int(found[2]), found[1] != "1.0")


def _read_field(line: str) -> tuple[str, str] | None:
    """Return name and value, None for a line that continues another one or that is passed over."""
    name, colon, value = line.removesuffix("\r").partition(":")
    name = name.rstrip(" \t")
    return (name, value.strip(" \t")) if colon and _TOKEN.fullmatch(name) else None


_KEPT = 200
_LONGEST_STATUS = 1024
_read_again = lru_cache(maxsize=4096)(_read_field)
"""Servers send the same lines again and again."""


_NAMED = len("content-encoding")


def decoded(raw: bytes, headers: Headers) -> bytes:
    """Undo gzip and deflate, also of a body that was cut short. Other encodings stay as they are."""
    if not raw or not any(len(name) == _NAMED and name.lower() == "content-encoding" for name, _ in headers):
        return raw
    if ",".join(values(headers, "content-encoding")).lower() not in ("gzip", "x-gzip", "deflate"):
        return raw
    # 47: a gzip or zlib header, whichever is there.
    decoder = zlib.decompressobj(47)
    try:
        return decoder.decompress(raw, BODY_LIMIT)
    except zlib.error:
        return raw
