"""What is built once for each front door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Calls `build` once for each object, known by identity: hashing a whole front door would cost more than routing.

    The latest `limit` objects are kept alive, so that an identity is never that of another object.
    """

    __slots__ = ("_build", "_entries", "_limit")

    def __init__(self, build: Callable[[K], V], limit: int = 256) -> None:
        self._build = build
        self._limit = limit
        self._entries: dict[int, tuple[K, V]] = {}

    def __call__(self, key: K) -> V:
        """Return what `build` made of `key`."""
        entry = self._entries.get(id(key))
        if entry is not None:
            return entry[1]
        value = self._build(key)
        if len(self._entries) >= self._limit:
            del self._entries[next(iter(self._entries))]
        self._entries[id(key)] = (key, value)
        return value
