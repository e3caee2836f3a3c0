"""A disk that knows when its files are no longer what they were: a process that stays sees what other programs write."""

from __future__ import annotations

import os

from msgspec import field

from .disk import LEFT_OUT, Disk

Stamp = tuple[int, int, int]
"""When a file was changed, in nanoseconds; its size; its number in the file system."""


class WatchedDisk(Disk, frozen=True):
    """A Disk with the stamps of what it read and listed. `is_new`: nothing of what was there before is known of it."""

    is_new: bool = True
    stamps: dict[str, Stamp | None] = field(default_factory=dict)
    folders: dict[str, int] = field(default_factory=dict)

    def read(self, path: str) -> str:
        """Return the text at `path`. Raises `Unreadable`."""
        if path not in self.seen:
            self.stamps[path] = _stamp(path)
        return super().read(path)

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files under `folder`."""
        if folder not in self.listed:
            self.folders.update(_folders(folder or "."))
        return super().list(folder)

    def renewed(self) -> WatchedDisk:
        """Return the disk as it is now: the same texts where files have not changed, and nothing where files came or went."""
        if any(os.path.isfile(path) is not was for path, was in self.there.items()):  # noqa: PTH113 - there are thousands
            return WatchedDisk()
        if any(_changed_at(folder) != at for folder, at in self.folders.items()):
            # A file that is replaced changes its folder too, and takes nothing away.
            fresh = WatchedDisk()
            if any(fresh.list(folder) != files for folder, files in self.listed.items()):
                return WatchedDisk()
            folders = fresh.folders
        else:
            folders = self.folders
        seen = {path: text for path, text in self.seen.items() if _stamp(path) == self.stamps.get(path)}
        stamps = {path: self.stamps[path] for path in seen}
        return WatchedDisk(
            seen, dict(self.listed), dict(self.there), is_new=False, stamps=stamps, folders=dict(folders)
        )


def _stamp(path: str) -> Stamp | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for each file at each check
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _changed_at(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns  # noqa: PTH116
    except OSError:
        return -1


def _folders(folder: str) -> dict[str, int]:
    found = {}
    for root, folders, _ in os.walk(folder):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        found[root] = _changed_at(root)
    return found
