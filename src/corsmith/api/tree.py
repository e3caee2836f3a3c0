"""The files of a project as text, with an overlay: fixes and unsaved text are tried in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct, field

from .fix import Edit, apply


class Unreadable(Exception):  # noqa: N818 - it names the file's state
    """A file cannot be read as text. `reason` is a phrase: "no such file", "not UTF-8 text"."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class Source(Protocol):
    """Where a Tree's text comes from: a disk (`corsmith.project.disk`) or a mapping in memory.

    Paths are relative to the current folder, with `/`, without `.` and `..` segments where they can be resolved.
    """

    def read(self, path: str) -> str:
        """Return the decoded text, line ends as they are, a byte order mark removed. Raises `Unreadable`."""
        ...

    def is_file(self, path: str) -> bool:
        """Say whether there is a file."""
        ...

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all files under `folder`, build output and dependencies left out, sorted."""
        ...


class Memory(Struct, frozen=True):
    """Files held in memory."""

    files: Mapping[str, str]

    def read(self, path: str) -> str:
        """Return the text at `path`. Raises `Unreadable`."""
        if path not in self.files:
            raise Unreadable(path, "no such file")
        return self.files[path]

    def is_file(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        return path in self.files

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths under `folder` ("." or "" for all)."""
        if folder in ("", "."):
            return tuple(sorted(self.files))
        prefix = folder.rstrip("/") + "/"
        return tuple(sorted(path for path in self.files if path.startswith(prefix)))


class Tree(Struct, frozen=True):
    """Path to text. Readers and handlers read files only through a Tree."""

    source: Source
    overlay: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: str) -> str:
        """Return the text at `path`. Raises `Unreadable`."""
        text = self.overlay.get(path)
        return self.source.read(path) if text is None else text

    def is_file(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        return path in self.overlay or self.source.is_file(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of all files under `folder`."""
        prefix = "" if folder in ("", ".") else folder.rstrip("/") + "/"
        added = {path for path in self.overlay if path.startswith(prefix)}
        there = self.source.list(folder)
        return tuple(sorted(added.union(there))) if added else there

    def with_text(self, path: str, text: str) -> Tree:
        """Return a Tree in which `path` holds `text`."""
        return Tree(self.source, {**self.overlay, path: text})

    def with_edits(self, edits: Iterable[Edit]) -> Tree:
        """Return a Tree in which `edits` are applied.

        Raises `corsmith.api.fix.Conflict` when two of them touch the same text, `Unreadable` when a file is gone.
        """
        by_file: dict[str, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(edit.file, []).append(edit)
        changed = {file: apply(self.read(file), tuple(group)) for file, group in by_file.items()}
        return Tree(self.source, {**self.overlay, **changed})
