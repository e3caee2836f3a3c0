"""Help that fits a screen: a command with many options shows the usual ones, and all of them with --help-all."""

from __future__ import annotations

import inspect
from typing import Any

import click

LINES, COLUMNS = 24, 80
"""What a screen is, for help: a terminal as it opens."""
_ROOM = LINES - 2
"""Lines for the help itself: the command stands above it, the next prompt below."""
_LEAST = 3
"""Lines that are left for an example: a blank one, the heading, the example."""


class LongCommand(click.Command):
    """A command whose --help names the options in `usual`, by their parameters' names, what matters most first.

    --help is cut to a screen: two paragraphs, the first sentence of each option, as many options and examples as there is
    room for. --help-all shows everything.
    """

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

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        if ctx.meta.get(_ALL):
            super().format_help_text(ctx, formatter)
            return
        for paragraph in inspect.cleandoc(self.help or "").split("\n\n")[:2]:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, in the order in which the command declares them."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option) and not each.hidden]
        if ctx.meta.get(_ALL):
            with formatter.section("Options"):
                formatter.write_dl([record for each in options if (record := each.get_help_record(ctx)) is not None])
            return
        room = _ROOM - formatter.getvalue().count("\n") - _LEAST
        for most in range(len(self.usual), -1, -1):
            names = (*self.usual[:most], "help_all")
            tried = click.HelpFormatter(width=formatter.width)
            with tried.section("Usual options"):
                tried.write_dl([_short(each, ctx) for each in options if each.name in names])
            if tried.getvalue().count("\n") < room or not most:
                formatter.write("\n" + tried.getvalue())
                return

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if ctx.meta.get(_ALL) or not self.epilog:
            super().format_epilog(ctx, formatter)
            return
        heading, *examples = (line for line in self.epilog.splitlines() if line.strip("\b "))
        room = _ROOM - formatter.getvalue().count("\n") - 2
        formatter.write_paragraph()
        formatter.write("".join(f"{line}\n" for line in (heading, *examples[: max(room, 1)])))


_ALL = "corsmith.help_all"


def _short(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    """Return an option and what it is for, each as short as can be."""
    names = ", ".join(sorted(option.opts, key=len))
    sentence = (option.help or "").partition(". ")[0].rstrip(".")
    if isinstance(option.type, click.Choice) and option.metavar is None:
        return f"{names} {names.strip('-')[:1].upper()}", f"{sentence}: {', '.join(option.type.choices)}."
    if option.is_flag:
        return names, f"{sentence}."
    number = isinstance(option.type, click.IntRange | click.FloatRange) and option.metavar is None
    return f"{names} {'N' if number else option.make_metavar(ctx)}", f"{sentence}."


def _show_all(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:  # noqa: FBT001 - click's own form
    del parameter
    if given:
        ctx.meta[_ALL] = True
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()
