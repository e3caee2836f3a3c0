"""What the project's pages need of a front door: the one policy that front door and code are made to agree with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """The origins, methods and request headers that must be let through, and whether with credentials.

    `headers` are lower-case names, sorted; `methods` are sorted.
    """

    origins: tuple[str, ...]
    methods: tuple[str, ...]
    headers: tuple[str, ...]
    credentials: bool
