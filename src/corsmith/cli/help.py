"""Help that fits a screen: a command with many options shows the usual ones, and all of them with --help-all."""

from __future__ import annotations

from typing import Any

import click

LINES, COLUMNS = 40, 100
"""What a screen is, for help: a terminal of the usual size, enlarged once."""


class LongCommand(click.Command):
    """A command whose --help names the options in `usual`, by their parameters' names; --help-all names all."""

    def __init__(self, *arguments: Any, usual: tuple[str, ...] = (), **given: Any) -> None:
        super().__init__(*arguments, **given)
        self.usual = usual
        self.params.append(
            click.Option(
                ["--help-all"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_all,
                help="Show every option, and exit.",
            )
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, in the order in which the command declares them."""
        everything = bool(ctx.meta.get(_ALL))
        shown = []
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None and (everything or parameter.name in (*self.usual, "help", "help_all")):
                shown.append(record)
        with formatter.section("Options" if everything else "Usual options"):
            formatter.write_dl(shown)


_ALL = "corsmith.help_all"


def _show_all(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:  # noqa: FBT001 - click's own form
    del parameter
    if given:
        ctx.meta[_ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()
