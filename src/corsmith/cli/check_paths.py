"""Templates and folders, as the command line names them."""

from __future__ import annotations

import re
from typing import Any

import click
from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.project.check import Question
from corsmith.project.configuration import Configuration, caller_of, values_of
from corsmith.project.origins import meant

from .options import fail, settings_for, template_values


class Part(Struct, frozen=True):
    """Targets that have the same settings."""

    question: Question
    configuration: Configuration


def parts(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> tuple[Part, ...]:
    """Return what the command line asks, one part for each file of settings. Raises `click.BadParameter`."""
    flags = replace(flags, origins=tuple(dict.fromkeys(_origin(origin) for origin in flags.origins)))
    given = template_values(options)
    together: dict[str, tuple[Configuration, list[str]]] = {}
    for path in paths:
        configuration = settings_for(path)
        together.setdefault(configuration.file, (configuration, []))[1].append(_here(path))
    return tuple(
        Part(
            Question(
                tuple(targets),
                caller_of(flags, configuration.policy),
                values_of(given, configuration),
                options.get("profile", "model"),
            ),
            configuration,
        )
        for configuration, targets in together.values()
    )


_SERIALISED = re.compile(r"null|[a-z][a-z0-9+.-]*://[^/?#\\\s*@A-Z]+")


def _origin(text: str) -> str:
    """Return the origin of pages that `text` stands for, as a browser writes it. Raises `click.BadParameter`."""
    read = meant(text)
    if read is None and _SERIALISED.fullmatch(text) is None:
        raise click.BadParameter(
            f"{text!r} is no origin of a page; write scheme and host, https://app.example.com", param_hint="--origin"
        )
    if read is None or read == text:
        return text
    click.echo(f"corsmith: --origin {text} is read as {read}, which is what browsers send", err=True)
    return read


def _here(path: str) -> str:
    """Return a path as the reports write it: relative to the current folder, with `/`."""
    import os
    from pathlib import Path

    if not Path(path).is_absolute():
        return path
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # on Windows, another drive
        return path


def checked(part: Part, flags: CallerFlags, options: dict[str, Any]) -> Report:
    """Return the report on one part, without what comments set aside; end with 2 where --since has nothing to compare with."""
    from corsmith.project.ignores import set_aside
    from corsmith.project.report import report

    from .patience import Patience

    with Patience() as patience:
        aside = set_aside(report(part.question, hears=patience.hear))
    # For other callers than the project's own, a comment may have nothing to set aside and be right all the same.
    usual = flags == CallerFlags() and part.question.profile == "model"
    found = aside.report if not usual else _with_remarks(aside.report, aside.unused)
    return found if options["since"] is None else _since(part.question, found, options["since"])


def _with_remarks(report: Report, remarks: Any) -> Report:
    return replace(report, remarks=(*report.remarks, *remarks))


def _since(question: Question, now: Report, revision: str) -> Report:
    from corsmith.project.disk import Disk
    from corsmith.project.git import NoHistory
    from corsmith.project.since import at_changed_lines, report_then, then
    from corsmith.report.baseline import compared, known

    try:
        before = then(question.targets, revision, Disk())
    except NoHistory as error:
        fail(f"--since {revision}: {error}")
    fresh = compared(now, known(report_then(question, before)), f"it was there at {revision}")
    counts = {id(finding) for finding in (*fresh.report.findings, *at_changed_lines(now, before))}
    return replace(
        fresh.report,
        findings=tuple(finding for finding in now.findings if id(finding) in counts),
        ignored=tuple(each for each in fresh.report.ignored if id(each.finding) not in counts),
    )
