"""A call that front-end code in the project makes."""

from __future__ import annotations

from msgspec import Struct

from .span import Span


class SentHeader(Struct, frozen=True):
    """A request header that a script sets. `name` is in lower case; `value` None: not known."""

    name: str
    value: str | None
    span: Span


class Hole(Struct, frozen=True):
    """A part of an address that is not known; `name` is what the code calls it, "" where it has no name."""

    name: str = ""


Pieces = tuple[str | Hole, ...]
"""An address: texts, and what stands between them."""


class PageCall(Struct, frozen=True):
    """A call by a script. `method` is in upper case; `by` names the function or library: "fetch", "axios"."""

    span: Span
    by: str
    method: str
    url: Pieces
    headers: tuple[SentHeader, ...] = ()
    credentials: bool = False
