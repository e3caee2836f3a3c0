"""HTTP/1.1 bytes as the local server reads and writes them.

Requests come from browsers, so they are well formed and never chunked (no browser streams a body over HTTP/1.1).
Answers are written by hand: what a case says is what goes out, duplicates, spaces, letter case and odd bytes included.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from msgspec import Struct

Pairs = tuple[tuple[str, str], ...]

HEAD_LIMIT = 1 << 20
"""The most bytes a request's head may have. Browsers stop far below."""

_WITHOUT_BODY = (204, 205, 304)
_BODY = b"ok"


class Heard(Struct, frozen=True):
    """A request as it came, and its bytes. `scheme` is "https" when it came over TLS."""

    scheme: str
    method: str
    path: str
    headers: Pairs
    raw: bytes

    def header(self, name: str) -> str | None:
        """Return the value of the first field called `name` (lower case), or None."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def origin(self) -> str:
        """The origin of the requested URL, as the browser serialises it."""
        return f"{self.scheme}://{(self.header('host') or '').lower()}"


async def read_request(reader: asyncio.StreamReader, scheme: str) -> Heard | None:
    """Read one request with its body. Return None when the browser has closed the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head[:-4].decode("latin-1").split("\r\n")
        method, path, _version = first.split(" ", 2)
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        return None
    return Heard(scheme, method, path, headers, head + body)


def answer_bytes(answer: Mapping[str, Any], method: str) -> bytes:
    """Return the bytes of a case's answer (`status`, `headers`).

    A `content-length` and a short body are added where the status allows one and the case frames no body itself.
    """
    status = int(answer["status"])
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in answer["headers"])]
    with_body = status >= 200 and status not in _WITHOUT_BODY
    if with_body and not frames_itself(answer["headers"]):
        lines.append(f"content-length: {len(_BODY)}")
    head = _encoded("\r\n".join(lines)) + b"\r\n\r\n"
    return head + _BODY if with_body and method != "HEAD" else head


def frames_itself(headers: Iterable[tuple[str, str]]) -> bool:
    """Tell whether an answer's headers say themselves where its body ends."""
    return any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers)


def page_bytes(*, sandboxed: bool) -> bytes:
    """Return an empty page. A sandboxed one has an opaque origin, `null`."""
    # Without an icon of its own, the browser would ask the page's host for one.
    body = b'<!doctype html><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">'
    sandbox = "Content-Security-Policy: sandbox allow-scripts\r\n" if sandboxed else ""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{sandbox}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode("ascii") + body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"


def _encoded(text: str) -> bytes:
    """Headers are latin-1, one character a byte; text beyond it goes out as UTF-8, as servers send it."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
