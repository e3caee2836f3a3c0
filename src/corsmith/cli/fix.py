"""corsmith fix: the changes that let the calls through, each proven before it is shown."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from corsmith.api.finding import Finding
from corsmith.api.fix import Fix
from corsmith.api.tree import Tree, Unreadable
from corsmith.project.origins import STAND_IN, named

from .caller import caller_flags, caller_options
from .check_paths import question

if TYPE_CHECKING:
    from corsmith.project.repair import Repair

EPILOG = """\
Examples:

\b
  corsmith fix .
  corsmith fix template.yaml --origin https://app.example.com --write
  corsmith fix . --unsafe --interactive
"""


@click.command(epilog=EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@caller_options
@click.option("--parameter", "parameters", multiple=True, metavar="K=V", help="Value of a template parameter.")
@click.option("--config-env", metavar="E", help="Table of samconfig.toml to take values from.")
@click.option("--write", is_flag=True, help="Change the files; without it the diff is shown.")
@click.option("--interactive", is_flag=True, help="Ask for each fix; implies --write.")
@click.option("--unsafe", is_flag=True, help="Also fixes that need thought, such as a wildcard narrowed.")
def command(targets: tuple[str, ...], **options: Any) -> None:
    """Show, or write, the changes that let the calls through.

    Each fix was tried in memory: its calls pass the browser, and nothing else got worse. Exit code: 0 nothing is left,
    1 errors are left, 2 a part could not be done.
    """
    from corsmith.project.check import check
    from corsmith.project.disk import Disk
    from corsmith.project.repair import checked, repair

    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    asked = question(targets, flags, options)
    before = check(Tree(Disk()), asked)
    result = repair(asked, before, _chooser(options))
    for name, (old, new) in sorted(result.changed().items()):
        click.echo(_diff(name, old, new), nl=False)
    problems = [f"{each.file}:{each.line}:{each.column}: {each.message}" for each in before.problems]
    written = 0
    if options["write"] or options["interactive"]:
        written, failed = _write(result.changed())
        problems += failed
    left = checked(asked, result.after).groups
    errors = sum(group.finding.severity == "error" for group in left)
    _summary(result.done, left, written if options["write"] or options["interactive"] else None)
    if not flags.origins and _stands_in(result):
        click.echo(f"No origin of a page is declared: {STAND_IN} stands in for it. Name yours with --origin.", err=True)
    if not (result.done or left or problems):
        click.echo("Nothing to fix.", err=True)
    for problem in problems:
        click.echo(f"corsmith: {problem}", err=True)
    sys.exit(2 if problems else 1 if errors else 0)


def _stands_in(result: Repair) -> bool:
    """Say whether a fix wrote the stand-in for an origin that the project does not declare."""
    written = any(new.count(STAND_IN) > old.count(STAND_IN) for old, new in result.changed().values())
    return written and any(not named(api) for api in result.before.apis)


def _chooser(options: dict[str, Any]) -> Callable[[Finding, Fix], bool]:
    def chosen(finding: Finding, fix: Fix) -> bool:
        if not (fix.safe or options["unsafe"]):
            return False
        if not options["interactive"]:
            return True
        click.echo(f"{finding.severity}[{finding.rule}] {finding.route}: {finding.message}", err=True)
        if finding.evidence is not None and finding.evidence.console:
            click.echo(f"  the browser prints: {finding.evidence.console}", err=True)
        return click.confirm(f"  {fix.title}?", default=True, err=True)

    return chosen


def _diff(name: str, old: str, new: str) -> str:
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{name}", f"b/{name}", n=3
    )
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _write(changed: dict[str, tuple[str, str]]) -> tuple[int, list[str]]:
    from corsmith.project.disk import write

    failed: list[str] = []
    written = 0
    for name, (old, new) in sorted(changed.items()):
        try:
            write(name, old, new)
            written += 1
        except Unreadable as error:
            failed.append(str(error))
        except OSError as error:
            failed.append(f"{name}: cannot be written: {error.strerror or error}")
    return written, failed


def _summary(done: tuple[tuple[Finding, Fix], ...], left: tuple[Any, ...], written: int | None) -> None:
    for finding, fix in done:
        click.echo(
            f"{'fixed' if written is not None else 'would fix'} {finding.rule} ({finding.route}): {fix.title}", err=True
        )
    for group in left:
        finding = group.finding
        click.echo(f"left {finding.severity}[{finding.rule}] {finding.route}: {finding.message}", err=True)
    if written is None and done:
        click.echo("Nothing was written; run again with --write.", err=True)
