"""What AWS answered about a thing whose reading is not finished: a run that is killed there asks nothing a second time."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from .snapshot import Json


class Answers(Protocol):
    """Remembers answers by what was asked."""

    def known(self, service: str, operation: str, arguments: Json) -> Json | None:
        """Return the answer to a question that was asked already."""
        ...

    def keep(self, service: str, operation: str, arguments: Json, answer: Json) -> None:
        """Keep an answer."""
        ...


class Nothing(Struct, frozen=True):
    """Remembers nothing."""

    def known(self, service: str, operation: str, arguments: Json) -> Json | None:
        """Return None."""
        del service, operation, arguments
        return None

    def keep(self, service: str, operation: str, arguments: Json, answer: Json) -> None:
        """Keep nothing."""
        del service, operation, arguments, answer


class _Line(Struct):
    question: str
    answer: Json


class Journal(Struct, eq=False):
    """Answers in a file, a line each. Whoever keeps the thing that they are about as a whole takes the file away."""

    file: Path
    _known: dict[str, Json] | None = None

    def known(self, service: str, operation: str, arguments: Json) -> Json | None:
        """Return the answer that an earlier run was given."""
        if self._known is None:
            self._known = self._read()
        return self._known.get(_question(service, operation, arguments)) if self._known else None

    def keep(self, service: str, operation: str, arguments: Json, answer: Json) -> None:
        """Add an answer. Raises `OSError`."""
        line = msgspec.json.encode(_Line(_question(service, operation, arguments), answer))
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(line + b"\n")

    def _read(self) -> dict[str, Json]:
        """Return what the file has. A line that was cut off in the middle is asked for again."""
        found: dict[str, Json] = {}
        try:
            lines = self.file.read_bytes().split(b"\n")
        except OSError:
            return found
        for text in lines[:-1]:
            try:
                line = msgspec.json.decode(text, type=_Line)
            except msgspec.MsgspecError:
                continue
            found[line.question] = line.answer
        return found


def _question(service: str, operation: str, arguments: dict[str, Any]) -> str:
    return f"{service} {operation} {json.dumps(arguments, sort_keys=True)}"
