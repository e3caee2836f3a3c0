"""A project as its owner means it: checked with the settings that are found beside it."""

from __future__ import annotations

from pathlib import Path

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.project.check import Question
from corsmith.project.choose import Choice, chosen
from corsmith.project.configuration import Configuration, caller_of, values_of
from corsmith.project.disk import Disk
from corsmith.project.ignores import set_aside
from corsmith.project.report import report
from corsmith.project.settings_file import configuration_for
from corsmith.readers import Settings


class Outside(ValueError):  # noqa: N818 - it names where the path leads
    """A path leads out of the folder that was opened."""


def within(root: Path, path: str) -> str:
    """Return `path` relative to `root`, with `/`. Raises `Outside`; links are followed before that is judged."""
    target = (root / path).resolve()
    try:
        inside = target.relative_to(root.resolve())
    except ValueError:
        raise Outside(f"{path} is outside of {root}") from None
    return inside.as_posix()


def question_for(target: str, flags: CallerFlags, configuration: Configuration) -> Question:
    """Return the question that a check of `target` asks."""
    return Question((target,), caller_of(flags, configuration.policy), values_of(Settings(), configuration))


def reported(target: str, flags: CallerFlags) -> Report:
    """Return the report on `target`. Raises `Misconfigured`."""
    configuration = configuration_for(target)
    found = report(question_for(target, flags, configuration), Tree(Disk()))
    return chosen(set_aside(found).report, choice_of(configuration))


def choice_of(configuration: Configuration) -> Choice:
    """Return which findings count by the project's settings."""
    return Choice(
        select=configuration.select,
        ignore=configuration.ignore,
        folder=configuration.folder,
        per_path=configuration.per_path_ignores,
    )
