"""The help of every command fits a screen, and shows how the command is called."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from corsmith.cli import COMMANDS, main
from corsmith.cli.help import COLUMNS, LINES, LongCommand

EVERY = [(), *((name,) for name in COMMANDS)]
LONG = [name for name in COMMANDS if isinstance(main.get_command(click.Context(main), name), LongCommand)]


def shown(*arguments: str) -> list[str]:
    told = CliRunner().invoke(main, arguments, prog_name="corsmith", terminal_width=COLUMNS)
    assert told.exit_code == 0, told.output
    return told.stdout.rstrip("\n").split("\n")


@pytest.mark.parametrize("command", EVERY, ids=lambda each: " ".join(each) or "corsmith")
def test_help_fits_a_screen_and_shows_an_example(command: tuple[str, ...]) -> None:
    lines = shown(*command, "--help")
    # A line of the shell's own stands above it, and one below.
    assert len(lines) <= LINES - 2
    assert max(map(len, lines)) <= COLUMNS
    heading = next(at for at, line in enumerate(lines) if line.strip() in ("Example:", "Examples:"))
    examples = [line for line in lines[heading + 1 :] if line.strip()]
    assert examples
    assert [line for line in examples if " ".join(("corsmith", *command)) not in line] == []


@pytest.mark.parametrize("name", LONG)
def test_all_options_are_shown_when_asked_for(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert isinstance(command, LongCommand)
    usual, everything = "\n".join(shown(name, "--help")), "\n".join(shown(name, "--help-all"))
    declared = {
        option for each in command.params if isinstance(each, click.Option) and not each.hidden for option in each.opts
    }
    assert declared <= set(re.findall(r"--?[a-z][a-z-]*", everything)) | {"-h"}
    assert set(re.findall(r"(?m)^  (--[a-z-]+)", usual)) < set(re.findall(r"(?m)^  (--[a-z-]+)", everything))
    assert "--help-all" in usual
    assert set(command.usual) <= {each.name for each in command.params}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("chek", "corsmith check"),
        ("expalin", "corsmith explain"),
        (".", "corsmith check ."),
        ("https://api.example.com", "corsmith check https://api.example.com"),
        ("zzz", None),
    ],
)
def test_a_command_that_does_not_exist(word: str, meant: str | None) -> None:
    told = CliRunner().invoke(main, [word], prog_name="corsmith")
    assert told.exit_code == 2
    assert f"There is no command {word!r}." in told.output
    assert ("Did you mean: " in told.output) is (meant is not None)
    assert meant is None or told.output.rstrip().endswith(meant)


def test_there_is_a_long_command() -> None:
    assert LONG


@pytest.mark.parametrize("name", LONG)
def test_all_help_ends_before_anything_is_done(name: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "corsmith", name, "--help-all", "nowhere"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0
    assert told.stderr == ""
