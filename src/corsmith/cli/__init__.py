"""The command line: one file per command, each loaded only when it is called, because start-up is a promise."""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import os
import sys
from contextlib import suppress
from typing import Any

import click

from corsmith import __version__

COMMANDS = {
    "check": "Say what a browser will block, and why.",
    "fix": "Show, or write, the changes that let the calls through.",
    "init": "Write corsmith.toml from what the project says, or from flags.",
    "generate": "Write one policy as configuration to paste.",
    "explain": "Explain a console message or a symptom.",
    "simulate": "Judge a request and its responses given by hand.",
    "dev": "Serve the project's functions behind a local front door.",
    "audit": "Say what browsers block of what is deployed in AWS, and mend it.",
    "serve": "Serve the tester as a web page.",
    "rules": "List the rules, or print one rule's page.",
    "lsp": "Serve editors, on stdio.",
    "mcp": "Serve agents, on stdio.",
}

EXAMPLES = """\
Examples:
  corsmith check .
  corsmith check https://api.example.com/items --origin https://app.example.com
  corsmith fix . --write
"""


# Loading the toolkit makes many objects that all stay; to look for garbage after every 700 of them is a tenth of the time.
gc.set_threshold(50_000, 20, 20)
# What is there at the end goes with the process. To look through it for cycles first took a quarter of a check (measured).
atexit.register(gc.freeze)


class Commands(click.Group):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a first session."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the command's module."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"corsmith.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant. Raises `click.UsageError`, with what may have been meant, where there is none."""
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        raise click.UsageError(f"There is no command {args[0]!r}. {_meant(args[0])}".rstrip(), ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What the system refuses and no command expects, such as output to a full disk, ends it with 2."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # Not click's 1, which says that something was found.
            click.echo("corsmith: interrupted", err=True)
            ctx.exit(2)
        except OSError as error:
            _let_go_of_output()
            # Whoever read the output has gone, and wants no more of it: 1 would say that something was found.
            if error.errno != errno.EPIPE:
                place = f"{error.filename}: " if error.filename else ""
                click.echo(f"corsmith: cannot go on: {place}{error.strerror or error}", err=True)
            ctx.exit(2)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, without loading them; the options stand in the line of usage."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show how it is called."""
        del ctx
        formatter.write(f"\n{EXAMPLES}")


def _let_go_of_output() -> None:
    """Send what is still to be printed nowhere: it would fail again when Python ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _meant(word: str) -> str:
    """Return what somebody who typed `word` in a command's place may have meant, "" where nothing is near."""
    from difflib import get_close_matches
    from pathlib import Path

    if word.lower().startswith(("http://", "https://")) or Path(word).exists():
        return f"Did you mean: corsmith check {word}"
    near = get_close_matches(word, COMMANDS, n=1)
    return f"Did you mean: corsmith {near[0]}" if near else ""


@click.command(
    cls=Commands,
    options_metavar="[--version] [--help]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="corsmith")
def main() -> None:
    """Find out why a browser will not let a page read an AWS Lambda API; fix it."""
