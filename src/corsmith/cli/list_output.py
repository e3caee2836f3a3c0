"""What comes of a list: a line of JSON for each URL at once, or one report of another format at the end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TextIO

import click
import msgspec

from corsmith.api.caller import Caller
from corsmith.api.report import Report
from corsmith.live.many import Listed
from corsmith.live.secrets import masked_url
from corsmith.report.json import as_dict

from .check_url import merged
from .options import fail
from .output import write_whole

Weighed = Callable[[Listed, list[Caller], Report, float], bytes]
"""Takes what came of one URL, and for how many seconds its server was waited for; returns its line, b"" where it has none."""
Writes = Callable[[bytes], None]
"""Takes a line for where the results go."""


@contextmanager
def writing(options: dict[str, Any], render: Callable[[Report], str]) -> Iterator[tuple[Weighed, Writes]]:
    """Give what takes the results. Formats that are one document are written when the block ends, however it does."""
    if options["form"] in ("text", "json"):
        with lines_into(options["output"] or options["resume"], options["resume"]) as out:
            lines = _Lines(out)
            yield _line, lines.write
            lines.end()
        return
    if options["resume"] is not None:
        raise click.UsageError("--resume adds lines of JSON: it goes with no other --format.")
    reports: list[Report] = []

    def aside(_listed: Listed, _callers: list[Caller], report: Report, _waited: float) -> bytes:
        reports.append(report)
        return b""

    yield aside, _nowhere
    text = render(merged(reports))
    if options["output"] is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(options["output"], text)
    except OSError as error:
        fail(f"--output {options['output']}: cannot be written: {error.strerror or error}")


def _nowhere(_line: bytes) -> None:
    """Write nothing: the document comes at the end."""


class _Lines:
    """Writes the lines that come in one turn of the event loop together, at its end."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._waiting: list[bytes] = []
        self._failure: OSError | None = None

    def write(self, line: bytes) -> None:
        """Take a line. Raises `OSError` where an earlier one could not be written."""
        if self._failure is not None:
            raise self._failure
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._flush)
        self._waiting.append(line)

    def end(self) -> None:
        """Write what is left. Raises `OSError` where that, or an earlier line, could not be written."""
        self._flush()
        if self._failure is not None:
            raise self._failure

    def _flush(self) -> None:
        lines, self._waiting = self._waiting, []
        if not lines or self._failure is not None:
            return
        try:
            self._out.write(b"".join(lines))
            self._out.flush()
        except OSError as error:
            self._failure = error


def _line(listed: Listed, callers: list[Caller], report: Report, waited: float) -> bytes:
    body = as_dict(report)
    for name, value in (("exchanges", []), ("verdict", "undecided"), ("error", None)):
        body.setdefault(name, value)
    if waited:
        body["waited"] = waited
    calls = [
        {"origin": caller.origin, "method": caller.method, "verdict": call.verdict, "error": call.error}
        for caller, call in zip(callers, report.calls, strict=bool(report.calls))
    ]
    return msgspec.json.encode({"url": masked_url(listed.url), **body, "calls": calls}) + b"\n"


@contextmanager
def lines_into(into: Path | None, resume: Path | None) -> Iterator[IO[bytes]]:
    """Open where the lines go. A file that is resumed is added to, another one is written anew."""
    if into is None:
        # Python has none where the program was started with it closed.
        standard: TextIO | None = sys.stdout
        if standard is None:
            fail("there is no standard output to write to; --output FILE writes to a file")
        yield standard.buffer
        return
    try:
        file = into.open("ab" if into == resume else "wb")
    except OSError as error:
        fail(f"{into}: cannot be written: {error.strerror or error}")
    with file:
        yield file
