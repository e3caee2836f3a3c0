"""HTTP/1.1 as browsers take it: a request's bytes out, a response's head in (its body: `incoming.py`).

h11 refuses control characters and odd header lines that browsers accept, and an answer that a browser takes must not
become a network error here; so the head is read by the lenient rules that browsers share: lines end with LF, a
folded line continues the one before, a line without a colon or with a bad name is passed over, spaces and tabs around
a value do not count.
"""

from __future__ import annotations

import re
import zlib

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
    status = _STATUS_LINE.fullmatch(first.rstrip("\r"))
    if status is None:
        raise NotHttp(f"the answer begins with {first[:40]!r}")
    pairs: list[tuple[str, str]] = []
    for line in (line.removesuffix("\r") for line in lines):
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t"):
            if pairs:
                before, folded = pairs[-1], line.strip(" \t")
                pairs[-1] = (before[0], f"{before[1]} {folded}".strip(" \t"))
        elif colon and _TOKEN.fullmatch(name.rstrip(" \t")):
            pairs.append((name.rstrip(" \t"), value.strip(" \t")))
    return Head(int(status[2]), tuple(pairs), status[1] != "1.0")


def decoded(raw: bytes, headers: Headers) -> bytes:
    """Undo gzip and deflate, also of a body that was cut short. Other encodings stay as they are."""
    if ",".join(values(headers, "content-encoding")).lower() not in ("gzip", "x-gzip", "deflate"):
        return raw
    # 47: a gzip or zlib header, whichever is there.
    decoder = zlib.decompressobj(47)
    try:
        return decoder.decompress(raw, BODY_LIMIT)
    except zlib.error:
        return raw
