"""Answers that are given again: a front door that decides alone decides the same about the same bytes.

A browser's preflights are alike to the last byte. What differs between the answers is put in: the request's identifier
and the date.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import getrandbits

from msgspec import Struct

from .head import date_line

STAMP = len("b983fdf8-65f5-4")
"""Characters of a request's identifier that are different for each: HTTP APIs show no more of it."""

MOST = 256
"""Requests that are remembered."""

LONGEST = 4096
"""Bytes of one."""


class Again(Struct, frozen=True):
    """An answer may be given again. `stamp` is what is unique in it; `tell` is called each time it is given."""

    stamp: str
    tell: Callable[[], None]


class Repeated(Struct):
    """What goes out: the stretches between the stamps, with the date of `dated`."""

    pieces: list[bytes]
    dated: bytes
    tell: Callable[[], None]

    def octets(self) -> bytes:
        """Return the answer as it is now, and tell that it is given."""
        self.tell()
        now = date_line()
        if now is not self.dated:
            self.pieces = [piece.replace(self.dated, now) for piece in self.pieces]
            self.dated = now
        return self.pieces[0] if len(self.pieces) == 1 else stamp().encode().join(self.pieces)


class Memory:
    """The answers of one listener, by the bytes of the request."""

    def __init__(self) -> None:
        self._known: dict[bytes, Repeated] = {}

    def take(self, asked: bytes, transport: asyncio.Transport) -> bool:
        """Answer what was answered before; say whether it was."""
        known = self._known.get(asked)
        if known is None:
            return False
        transport.write(known.octets())
        return True

    def keep(self, asked: bytes, answer: bytes, again: Again) -> None:
        """Remember `answer`."""
        if len(asked) <= LONGEST:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[asked] = Repeated(answer.split(again.stamp.encode()), date_line(), again.tell)

    def forget(self) -> None:
        """Forget all: the front door is another one."""
        self._known.clear()


def stamp() -> str:
    """Return what no other request's identifier begins with: "b983fdf8-65f5-4"."""
    return f"{getrandbits(32):08x}-{getrandbits(16):04x}-4"


def request_id() -> str:
    """Return an identifier as AWS gives to each request (a random UUID)."""
    digits = f"{getrandbits(120):030x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:]}"
