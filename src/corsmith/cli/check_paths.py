"""Templates and folders, as the command line names them."""

from __future__ import annotations

from typing import Any

import click

from corsmith.api.caller import CallerFlags
from corsmith.project.check import Question
from corsmith.readers import Settings


def question(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Question:
    """Return what the command line asks. Raises `click.BadParameter` for a parameter without `=`."""
    parameters: dict[str, str] = {}
    for each in options["parameters"]:
        name, equals, value = each.partition("=")
        if not equals:
            raise click.BadParameter(f"{each!r} has no value; write it as Name=value", param_hint="--parameter")
        parameters[name] = value
    settings = Settings(parameters=parameters, config_env=options.get("config_env"))
    return Question(paths, flags, settings, options.get("profile", "model"))
