"""Templates and folders, checked."""

from __future__ import annotations

from typing import Any

import click

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk
from corsmith.project.prove import with_fixes
from corsmith.readers import Settings


def question(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Question:
    """Return what the command line asks. Raises `click.BadParameter` for a parameter without `=`."""
    parameters: dict[str, str] = {}
    for each in options["parameters"]:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.BadParameter(f"{each!r} has no value; write it as Name=value", param_hint="--parameter")
        parameters[name] = value
    return Question(paths, flags, Settings(parameters=parameters), options.get("profile", "model"))


def check_paths(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Report:
    """Return the report on the templates that `paths` name."""
    asked = question(paths, flags, options)
    checked = check(Tree(Disk()), asked)
    return Report(
        tree=checked.tree,
        cells=checked.cells,
        findings=with_fixes(asked, checked),
        problems=checked.problems,
        passed_over=checked.passed_over,
        unexplained=checked.unexplained,
    )
