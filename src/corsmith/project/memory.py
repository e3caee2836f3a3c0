"""What was worked out from files stays known until one of these files changes: proofs cost what they change."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from msgspec import Struct, field

from corsmith.api.tree import Tree, Unreadable

T = TypeVar("T")
Key = tuple[Any, ...]
"""What was worked out: its kind, then what it is of."""


class _Watched(Struct, frozen=True):
    """A Tree's source that notes what is read."""

    tree: Tree
    read_texts: dict[str, str | None] = field(default_factory=dict)

    def read(self, path: str) -> str:
        self.read_texts[path] = None
        text = self.tree.read(path)
        self.read_texts[path] = text
        return text

    def is_file(self, path: str) -> bool:
        return self.tree.is_file(path)

    def list(self, folder: str) -> tuple[str, ...]:
        return self.tree.list(folder)


class _Result(Struct, frozen=True):
    """Something worked out, with the texts it was made from. `of`: the objects that its key knows by their identity."""

    value: Any
    texts: dict[str, str | None]
    of: tuple[object, ...]


class Memory(Struct):
    """Results by key, each with the files that it was made from. Edits change files; they neither add nor remove any."""

    _known: dict[Key, tuple[_Result, ...]] = field(default_factory=dict)
    _asked: dict[Key, _Result] = field(default_factory=dict)
    _readers: dict[str, set[Key]] | None = None

    def recall(self, key: Key, tree: Tree, make: Callable[[Tree], T], of: tuple[object, ...] = ()) -> T:
        """Return what `make` gives for `tree`: remembered where the files it read have the same text.

        `of` are the objects whose identities `key` holds: they live as long as what is known of them.
        """
        kept = self._known.get(key, ())
        for result in kept:
            if not result.texts or all(_text(tree, path) == text for path, text in result.texts.items()):
                self._asked[key] = result
                remembered: T = result.value
                return remembered
        watched = _Watched(tree)
        value = make(Tree(watched))
        result = self._asked[key] = _Result(value, watched.read_texts, of)
        self._known[key] = (*kept, result)
        self._readers = None
        return value

    def branch(self) -> Memory:
        """Return a memory that knows what this one does. What it learns goes when it goes: most trials lead nowhere."""
        return Memory(dict(self._known))

    def asked_again(self) -> Memory:
        """Return a memory of what was asked for since this one began: the rest is about files as they were."""
        return Memory({key: (result,) for key, result in self._asked.items()})

    def touched(self, files: Collection[str]) -> set[Key]:
        """Return the keys of what was made from one of `files`."""
        if self._readers is None:
            self._readers = {}
            for key, kept in self._known.items():
                for result in kept:
                    for path in result.texts:
                        self._readers.setdefault(path, set()).add(key)
        return {key for path in files for key in self._readers.get(path, ())}


def _text(tree: Tree, path: str) -> str | None:
    try:
        return tree.read(path)
    except Unreadable:
        return None
