"""Summaries are remembered with what was looked at for them, and used again while all of that is as it was.

A fix is tried by changing one file in memory: the handlers that did not look at it need not be read again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from msgspec import Struct, field

from corsmith.api.outcome import HandlerSummary
from corsmith.api.tree import Tree, Unreadable

_ENTRIES_AT_MOST = 4096


class Asked(Struct, eq=False):
    """What was asked of a tree, and answered."""

    there: dict[str, bool] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)


class Watched(Struct):
    """A tree that notes what is asked of it: for the whole run, and for each of the `notes` that are being taken."""

    tree: Tree
    there: dict[str, bool] = field(default_factory=dict)
    texts: dict[str, str | None] = field(default_factory=dict)
    notes: list[Asked] = field(default_factory=list)

    def is_file(self, path: str) -> bool:
        """Say whether there is a file."""
        found = self.there.get(path)
        if found is None:
            found = self.there[path] = self.tree.is_file(path)
        for each in self.notes:
            each.there[path] = found
        return found

    def read(self, path: str) -> str:
        """Return the text at `path`. Raises `Unreadable`."""
        self._note(path, None)
        text = self.tree.read(path)
        self._note(path, text)
        return text

    def _note(self, path: str, text: str | None) -> None:
        self.texts[path] = text
        for each in self.notes:
            each.texts[path] = text

    def again(self, paths: tuple[str, ...]) -> None:
        """Note files that were read before, and are made use of again."""
        for each in self.notes:
            each.there.update((path, self.there[path]) for path in paths if path in self.there)
            each.texts.update((path, self.texts[path]) for path in paths if path in self.texts)

    def is_as_it_was(self, tree: Tree) -> bool:
        """Say whether `tree` would answer all that was asked as it was answered."""
        return all(tree.is_file(path) is there for path, there in self.there.items()) and all(
            _text(tree, path) == text for path, text in self.texts.items()
        )


def _text(tree: Tree, path: str) -> str | None:
    try:
        return tree.read(path)
    except Unreadable:
        return None


class Remembered:
    """Summaries by what they are of; the oldest go first."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, tuple[Watched, HandlerSummary]] = {}

    def summary(self, key: Hashable, tree: Tree, read: Callable[[Watched], HandlerSummary]) -> HandlerSummary:
        """Return the summary of `key` in `tree`, by `read` where it is not known or no longer right."""
        known = self._entries.get(key)
        if known is not None and known[0].is_as_it_was(tree):
            return known[1]
        watched = Watched(tree)
        made = read(watched)
        self._entries.pop(key, None)
        self._entries[key] = (watched, made)
        while len(self._entries) > _ENTRIES_AT_MOST:
            del self._entries[next(iter(self._entries))]
        return made
