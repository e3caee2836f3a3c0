"""What changes while a project is served: its templates, and the code of its functions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from corsmith.api.function import Function
from corsmith.api.value import Known
from corsmith.project.disk import LEFT_OUT

from .project import Project

IGNORED = (".log", ".pyc", ".swp", "~")
"""Endings of files that no function is made of, though they may be written to its folder at any time."""

Stamp = tuple[int, int]
"""A file's time of change (nanoseconds) and size."""


class Change(Struct, frozen=True):
    """The paths that changed. `folders` are those of the functions, by name."""

    paths: frozenset[str]
    folders: dict[str, tuple[Path, ...]]

    def touches(self, function: Function) -> bool:
        """Say whether `function` is made of something that changed: what is no other function's may be everyone's."""
        own = self.folders.get(function.name, ())
        all_of_them = {folder for folders in self.folders.values() for folder in folders}
        return any(_inside(path, own) or not _inside(path, all_of_them) for path in map(_resolved, self.paths))

    def __str__(self) -> str:
        """Return the names of the first files: "app.py, template.yaml, …"."""
        names = sorted({Path(path).name for path in self.paths})
        return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


class Watch:
    """Remembers the files of a project as they were at the last look."""

    def __init__(self) -> None:
        self._stamps: dict[str, Stamp] = {}

    def look(self, project: Project) -> Change | None:
        """Return what changed since the last look, None where nothing did."""
        folders = {each.name: tuple(_folders(each)) for api in project.apis for each in api.functions}
        places = {str(folder) for each in folders.values() for folder in each}
        before, self._stamps = self._stamps, _all_stamps({*project.files, *project.folders, *places})
        if before == self._stamps:
            return None
        return Change(frozenset(path for path, _ in before.items() ^ self._stamps.items()), folders)


def _folders(function: Function) -> Iterator[Path]:
    """Yield where a function's code is, and its layers'."""
    for code in (function.code, *function.layers):
        if isinstance(code, Known):
            place = Path(str(code.value)).resolve()
            yield place.parent if place.is_file() else place


def _resolved(path: str) -> Path:
    return Path(path).resolve()


def _inside(path: Path, folders: tuple[Path, ...] | set[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)


def _all_stamps(places: set[str]) -> dict[str, Stamp]:
    """Return the state of every file at or under `places`, build output and dependencies left out."""
    return dict(entry for place in _outermost(places) for entry in _stamps(place))


def _outermost(places: set[str]) -> list[str]:
    """Leave out what is seen anyway, inside of another place."""
    kept: list[str] = []
    for place in sorted(map(os.path.realpath, places), key=len):
        inside = (place[len(each) + 1 :] for each in kept if place.startswith(each + os.sep))
        if place not in kept and all(LEFT_OUT.intersection(Path(rest).parts) for rest in inside):
            kept.append(place)
    return kept


def _stamps(place: str) -> Iterator[tuple[str, Stamp]]:
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
