"""Templates and folders, as the command line names them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.project.check import Question
from corsmith.project.configuration import Configuration, caller_of, values_of

from .options import fail, settings_for, template_values


class Part(Struct, frozen=True):
    """Targets that have the same settings."""

    question: Question
    configuration: Configuration


def parts(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> tuple[Part, ...]:
    """Return what the command line asks, one part for each file of settings. Raises `click.BadParameter`."""
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

    aside = set_aside(report(part.question))
    # For other callers than the project's own, a comment may have nothing to set aside and be right all the same.
    usual = flags == CallerFlags() and part.question.profile == "model"
    found = aside.report if not usual else _with_remarks(aside.report, aside.unused)
    return found if options["since"] is None else _since(part.question, found, options["since"])


def _with_remarks(report: Report, remarks: Any) -> Report:
    from msgspec.structs import replace

    return replace(report, remarks=(*report.remarks, *remarks))


def _since(question: Question, now: Report, revision: str) -> Report:
    from msgspec.structs import replace

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
