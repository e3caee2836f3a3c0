"""The head of a response as bytes: names keep their case, order and duplicates, and cannot break the framing."""

from __future__ import annotations

import re
import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from .message import Outgoing

CLOSE = b"connection: close\r\n"
KEEP_ALIVE = b"connection: keep-alive\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"

_FRAMING = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding"})
# A name that is none would make the whole answer unreadable.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_REASONS = {status.value: status.phrase.encode() for status in HTTPStatus}
_ONE_LINE = bytes.maketrans(b"\r\n\0", b"   ")
_dated = (0, b"")


def head(answer: Outgoing, framing: bytes, connection: bytes) -> bytes:
    """Return status line and header lines; `framing` and `connection` are lines that the connection decides."""
    lines = [b"HTTP/1.1 %d %b\r\n" % (answer.status, _REASONS.get(answer.status, b"Unknown"))]
    dated = False
    for name, value in answer.headers:
        begun = _begun(name)
        if begun:
            dated = dated or (len(begun) == 6 and begun.lower() == b"date: ")
            lines += (begun, _octets(value), b"\r\n")
    if not dated:
        lines.append(date_line())
    return b"".join((*lines, framing, connection, b"\r\n"))


def refusal(status: int) -> Outgoing:
    """Return the plain answer to what never reaches a front door."""
    return Outgoing(status, (("content-type", "text/plain"),), _REASONS[status] + b"\n")


@lru_cache(maxsize=1024)
def _begun(name: str) -> bytes:
    """Return the beginning of a header line, nothing for names that may not leave."""
    lowered = name.lower()
    if lowered in _FRAMING or not _TOKEN.fullmatch(name):
        return b""
    return name.encode("ascii") + b": "


def _octets(text: str) -> bytes:
    # A line feed in a value would begin a header of the function's choice.
    octets = text.encode("ascii") if text.isascii() else _wide(text)
    return octets if octets.isalnum() else octets.translate(_ONE_LINE)


def _wide(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def date_line() -> bytes:
    """Return the line that says the date: the same object for a second."""
    global _dated
    now = int(time.time())
    if _dated[0] != now:
        _dated = (now, b"date: %b\r\n" % formatdate(now, usegmt=True).encode())
    return _dated[1]
