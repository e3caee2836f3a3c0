"""The templates that a target names: a file, or every template in a folder."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from corsmith.api.tree import Tree, Unreadable
from corsmith.readers import is_program, recognise

ENDINGS = (".yaml", ".yml", ".json", ".template")


class Found(Struct, frozen=True):
    """The templates to read, and what was looked at and passed over."""

    templates: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def discover(tree: Tree, target: str) -> Found:
    """Return the templates under `target`. Raises `Unreadable` when there is nothing of that name."""
    path = posixpath.normpath(target)
    if tree.is_file(path):
        return Found((path,))
    files = tree.list(path)
    if not files:
        raise Unreadable(target, "no such file or folder, or an empty one")
    templates: list[str] = []
    passed_over: list[str] = []
    for file in files:
        if file.endswith(ENDINGS) or is_program(file):
            try:
                known = recognise(tree.read(file), file)
            except Unreadable as error:
                passed_over.append(str(error))
                continue
            (templates if known else passed_over).append(file)
    return Found(tuple(templates), tuple(passed_over))
