"""What the project's pages need of a front door: the one policy that front door and code are made to agree with."""

from __future__ import annotations

from msgspec import Struct


class Wanted(Struct, frozen=True):
    """The origins, methods and request headers that must be let through, and whether with credentials.

    `headers` are lower-case names, sorted; `methods` are sorted.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    credentials: bool
