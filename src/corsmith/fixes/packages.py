"""Packages that a fix needs, added to the list that the project keeps: requirements.txt or package.json."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.nodes import Mapping

from .lines import newline_of
from .yaml_edit import add_entry
from .yaml_source import at, load


def require_python(tree: Tree, near: str, package: str) -> tuple[Edit, ...]:
    """Return the edit that adds `package` to the requirements of the file `near`; none where they have it, or are not kept."""
    for file in _above(near, "requirements.txt"):
        try:
            text = tree.read(file)
        except Unreadable:
            continue
        if re.search(rf"(?im)^\s*{re.escape(package).replace('-', '[-_.]')}\b", text):
            return ()
        newline = newline_of(text)
        joint = "" if not text or text.endswith("\n") else newline
        return (Edit(file, len(text), len(text), f"{joint}{package}{newline}"),)
    return ()


def require_node(tree: Tree, near: str, package: str, version: str) -> tuple[Edit, ...]:
    """Return the edit that adds `package` to the dependencies of the file `near`, where it lacks."""
    for file in _above(near, "package.json"):
        source = load(tree, file) if tree.is_file(file) else None
        if source is None:
            continue
        dependencies = at(source.root, "dependencies")
        if isinstance(dependencies, Mapping):
            return (add_entry(source, dependencies, package, version),) if dependencies.get(package) is None else ()
        return (add_entry(source, source.root, "dependencies", {package: version}),) if dependencies is None else ()
    return ()


def _above(file: str, name: str) -> Iterator[str]:
    folder = posixpath.dirname(file)
    while True:
        yield posixpath.join(folder, name)
        if not folder or folder.endswith(".."):
            return
        folder = posixpath.dirname(folder)
