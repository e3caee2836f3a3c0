"""The snapshot on disk: a file for each API, function, domain and distribution, so that a killed run is gone on with.

One folder for each account and Region. Only its owner may read it: definitions tell how an account is built. A reading that
was not finished is taken up again by the next run within an hour; a finished one is used again only where `--max-age` says so.
Before either, every file is looked at: what is damaged, or another account's, is read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from .answers import Journal
from .snapshot import (
    DistributionState,
    DomainState,
    Failure,
    FunctionState,
    HttpApiState,
    Json,
    Place,
    RestApiState,
    State,
)

S = TypeVar("S", bound=State)

RESUMED_WITHIN = 3600.0
"""Seconds within which a reading that was broken off is gone on with."""
_FORMAT = 2
_ANSWERS = "answers.jsonl"
_FOLDERS: dict[type[Any], str] = {
    RestApiState: "restapis",
    HttpApiState: "apis",
    FunctionState: "functions",
    DomainState: "domainnames",
    DistributionState: "distributions",
}


class Reading(Struct):
    """How far the reading of a place is. `scope` says what was asked for: another question is another reading.

    `run` is the run that it is a part of: until that has read all its places, those that are finished count as just read.
    """

    began: float
    place: Place
    scope: str = ""
    run: str = ""
    ended: float | None = None
    failures: int = 0
    """How many failures were noted by the end."""
    format: int = _FORMAT


class Shelf(Struct, frozen=True):
    """What is kept of one account and Region."""

    folder: Path
    place: Place

    def begin(self, now: float, scope: str, max_age: float, run: str = "") -> Reading:
        """Return the reading to go on with, or to use as it is (`ended` is set); an older one is thrown away."""
        known = self._reading()
        if known is not None and (known.format, known.place, known.scope) == (_FORMAT, self.place, scope):
            going_on = known.ended is None or (known.run == run and run != "")
            age = now - (known.began if going_on or known.ended is None else known.ended)
            if 0 <= age <= (RESUMED_WITHIN if going_on else max_age) and self._failures_are_sound(known):
                known.run = run
                return self._without_damage(known)
        self.clear()
        reading = Reading(now, self.place, scope, run)
        self._write("reading.json", msgspec.json.encode(reading))
        return reading

    def end(self, reading: Reading, now: float) -> None:
        """Note that all was read."""
        reading.ended, reading.failures = now, len(self.failures())
        self._write("reading.json", msgspec.json.encode(reading))

    def clear(self) -> None:
        """Throw away what is kept."""
        for folder in (*_FOLDERS.values(), "lists"):
            for file in (*(self.folder / folder).glob("*.json"), *(self.folder / folder).glob("*.part")):
                file.unlink(missing_ok=True)
        for name in ("reading.json", "failures.jsonl", "done", _ANSWERS):
            (self.folder / name).unlink(missing_ok=True)

    def listed(self, name: str) -> tuple[Json, ...] | None:
        """Return a list that was read whole; None where it was not."""
        try:
            data = (self.folder / "lists" / f"{name}.json").read_bytes()
            return tuple(msgspec.json.decode(data, type=list[Json]))
        except (OSError, msgspec.DecodeError):
            return None

    def keep_list(self, name: str, items: tuple[Json, ...]) -> None:
        """Keep a list that was read whole."""
        self._write(f"lists/{name}.json", msgspec.json.encode(items))
        self._forget_answers()

    def answers(self) -> Journal:
        """Return what was answered about the thing that is being read."""
        return Journal(self.folder / _ANSWERS)

    def done(self) -> frozenset[str]:
        """Return the keys that `keep` and `pass_over` were given."""
        return frozenset(key for key, _ in self._lines())

    def keep(self, key: str, state: State) -> None:
        """Keep what was read."""
        file = f"{_FOLDERS[type(state)]}/{_file(state.id)}.json"
        self._write(file, msgspec.json.encode(state))
        self._append("done", f"{key}\t{file}\n")
        self._forget_answers()

    def pass_over(self, key: str) -> None:
        """Note that nothing is to be kept of a key, and that it needs no more reading."""
        self._append("done", f"{key}\t\n")
        self._forget_answers()

    def _lines(self) -> list[tuple[str, str]]:
        """Return what is done: keys, and the files that hold what was read, "" where nothing was kept."""
        try:
            text = (self.folder / "done").read_bytes().decode("utf-8", "replace")
        except OSError:
            return []
        # A line that was cut off in the middle ends without a line feed: what it names is read again.
        lines = (line.split("\t") for line in text.split("\n")[:-1])
        return [(line[0], line[1]) for line in lines if len(line) == 2]

    def _forget_answers(self) -> None:
        (self.folder / _ANSWERS).unlink(missing_ok=True)

    def _without_damage(self, reading: Reading) -> Reading:
        """Return a reading whose files are all sound: what others left behind is taken away, and is read again."""
        kinds = {folder: kind for kind, folder in _FOLDERS.items()}
        lines = self._lines()
        sound = {file for _, file in lines if file and self._is_sound(kinds.get(file.partition("/")[0]), file)}
        for folder in kinds:
            for each in (self.folder / folder).glob("*.json"):
                if f"{folder}/{each.name}" not in sound:
                    each.unlink(missing_ok=True)
        kept = [(key, file) for key, file in lines if not file or file in sound]
        if len(kept) < len(lines):
            self._write("done", "".join(f"{key}\t{file}\n" for key, file in kept).encode())
            reading.ended = None
        self._write("reading.json", msgspec.json.encode(reading))
        return reading

    def _is_sound(self, kind: type[Any] | None, file: str) -> bool:
        try:
            state = msgspec.json.decode((self.folder / file).read_bytes(), type=kind) if kind is not None else None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return False
        return state is not None and state.place == self.place

    def _failures_are_sound(self, reading: Reading) -> bool:
        """Say whether nothing is missing of what could not be read: that would pass for read."""
        try:
            known = len(self.failures())
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return False
        return reading.ended is None or known == reading.failures

    def note(self, failure: Failure) -> None:
        """Keep a failure that belongs to no state."""
        self._append("failures.jsonl", msgspec.json.encode(failure).decode() + "\n")

    def failures(self) -> tuple[Failure, ...]:
        """Return the failures that belong to no state."""
        try:
            lines = (self.folder / "failures.jsonl").read_bytes().split(b"\n")[:-1]
        except OSError:
            return ()
        return tuple(dict.fromkeys(msgspec.json.decode(line, type=Failure) for line in lines))

    def states(self, kind: type[S]) -> Iterator[S]:
        """Yield what was kept of one kind, one at a time, in the order of their ids."""
        for file in sorted((self.folder / _FOLDERS[kind]).glob("*.json")):
            yield msgspec.json.decode(file.read_bytes(), type=kind)

    def state(self, kind: type[S], id_: str) -> S | None:
        """Return one; None where nothing was kept of it."""
        file = self.folder / _FOLDERS[kind] / f"{_file(id_)}.json"
        return msgspec.json.decode(file.read_bytes(), type=kind) if file.is_file() else None

    def _reading(self) -> Reading | None:
        try:
            return msgspec.json.decode((self.folder / "reading.json").read_bytes(), type=Reading)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self, name: str, data: bytes) -> None:
        _write(self.folder / name, data)

    def _append(self, name: str, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(text)


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(beside).unlink()
        raise


class Run(Struct, frozen=True):
    """A run that reads several places. It is on disk until all of them are read."""

    id: str
    began: float


class Store(Struct, frozen=True):
    """The folder that shelves stand in."""

    root: Path

    def run(self, now: float, question: str) -> Run:
        """Return the run that was broken off while it asked the same within an hour, else a new one. Raises `OSError`."""
        file = self._run(question)
        try:
            known = msgspec.json.decode(file.read_bytes(), type=Run)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            known = None
        if known is not None and 0 <= now - known.began <= RESUMED_WITHIN:
            return known
        made = Run(secrets.token_hex(8), now)
        _write(file, msgspec.json.encode(made))
        return made

    def ended(self, question: str) -> None:
        """Note that a run has read all that it was to read."""
        self._run(question).unlink(missing_ok=True)

    def _run(self, question: str) -> Path:
        return self.root / f"run-{hashlib.sha256(question.encode()).hexdigest()[:16]}.json"

    def shelf(self, place: Place) -> Shelf:
        """Return the shelf of an account and Region."""
        return Shelf(self.root / place.account / (place.region or "global"), place)


def default_root() -> Path:
    """Return where snapshots are kept where nobody says otherwise: the user's cache folder.

    What an emulator said is kept apart from what AWS said.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or ""
    root = (Path(base) if base else Path.home() / ".cache") / "corsmith" / "accounts"
    elsewhere = ",".join(value for name, value in sorted(os.environ.items()) if name.startswith("AWS_ENDPOINT_URL"))
    return root / f"at-{_file(elsewhere)}" if elsewhere else root


def _file(id_: str) -> str:
    """Return a file's name for an id: ids are plain but for a domain's `*`."""
    return "".join(each if each.isalnum() or each in "-_." else f"~{ord(each):x}" for each in id_)
