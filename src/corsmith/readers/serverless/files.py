"""The files that a service is put together of, and what is wrong with them."""

from __future__ import annotations

import posixpath

from msgspec import Struct, field

from corsmith.api.model import Problem
from corsmith.api.span import Span, locate
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.document import parse
from corsmith.readers.nodes import Node, Scalar

from .parts import Unresolved, unresolved

MOST_FILES = 1_000
MOST_PROBLEMS = 100
"""How many files a service may take in, and how many of its problems are told."""

_PROGRAMS = (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts")
_DOCUMENTS = (".yml", ".yaml", ".json", ".tfstate")


class Files(Struct):
    """The files of the service at `path`: names are relative to its folder."""

    tree: Tree
    path: str
    problems: list[Problem] = field(default_factory=list)
    _read: dict[str, Node] = field(default_factory=dict)

    def content(self, name: str, span: Span) -> Node | None:
        """Return what a file holds: its document, or its text; None where there is no such file.

        `span` is where the file is asked for. Only files within the folder that is checked are read, and none is run.
        """
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), name.replace("\\", "/")))
        if not name or path.startswith(("/", "~", "../")) or path == "..":
            return self.refused(span, f"{name or 'the file'} is not within the folder that is checked")
        if path.endswith(_PROGRAMS):
            return unresolved(f"{path} is a program, and none is run", span)
        if path not in self._read:
            if not self.tree.is_file(path):
                return None
            if len(self._read) >= MOST_FILES:
                return self.refused(span, f"the service is put together of more than {MOST_FILES:,} files")
            self._read[path] = self._loaded(path, span)
        return self._read[path]

    def _loaded(self, path: str, span: Span) -> Node:
        try:
            text = self.tree.read(path)
        except Unreadable as error:
            return self.refused(span, f"{path} cannot be read: {error.reason}")
        if not path.endswith(_DOCUMENTS):
            return Scalar(text, span)
        document = parse(text, path)
        self.problems += document.problems
        return document.root or unresolved(f"{path} cannot be read", span)

    def text(self, path: str) -> str:
        """Return a file's text, "" where it cannot be read."""
        try:
            return self.tree.read(path).removeprefix("\ufeff")
        except Unreadable:
            return ""

    def refused(self, span: Span, because: str) -> Unresolved:
        """Return a value that cannot be read, and note a problem at its place."""
        if len(self.problems) >= MOST_PROBLEMS:
            return unresolved(because, span)
        try:
            place = locate(span, self.tree.read(span.file).removeprefix("\ufeff"))
        except Unreadable:
            return unresolved(because, span)
        problem = Problem(span.file, place.line, place.column, f"cannot be read: {because}")
        if problem not in self.problems:
            self.problems.append(problem)
        return unresolved(because, span)
