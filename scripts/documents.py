"""Writes what documents take from the code: each command's help, the table of rules, the sessions that the README shows,
the tables of conformance.

`python -m scripts.documents` rewrites the files; with `--check` it changes nothing, prints what would change, and exits 1
if anything would.
"""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

import click
from click.testing import CliRunner

from corsmith.cli import COMMANDS, main
from corsmith.cli.help import COLUMNS, LongCommand
from corsmith.rules import CATALOGUE

from . import conformance

README, INDEX, COMMANDS_PAGE = Path("README.md"), Path("docs/index.md"), Path("docs/commands.md")
CONFORMANCE = Path("docs/conformance.md")

COMMANDS_HEAD = """\
# Commands

The help of each command, with every option. `--help` shows the usual ones where there are many, and fits a screen;
`--help-all` shows what is below.

| exit code | meaning |
| --- | --- |
| 0 | nothing at or above `--fail-on`; for `rules`, `serve`, `lsp` and `mcp`: it did what it was asked, or was ended |
| 1 | findings there, or a blocked call |
| 2 | a part could not be done: a wrong flag or file, no answer from a server, a missing library. The rest is still reported |"""

SESSION = re.compile(
    r"(?ms)^(?P<head>(?:<!-- first (?P<lines>\d+) lines -->\n)?```console\n\$ (?P<command>corsmith [^\n]*)\n).*?^```$"
)


def written() -> dict[Path, str]:
    """Return each document as it should be."""
    return {
        README: SESSION.sub(_session, README.read_text(encoding="utf-8")),
        INDEX: _with_rules(INDEX.read_text(encoding="utf-8")),
        COMMANDS_PAGE: _commands(),
        CONFORMANCE: conformance.page(),
    }


def _session(match: re.Match[str]) -> str:
    arguments = match["command"].split()[1:]
    output = CliRunner().invoke(main, arguments, prog_name="corsmith", terminal_width=100).stdout
    lines = [line.rstrip() for line in output.rstrip("\n").split("\n")]
    if match["lines"] and len(lines) > int(match["lines"]):
        lines = [*lines[: int(match["lines"])], "…"]
    return match["head"] + "\n".join(lines) + "\n```"


def _with_rules(text: str) -> str:
    head, _, _ = text.partition("| rule | what it means |")
    rows = [
        f"| [{rule.id}](rules/{rule.id}.md) | {rule.summary} |" for rule in sorted(CATALOGUE, key=lambda rule: rule.id)
    ]
    return head + "\n".join(["| rule | what it means |", "| --- | --- |", *rows]) + "\n"


def _commands() -> str:
    parts = [COMMANDS_HEAD]
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        flag = "--help-all" if isinstance(command, LongCommand) else "--help"
        shown = CliRunner().invoke(main, [name, flag], prog_name="corsmith", terminal_width=COLUMNS).stdout
        parts += [f"## {name}", "```text\n" + "\n".join(line.rstrip() for line in shown.strip().split("\n")) + "\n```"]
    return "\n\n".join(parts) + "\n"


def run(arguments: list[str]) -> int:
    """Rewrite the documents, or say how they differ; return the exit code."""
    late = 0
    for path, text in written().items():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if text == before:
            continue
        late += 1
        if "--check" in arguments:
            sys.stdout.writelines(
                difflib.unified_diff(
                    before.splitlines(keepends=True), text.splitlines(keepends=True), str(path), str(path)
                )
            )
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if late and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
