"""The undo file: what a run was about to do, did, and found, written before each step, so that it holds after a crash.

A call is noted as started before it is sent. Whatever ends the run, the file then names every call that may have taken
effect, what was there before, and what the call was to make of it.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from .plan.call import Call, Json, Request, Thing
from .plan.same import covers, same

SCHEMA = "corsmith-undo/1"
_PARTS = {
    "method": 2,
    "gateway-response": 1,
    "stage": 1,
    "http-cors": 0,
    "route": 1,
    "new-route": 1,
    "http-stage": 1,
    "url-cors": 1,
    "permission": 2,
}
"""Kind of a thing to how many parts name it, as `corsmith.account.plan.call.Thing` has them."""
Status = Literal["planned", "started", "done", "already", "failed", "undoing", "undone"]


class Entry(Struct):
    """A call. `before`: what was there when it was sent. `expected`: what it, or its undoing, was to leave; `seen`: what was
    found after it.

    `already`: what it was to do was done, and not by this run. `failed`: it took no effect.
    """

    thing: Thing
    request: Request
    why: tuple[str, ...]
    before: Json | None
    expected: list[Json | None]
    seen: list[Json | None] = field(default_factory=list)
    status: Status = "planned"

    @property
    def counts(self) -> bool:
        """Whether it may have taken effect, and was not undone."""
        return self.status in ("started", "done", "undoing")

    def left(self, found: Json | None) -> bool:
        """Say whether this run may have left its thing as it was found.

        Where AWS was not seen after the call, what AWS adds by itself is not known, and does not count.
        """
        kind = self.thing.kind
        if any(same(kind, found, each) for each in (self.before, *self.seen)):
            return True
        return self.status != "done" and any(covers(kind, found, each) for each in self.expected)


class UndoFile(Struct):
    """What a run does. `token` marks its deployments."""

    token: str
    entries: list[Entry]
    schema: str = SCHEMA


class NotAnUndoFile(Exception):  # noqa: N818 - it names a state
    """The file cannot be used. The message is a phrase."""


def planned(calls: Iterable[Call], token: str) -> UndoFile:
    """Return the file of a run that has done nothing yet."""
    return UndoFile(token, [Entry(each.thing, each.request, each.why, each.before, [each.after]) for each in calls])


def save(file: UndoFile, path: Path) -> None:
    """Write the file, whole or not at all, and on the disk before this returns. Raises `OSError`."""
    text = msgspec.json.format(msgspec.json.encode(file), indent=1)
    handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name[:100]}.")
    try:
        with os.fdopen(handle, "wb") as beside:
            beside.write(text + b"\n")
            beside.flush()
            os.fsync(beside.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    _on_disk(path.resolve().parent)


def load(path: Path) -> UndoFile:
    """Return the file at `path`. Raises `NotAnUndoFile`, `OSError`."""
    try:
        file = msgspec.json.decode(path.read_bytes(), type=UndoFile)
    except msgspec.MsgspecError as error:
        raise NotAnUndoFile(f"it is no undo file of corsmith: {error}") from error
    if file.schema != SCHEMA:
        raise NotAnUndoFile(f"it is {file.schema}, and this corsmith reads {SCHEMA}")
    for number, entry in enumerate(file.entries, 1):
        if _PARTS.get(entry.thing.kind) != len(entry.thing.part):
            raise NotAnUndoFile(f"its entry {number} is about nothing that a run changes: {entry.thing.kind!r}")
    return file


def _on_disk(folder: Path) -> None:
    """A rename is on the disk once its folder is; not every system lets one say so."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
