"""corsmith init: the project's settings, from what it says already or from flags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .help import LongCommand
from .options import fail, template_options, template_values
from .policy import pages_of, policy_options

EPILOG = """\
Examples:

\b
  corsmith init
  corsmith init services/shop --origin https://app.example.com --credentials
"""


USUAL = ("origins", "methods", "headers", "credentials", "exposed", "max_age", "force")
"""The options that --help shows; --help-all shows all."""


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.argument("target", default=".", metavar="[TARGET]")
@policy_options
@template_options
@click.option("--force", is_flag=True, help="Replace the settings that are there.")
def command(target: str, **options: Any) -> None:
    """Write corsmith.toml from what the project already says, or from flags.

    TARGET is a folder or a template; by default the current folder.

    Exit code: 0, or 2 when there are settings already, or the policy is one that no browser or front door would take.
    """
    from corsmith.api.tree import Tree
    from corsmith.project.check import Question, check
    from corsmith.project.configuration import Pages
    from corsmith.project.disk import Disk
    from corsmith.project.say_settings import said, settings_text
    from corsmith.project.settings_file import NAME

    from .output import write_whole

    if options["path"] is not None:
        raise click.UsageError("--path narrows a check; settings are for every path.")
    folder = Path(target) if Path(target).is_dir() else Path(target).parent
    file = folder / NAME
    pages = pages_of(options, Pages())
    _refuse(pages)
    if not options["force"]:
        _look(file)
    checked = check(Tree(Disk()), Question((target,), settings=template_values(options)))
    if not (checked.apis or pages.origins) and checked.problems:
        told = "; ".join(f"{each.file}: {each.message}" for each in checked.problems)
        fail(f"{told}. Where no project says whose pages call, --origin does")
    for each in checked.problems:
        click.echo(f"corsmith: {each.file}:{each.line}:{each.column}: {each.message}", err=True)
    found = said(checked)
    try:
        write_whole(file, settings_text(found, pages))
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")
    click.echo(f"{file}: written", err=True)
    if not (found.origins or pages.origins):
        click.echo("No origin of a page is declared anywhere: name yours in it, or with --origin.", err=True)


def _refuse(pages: Any) -> None:
    from corsmith.project.settings_file import refusals

    problems = [message for _, message in refusals(pages)]
    if problems:
        fail("\n  ".join(["this policy cannot be used", *problems]))


def _look(file: Path) -> None:
    """End with 2 where settings are there already."""
    from corsmith.project.settings_file import find

    if file.exists():
        fail(f"{file} is there already; --force replaces it")
    other = find(str(file.parent))
    if other is not None and other.parent == file.parent.absolute():
        fail(f"{other.name} holds settings already, which {file.name} would hide; --force writes it all the same")
