"""What an audit found, in the format that was asked for, written where it was asked to be."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corsmith.api.finding import Severity

from .options import fail

if TYPE_CHECKING:
    from corsmith.account.audit import Audit

FORMATS = ("text", "json", "sarif", "junit", "github", "html")


def report(found: Audit, options: dict[str, Any]) -> None:
    """Write the report to the terminal or to --output; end with 2 where that fails."""
    write(_rendered(found, options), options["output"])


def write(text: str, output: Path | None) -> None:
    """Write `text` to a file, or to the standard output; end with 2 where that fails."""
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    from .output import write_whole

    try:
        write_whole(output, text)
    except OSError as error:
        fail(f"--output {output}: cannot be written: {error.strerror or error}")


def check_place(flag: str, path: Path | None) -> None:
    """End with 2 where nothing can be written to `path`: better than after an account was read for an hour."""
    if path is None:
        return
    folder = path.resolve().parent
    if not folder.is_dir():
        fail(f"{flag} {path}: there is no folder {folder}")
    if path.is_dir():
        fail(f"{flag} {path}: is a folder")
    if not os.access(path if path.exists() and not path.is_file() else folder, os.W_OK):
        fail(f"{flag} {path}: cannot be written: you may not write to {folder}")


def _rendered(found: Audit, options: dict[str, Any]) -> str:
    form, fail_on = options["form"], options["fail_on"]
    if form == "json":
        from corsmith.account.as_json import render as as_json

        return as_json(found)
    if form == "junit":
        from corsmith.account.as_junit import render as as_junit

        return as_junit(found, None if fail_on == "never" else Severity(fail_on))
    if form == "html":
        from corsmith.account.as_html import render as as_html

        return as_html(found)
    if form == "sarif":
        from corsmith.account.as_report import with_places
        from corsmith.report.sarif import render as as_sarif

        return as_sarif(with_places(found))
    if form == "github":
        from corsmith.account.as_report import in_words
        from corsmith.report.github import render as as_commands

        return as_commands(in_words(found))
    from corsmith.account.as_text import render as as_text
    from corsmith.report.ink import Ink, ink_for

    return as_text(found, ink_for(sys.stdout) if options["output"] is None else Ink())
