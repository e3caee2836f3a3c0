"""The list of --urls: a file, standard input, or one that was made from a project."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, TextIO

from .options import fail

_BLOCK = 256 * 1024


@contextmanager
def opened(place: str, made: tuple[str, ...] | None) -> Iterator[tuple[Callable[[], bytes], int | None]]:
    """Open the list; give how to read on, and how many lines it has where that is known."""
    if made is not None:
        yield partial(BytesIO("\n".join(made).encode()).read, _BLOCK), len(made)
        return
    if place == "-":
        yield _standard_input(), None
        return
    try:
        total = _count(Path(place))
        file = Path(place).open("rb", buffering=0)  # noqa: SIM115 - it is closed below
    except OSError as error:
        fail(f"--urls {place}: cannot be read: {error.strerror or error}")
    with file:
        yield partial(_block_of, file), total


def _block_of(file: IO[bytes]) -> bytes:
    return file.read(_BLOCK) or b""


def _standard_input() -> Callable[[], bytes]:
    # Python has none where the program was started with it closed.
    standard: TextIO | None = sys.stdin
    if standard is None:
        fail("--urls -: there is no standard input to read")
    stream = standard.buffer
    try:
        number = stream.fileno()
    except OSError:
        return lambda: stream.read(_BLOCK)
    # Past Python's buffer, whose lock a thread that still reads would hold when Python ends.
    return lambda: os.read(number, _BLOCK)


def _count(file: Path) -> int | None:
    """Count the lines that are neither empty nor a comment; None for what cannot be read twice."""
    if not file.is_file():
        return None
    with file.open("rb") as lines:
        parts = iter(lambda: lines.readline(_BLOCK), b"")
        return sum(1 for line in parts if line.strip() and not line.lstrip().startswith(b"#"))
