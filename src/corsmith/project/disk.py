"""Files on disk as a Tree's source, and edits written back to them."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from corsmith.api.tree import Unreadable

from .encodings import decoded, encoded

LARGEST = 10 * 1024 * 1024
"""Bytes; a larger file is no template or handler that a person wrote."""

LEFT_OUT = frozenset(
    {
        ".aws-sam",
        ".git",
        ".hg",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".serverless",
        ".terraform",
        ".terragrunt-cache",
        ".tox",
        ".venv",
        "__pycache__",
        "node_modules",
        "site-packages",
        "venv",
    }
)
"""Folders of build output and of other people's code."""

_KINDS = {
    stat.S_IFDIR: "is a folder",
    stat.S_IFIFO: "is a pipe, no file",
    stat.S_IFSOCK: "is a socket, no file",
    stat.S_IFCHR: "is a device, no file",
    stat.S_IFBLK: "is a device, no file",
}
_BOM = "\ufeff"


class Disk(Struct, frozen=True):
    """The files under the current folder, and wherever a path with `..` leads.

    What was read or listed once stays as it was: a fix is judged against the text that was checked, and `write` refuses
    a file that changed since.
    """

    seen: dict[str, str] = field(default_factory=dict)
    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    there: dict[str, bool] = field(default_factory=dict)

    def read(self, path: str) -> str:
        """Return the text at `path`, line ends as they are, without a byte order mark. Raises `Unreadable`."""
        if path not in self.seen:
            self.seen[path] = _decoded(path, _content(path)).removeprefix(_BOM)
        return self.seen[path]

    def is_file(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        found = self.there.get(path)
        if found is None:
            found = self.there[path] = path in self.seen or os.path.isfile(path)  # noqa: PTH113 - asked ten thousand times
        return found

    def list(self, folder: str) -> tuple[str, ...]:
        """Return the paths of the files under `folder`, sorted; build output and dependencies are left out."""
        if folder not in self.listed:
            self.listed[folder] = tuple(sorted(_walk(folder or ".")))
        return self.listed[folder]


def refuse(path: str, before: str) -> None:
    """Raise `Unreadable` where `write` would: the file's text is no longer `before`, or nobody may write it."""
    if _decoded(path, _content(path)).removeprefix(_BOM) != before:
        raise Unreadable(path, "changed since it was read; nothing was written. Run the command again")
    if not os.access(Path(path).resolve(), os.W_OK):
        raise Unreadable(path, "is read-only; nothing was written")


def write(path: str, before: str, after: str) -> None:
    """Replace the file's text by `after`: beside it first, then renamed over it, so that it is never half written.

    It stays in the encoding that it had. Raises `Unreadable` when its text is no longer `before`, `OSError` when it cannot
    be written.
    """
    import tempfile  # here, because reading alone must start fast

    refuse(path, before)
    data = _content(path)
    mark = _BOM if _decoded(path, data).startswith(_BOM) else ""
    try:
        written = encoded(path, data, mark + after)
    except UnicodeEncodeError as error:
        raise Unreadable(path, f"{error.encoding} has no letter for what is to be written; nothing was") from None
    # The file behind a symbolic link is the one to replace; the link stays.
    target = Path(path).resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise


def _decoded(path: str, data: bytes) -> str:
    try:
        return decoded(path, data)
    except UnicodeDecodeError as error:
        name = "UTF-8" if error.encoding == "utf-8" else error.encoding
        raise Unreadable(path, f"not {name} text (byte {error.start})") from None


def _content(path: str) -> bytes:
    try:
        found = _stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable(path, _KINDS.get(stat.S_IFMT(found.st_mode), "is no file"))
        if found.st_size > LARGEST:
            raise Unreadable(path, f"larger than {LARGEST // (1024 * 1024)} MiB")
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        raise Unreadable(path, (error.strerror or str(error)).lower()) from None


def _stat(path: str) -> os.stat_result:
    """Return what is known of a file. Raises `Unreadable` where there is none, `OSError` where that cannot be told."""
    try:
        return os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP):
            raise
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            raise Unreadable(path, "is a symbolic link that leads back to itself") from None
        is_link = not isinstance(error, ValueError) and os.path.islink(path)  # noqa: PTH114 - as above
        raise Unreadable(path, "is a symbolic link that leads nowhere" if is_link else "no such file") from None


def _walk(folder: str) -> Iterator[str]:
    # os.walk does not follow links to folders, so a loop of links ends.
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LEFT_OUT)
        for name in files:
            yield os.path.relpath(Path(root, name)).replace(os.sep, "/")
