"""The templates that a target names: a file, or every template in a folder."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from corsmith.api.tree import Tree, Unreadable
from corsmith.readers import included, is_program, recognise
from corsmith.readers.terraform.recognise import is_configuration, main_of, roots

ENDINGS = (".yaml", ".yml", ".json", ".template")


class Found(Struct, frozen=True):
    """The templates to read, and what was looked at and passed over."""

    templates: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


def discover(tree: Tree, target: str) -> Found:
    """Return the templates under `target`. Raises `Unreadable` when there is nothing of that name."""
    if not target.strip():
        # The path of nothing is the current folder; what was meant is an empty variable of some script.
        raise Unreadable("''", "names nothing; the current folder is .")
    path = posixpath.normpath(target)
    if tree.is_file(path):
        return Found((_module(tree, path) if is_configuration(path) else path,))
    files = tree.list(path)
    if not files:
        raise Unreadable(target, _nothing(tree, path))
    modules, others = roots(tree, files)
    templates = list(modules)
    passed_over = list(others)
    services: list[str] = []
    for file in files:
        if is_configuration(file):
            continue
        if file.endswith(ENDINGS) or is_program(file):
            try:
                known = recognise(tree.read(file), file)
            except Unreadable as error:
                passed_over.append(str(error))
                continue
            (templates if known else passed_over).append(file)
            if known == "serverless":
                services.append(file)
    parts = _parts(tree, services, templates)
    return Found(tuple(t for t in templates if t not in parts), (*passed_over, *parts))


def _nothing(tree: Tree, path: str) -> str:
    """Return why there is nothing to check at `path`, which is no file and holds none."""
    try:
        tree.read(path)
    except Unreadable as error:
        there = {"is a folder": "a folder without files", "no such file": "no such file or folder"}
        return there.get(error.reason, error.reason)
    return "no such file or folder"


def _parts(tree: Tree, services: list[str], templates: list[str]) -> tuple[str, ...]:
    """Return the templates that Serverless services take in: they are read with them."""
    patterns = {pattern for file in services for pattern in included(tree.read(file), file)}
    others = set(templates) - set(services)
    return tuple(file for file in templates if file in others and any(re.fullmatch(each, file) for each in patterns))


def _module(tree: Tree, path: str) -> str:
    """The file that stands for a module: the same for each of the module's files."""
    folder = posixpath.dirname(path)
    beside = [file for file in tree.list(folder or ".") if posixpath.dirname(file) == folder and is_configuration(file)]
    return main_of([path, *beside])
