"""corsmith fix: the changes that let the calls through, each proven before it is shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from corsmith.api.finding import Severity
from corsmith.api.tree import Tree
from corsmith.project.origins import STAND_IN, named
from corsmith.report.diff import difference

from .caller import caller_flags, caller_options
from .check_paths import parts
from .help import LongCommand
from .options import check_rule_ids, template_options

if TYPE_CHECKING:
    from corsmith.project.check import Checked, Question
    from corsmith.project.choose import Choice
    from corsmith.project.left import Declined
    from corsmith.project.repair import Repair

    from .ask import Asking
    from .check_paths import Part

EPILOG = """\
Examples:

\b
  corsmith fix .
  corsmith fix template.yaml --origin https://app.example.com --write
  corsmith fix . --unsafe --interactive
"""


USUAL = ("origins", "write", "interactive", "unsafe", "select", "ignore", "path", "credentials")
"""The options that --help shows; --help-all shows all."""


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@caller_options
@template_options
@click.option("--select", multiple=True, metavar="R", help="Repair only what this rule finds.")
@click.option("--ignore", multiple=True, metavar="R", help="Leave what this rule finds.")
@click.option("--write", is_flag=True, help="Change the files; without it the diff is shown.")
@click.option("--interactive", is_flag=True, help="Ask for each fix; implies --write.")
@click.option("--unsafe", is_flag=True, help="Also fixes that need thought, such as a wildcard narrowed.")
def command(targets: tuple[str, ...], **options: Any) -> None:
    """Show, or write, the changes that let the calls through.

    Each fix was tried in memory: its calls pass the browser, and nothing else got worse.

    What a comment or the settings set aside is left alone. Where no origin of a page is declared anywhere, it is asked for
    on a terminal. Exit code: 0 no error stays with these changes, written or not; 1 errors stay; 2 a part could not be done.
    """
    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    check_rule_ids(options["select"], "--select")
    check_rule_ids(options["ignore"], "--ignore")
    warned: set[str] = set()
    codes = [_part(each, options, warned) for each in parts(targets, flags, options)]
    sys.exit(max(codes))


def _part(part: Part, options: dict[str, Any], warned: set[str]) -> int:
    from corsmith.project.check import check
    from corsmith.project.disk import Disk
    from corsmith.project.repair import checked, repair
    from corsmith.project.written import write_all

    from .ask import Asking, asked_for_origin

    asked, configuration = part.question, part.configuration
    choice = _choice(configuration, options)
    asking = Asking(options["unsafe"], options["interactive"], choice)
    before = check(Tree(Disk()), asked)
    if before.groups and not asked.flags.origins and not any(named(api) for api in before.apis):
        answer = asked_for_origin(STAND_IN)
        if answer is not None:
            asked = replace(asked, flags=replace(asked.flags, origins=(answer,)))
            before = check(Tree(Disk()), asked)
    result = repair(asked, before, asking.accepts, asking.skips)
    for name, (old, new) in sorted(result.changed().items()):
        click.echo(difference(name, old, new), nl=False)
    problems = [f"{each.file}:{each.line}:{each.column}: {each.message}" for each in before.problems]
    writes = options["write"] or options["interactive"]
    unwritten: dict[str, str] = {} if writes else dict.fromkeys(result.changed(), "")
    if writes and result.changed():
        _warn_of_changes(tuple(result.changed()), warned)
        unwritten = write_all(result)
        problems += unwritten.values()
    after = checked(asked, result.after)
    left = _summary(asked, result, after, asking, frozenset(unwritten))
    if not writes and result.done:
        click.echo("Nothing was written; run again with --write.", err=True)
    if not asked.flags.origins and _stands_in(result):
        click.echo(f"No origin of a page is declared: {STAND_IN} stands in for it. Name yours with --origin.", err=True)
    if not (result.done or left or problems):
        click.echo("Nothing to fix.", err=True)
    for problem in problems:
        click.echo(f"corsmith: {problem}", err=True)
    return 2 if problems else 1 if Severity.ERROR in left else 0


def _choice(configuration: Any, options: dict[str, Any]) -> Choice:
    from corsmith.project.choose import Choice

    return Choice(
        select=options["select"] or configuration.select,
        ignore=(*options["ignore"], *configuration.ignore),
        folder=configuration.folder,
        per_path=configuration.per_path_ignores,
    )


def _stands_in(result: Repair) -> bool:
    """Say whether a fix wrote the stand-in for an origin that the project does not declare."""
    written = any(new.count(STAND_IN) > old.count(STAND_IN) for old, new in result.changed().values())
    return written and any(not named(api) for api in result.before.apis)


def _warn_of_changes(files: tuple[str, ...], warned: set[str]) -> None:
    """Say where fixes will stand among changes that are not committed, once for each repository.

    They are hard to tell apart afterwards.
    """
    from corsmith.project.git import NoHistory, root_of, uncommitted

    roots: dict[str, None] = {}
    for file in files:
        try:
            roots.setdefault(root_of(file))
        except NoHistory:
            continue
    for root in roots.keys() - warned:
        warned.add(root)
        try:
            count = uncommitted(root)
        except NoHistory:
            continue
        if count:
            what = "1 file with changes" if count == 1 else f"{count} files with changes"
            click.echo(f"warning: {root} has {what} that are not committed; the fixes are written among them", err=True)


def _summary(
    asked: Question, result: Repair, after: Checked, asking: Asking, unwritten: frozenset[str]
) -> list[Severity]:
    """Say what was done, and what is left and why; return how bad each is that is left. Advice is counted alone."""
    from corsmith.project.left import why_left

    for finding, fix in result.done:
        verb = "would fix" if unwritten & {edit.file for edit in fix.edits} else "fixed"
        click.echo(f"{verb} {finding.rule} ({finding.route or finding.api}): {fix.title}", err=True)
    aside = advice = 0
    said: set[str] = set()
    worst: list[Severity] = []
    declined: frozenset[Declined] = frozenset(asking.declined)
    for group in after.groups:
        left = group.finding
        if asking.skips(after.tree, left):
            aside += 1
        elif left.severity is Severity.INFO:
            advice += 1
        else:
            worst.append(left.severity)
            click.echo(f"left {left.severity}[{left.rule}] {left.route or left.api}: {left.message}", err=True)
            why = why_left(asked, after, group, declined)
            click.echo(f"  because {why if why not in said else 'of the same as above'}", err=True)
            said.add(why)
    if aside:
        click.echo(f"{aside} set aside by comments, settings or flags", err=True)
    if advice:
        click.echo(f"{advice} more to think about: corsmith check tells", err=True)
    return worst
