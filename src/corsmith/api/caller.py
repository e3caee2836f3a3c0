"""For whom a project is checked: a page's origin, and the call that its script makes."""

from __future__ import annotations

from msgspec import Struct

from .exchange import Headers
from .span import Span


class Caller(Struct, frozen=True):
    """One kind of call. `credentials` is the Fetch Standard's mode: "omit", "same-origin" or "include"."""

    origin: str
    method: str
    headers: Headers = ()
    credentials: str = "same-origin"
    body: bytes | None = None
    set_at: tuple[tuple[str, Span], ...] = ()
    """Where the project's pages set headers of this call, by their names in lower case."""


class CallerFlags(Struct, frozen=True):
    """What the command line says of the caller. Each flag that is given replaces what is derived from the project."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: Headers | None = None
    credentials: bool | None = None
    path: str | None = None
