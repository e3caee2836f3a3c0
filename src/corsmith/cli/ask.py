"""Which fixes are wanted: by the flags, and where somebody is asked, by their answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.api.tree import Tree
from corsmith.project.left import Declined, declining

if TYPE_CHECKING:
    from corsmith.project.choose import Choice

HELP = "y: apply it; n: leave it; a: apply this and all that follow; q: leave this and all that follow"


class Asking:
    """Takes each fix or leaves it; remembers what was declined."""

    def __init__(self, unsafe: bool, interactive: bool, choice: Choice) -> None:  # noqa: FBT001 - the command's flags
        self.declined: list[Declined] = []
        self._unsafe = unsafe
        self._choice = choice
        self._rest: bool | None = None if interactive else True
        self._tree: Tree | None = None

    def skips(self, tree: Tree, finding: Finding) -> bool:
        """Say whether `finding`, whose places are in `tree`, is not to be repaired."""
        from corsmith.project.ignores import is_set_aside

        self._tree = tree
        if not self._choice.takes(finding) or self._choice.set_aside_by(finding) is not None:
            return True
        return is_set_aside(tree, finding)

    def accepts(self, finding: Finding, fix: Fix) -> bool:
        """Say whether to apply `fix`, asking where that is wanted."""
        if not (fix.safe or self._unsafe):
            return False
        wanted = self._rest if self._rest is not None else self._asked(finding, fix)
        if not wanted:
            self.declined.append(declining(finding, fix.title))
        return wanted

    def _asked(self, finding: Finding, fix: Fix) -> bool:
        self._show(finding, fix)
        while True:
            answer = click.prompt("  apply? [y,n,a,q,?]", default="y", show_default=False, err=True).strip().lower()
            if answer in ("a", "q"):
                self._rest = answer == "a"
            if answer in ("y", "yes", "a"):
                return True
            if answer in ("n", "no", "q"):
                return False
            click.echo(f"  {HELP}", err=True)

    def _show(self, finding: Finding, fix: Fix) -> None:
        from corsmith.report.diff import difference
        from corsmith.report.ink import ink_for

        ink = ink_for(sys.stderr)
        head = ink.paint(f"{finding.severity}[{finding.rule}]", "bold")
        click.echo(f"\n{head} {finding.route}: {finding.message}", err=True)
        if finding.evidence is not None and finding.evidence.console:
            click.echo(f"  {ink.paint('the browser prints:', 'dim')} {finding.evidence.console}", err=True)
        click.echo(f"  {ink.paint('fix:', 'green')} {fix.title}{'' if fix.safe else ' (needs thought)'}", err=True)
        assert self._tree is not None
        after = self._tree.with_edits(fix.edits)
        for file in sorted({edit.file for edit in fix.edits}):
            for line in difference(file, self._tree.read(file), after.read(file)).splitlines():
                click.echo(f"    {line}", err=True)


def asked_for_origin(stand_in: str) -> str | None:
    """Ask for the origin of the project's pages, where somebody is there to answer; None where nobody is."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from corsmith.project.configuration import Pages
    from corsmith.project.settings_file import refusals

    click.echo("No origin of a page is declared in this project, by a flag or in corsmith.toml.", err=True)
    while True:
        answer: str = click.prompt("Origin of your pages", default=stand_in, err=True).strip()
        wrong = [message for _, message in refusals(Pages(origins=(answer,)))]
        if not wrong:
            return answer
        click.echo("  " + "\n  ".join(wrong), err=True)
