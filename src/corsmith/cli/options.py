"""Flags that several commands share, and what they say together with the project's settings."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from corsmith.project.configuration import Configuration
    from corsmith.readers import Settings

F = TypeVar("F", bound=Callable[..., Any])


def template_options(command: F) -> F:
    """Add the values for what a template leaves open: --parameter, --stage, --var-file and --config-env."""
    options = (
        click.option("--parameter", "parameters", multiple=True, metavar="K=V", help="Value of a template parameter."),
        click.option("--stage", metavar="S", help="Stage to look at, where a template knows several."),
        click.option("--var-file", "var_files", multiple=True, metavar="F", help="Terraform's variable file."),
        click.option("--config-env", metavar="E", help="Table of samconfig.toml to take values from."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def template_values(options: dict[str, Any]) -> Settings:
    """Return what these flags say. Raises `click.BadParameter` for a parameter without `=`, or a file that is not there."""
    from pathlib import Path

    from corsmith.readers import Settings

    parameters: dict[str, str] = {}
    for each in options["parameters"]:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{each!r} has no value; write it as Name=value", param_hint="--parameter")
        parameters[name] = value
    for file in options["var_files"]:
        if not Path(file).is_file():
            raise click.BadParameter(f"{file}: no such file", param_hint="--var-file")
    return Settings(
        parameters=parameters,
        stage=options["stage"],
        config_env=options["config_env"],
        var_files=tuple(options["var_files"]),
    )


def settings_for(target: str) -> Configuration:
    """Return the settings of the project that `target` is in; where they cannot be used, say why and end with 2."""
    from corsmith.project.settings_file import Misconfigured, configuration_for

    try:
        return configuration_for(target)
    except Misconfigured as error:
        for each in error.problems:
            click.echo(f"corsmith: {each.file}:{each.line}:{each.column}: {each.message}", err=True)
        sys.exit(2)


def check_rule_ids(rules: tuple[str, ...], hint: str) -> None:
    """Raise `click.BadParameter` for an id that no finding can have: a filter that means nothing hides a mistake."""
    for rule in rules:
        from corsmith.project.rule_names import wrong_id

        wrong = wrong_id(rule)
        if wrong is not None:
            raise click.BadParameter(wrong, param_hint=hint)


def fail(message: str) -> NoReturn:
    """Say why the job cannot be done, and end with 2."""
    click.echo(f"corsmith: {message}", err=True)
    sys.exit(2)
