"""What comes of a list: a line of JSON for each URL at once, or one report of another format at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

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

Writes = Callable[[Listed, list[Caller], Report], None]
"""Takes what came of one URL."""


@contextmanager
def writing(options: dict[str, Any], render: Callable[[Report], str]) -> Iterator[Writes]:
    """Give what takes the results. Formats that are one document are written when the block ends, however it does."""
    if options["form"] in ("text", "json"):
        with lines_into(options["output"] or options["resume"], options["resume"]) as out:

            def write(listed: Listed, callers: list[Caller], report: Report) -> None:
                out.write(msgspec.json.encode(_line(listed, callers, report)) + b"\n")
                out.flush()

            yield write
        return
    if options["resume"] is not None:
        raise click.UsageError("--resume adds lines of JSON: it goes with no other --format.")
    reports: list[Report] = []
    yield lambda _listed, _callers, report: reports.append(report)
    text = render(merged(reports))
    if options["output"] is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(options["output"], text)
    except OSError as error:
        fail(f"--output {options['output']}: cannot be written: {error.strerror or error}")


def _line(listed: Listed, callers: list[Caller], report: Report) -> dict[str, Any]:
    body = as_dict(report)
    for name, value in (("exchanges", []), ("verdict", "undecided"), ("error", None)):
        body.setdefault(name, value)
    calls = [
        {"origin": caller.origin, "method": caller.method, "verdict": call.verdict, "error": call.error}
        for caller, call in zip(callers, report.calls, strict=bool(report.calls))
    ]
    return {"url": masked_url(listed.url), **body, "calls": calls}


@contextmanager
def lines_into(into: Path | None, resume: Path | None) -> Iterator[IO[bytes]]:
    """Open where the lines go. A file that is resumed is added to, another one is written anew."""
    if into is None:
        yield sys.stdout.buffer
        return
    try:
        file = into.open("ab" if into == resume else "wb")
    except OSError as error:
        fail(f"{into}: cannot be written: {error.strerror or error}")
    with file:
        yield file
