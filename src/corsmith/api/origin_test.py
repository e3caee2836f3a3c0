"""How code decides whether an Origin is allowed, told apart so that a hole can be named."""

from __future__ import annotations

import re

from msgspec import Struct


class OriginTest(Struct, frozen=True):
    """A test of an Origin.

    `kind`: "any"; "list" (one of `items`, exactly); "regex" (`items` are Python patterns, `anchored` "full", "start" or
    "none"); "suffix", "prefix", "substring" (of `items`); "within" (it is part of one of `items`); "either" (one of
    `tests` passes); "unknown".
    """

    kind: str
    items: tuple[str, ...] = ()
    anchored: str = "none"
    tests: tuple[OriginTest, ...] = ()

    def admits(self, origin: str) -> bool | None:
        """Say whether `origin` passes; None where the test could not be read."""
        if self.kind == "any":
            return True
        if self.kind == "list":
            return origin in self.items
        if self.kind == "suffix":
            return origin.endswith(self.items)
        if self.kind == "prefix":
            return origin.startswith(self.items)
        if self.kind == "substring":
            return any(item in origin for item in self.items)
        if self.kind == "either":
            answers = [test.admits(origin) for test in self.tests]
            return True if True in answers else None if None in answers else False
        if self.kind == "within":
            return any(origin in item for item in self.items)
        if self.kind == "regex":
            return self._matches(origin)
        return None

    def _matches(self, origin: str) -> bool | None:
        how = {"full": re.fullmatch, "start": re.match, "none": re.search}[self.anchored]
        try:
            return any(how(pattern, origin) is not None for pattern in self.items)
        except re.error:
            return None
