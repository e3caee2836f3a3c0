"""What is served: the front doors and functions of a project's templates, and the files they come from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from corsmith.api.function import Function
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.project.discover import ENDINGS, discover
from corsmith.project.disk import LEFT_OUT, Disk
from corsmith.readers import Settings, read
from corsmith.readers.terraform.recognise import is_configuration

IGNORED = (".log", ".pyc", ".swp", "~")
"""Endings of files that no function is made of, though they may be written to its folder at any time."""

Stamp = dict[str, tuple[int, int]]
"""Path to time of change (nanoseconds) and size."""


class Project(Struct, frozen=True):
    """What the templates under a target deploy. `problems` are sentences for people.

    `files` are those that were read, `folders` those in which templates and modules were looked for.
    """

    apis: tuple[Api, ...]
    files: tuple[str, ...]
    folders: tuple[str, ...]
    problems: tuple[str, ...]

    def front_doors(self, wanted: str | None) -> tuple[tuple[Api, FrontDoor], ...]:
        """Return the front doors, each with its template; only those of that logical id or kind when one is wanted."""
        pairs = ((api, front_door) for api in self.apis for front_door in api.front_doors)
        return tuple(pair for pair in pairs if wanted is None or wanted in (pair[1].name, pair[1].kind))

    def depends_on(self, path: str) -> bool:
        """Say whether a change of `path` may change what is deployed: a new file can be a template, or a part of one."""
        return path in self.files or path.endswith(ENDINGS) or is_configuration(path)


def read_project(target: str, settings: Settings) -> Project:
    """Read every template under `target`. Raises `corsmith.api.tree.Unreadable` when there is nothing."""
    disk = Disk()
    tree = Tree(disk)
    found = discover(tree, target)
    read_in = [(template, read(tree, template, settings)) for template in found.templates]
    apis = tuple(api for _, api in read_in if api is not None)
    problems = [f"{template} is no template of a known kind" for template, api in read_in if api is None]
    problems += [f"{each.by} will refuse to deploy it: {each.message}" for api in apis for each in api.refused]
    problems += [f"{each.file}:{each.line}:{each.column}: {each.message}" for api in apis for each in api.problems]
    return Project(apis, tuple(disk.seen), tuple(folder or "." for folder in disk.listed), tuple(problems))


def code_folder(function: Function) -> Path | None:
    """Return the folder a function's code is in, None where the template does not say."""
    if not isinstance(function.code, Known):
        return None
    place = Path(function.code.value).resolve()
    return place.parent if place.is_file() else place


def stamps(places: Iterable[str | Path]) -> Stamp:
    """Return the state of every file at or under `places`, build output and dependencies left out."""
    return dict(entry for place in places for entry in _stamps(str(place)))


def _stamps(place: str) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        if not os.path.isdir(place):  # noqa: PTH112 - a Path for each file would take most of the time
            state = os.stat(place)  # noqa: PTH116
            yield place, (state.st_mtime_ns, state.st_size)
            return
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in LEFT_OUT:
                        yield from _stamps(entry.path)
                elif not entry.name.endswith(IGNORED):
                    state = entry.stat()
                    yield entry.path, (state.st_mtime_ns, state.st_size)
    except OSError:
        # Gone between the listing and the look, or not readable: then it has no state.
        return
