"""corsmith audit --fix, --apply and --undo: the calls that mend an account, made and taken back."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corsmith.api.finding import Severity

from .audit_report import write
from .options import fail

if TYPE_CHECKING:
    from corsmith.account.apply import Outcome
    from corsmith.account.audit import Audit
    from corsmith.account.code import Downloads
    from corsmith.account.plan.plan import UnitPlan
    from corsmith.account.session import Access
    from corsmith.account.snapshot import Place
    from corsmith.api.caller import CallerFlags


def fix(found: Audit, flags: CallerFlags, options: dict[str, Any], downloads: Downloads | None) -> int:
    """Show the plan, and carry it out where --apply says so. Return the exit code."""
    from corsmith.account.plan.plan import Wish, plan
    from corsmith.account.units import no_code
    from corsmith.project.choose import Choice

    choice = Choice(options["select"], options["ignore"], Severity(options["min_severity"]))
    token = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    wish = Wish(flags, token, choice.takes, options["even_if_managed"])
    code = downloads.code if downloads is not None else no_code
    plans = tuple(plan(found.readings.units(code), wish))
    for failure in found.failures:
        click.echo(f"corsmith: {failure.message}", err=True)
    calls = tuple(call for each in plans for call in each.calls)
    if not options["apply"] or not calls:
        _show(plans, options, None)
        if calls:
            click.echo("Nothing was changed; run again with --apply.", err=True)
        return _exit_code(plans, found)
    if options["form"] == "text":
        _show(plans, options, None)
    if not _agreed(f"Make {len(calls)} calls to AWS?", options):
        click.echo("Nothing was changed.", err=True)
        return 2
    path = Path(f"corsmith-undo-{token}.json")
    outcome = _applied(calls, token, path, found.readings.access)
    if options["form"] == "json":
        _show(plans, options, _outcome(outcome, path))
    _tell(outcome, path)
    return 2 if outcome.failed else _exit_code(plans, found)


def undo(path: Path, options: dict[str, Any]) -> int:
    """Take back what the run did whose undo file is at `path`. Return the exit code."""
    from corsmith.account.pace import RealClock
    from corsmith.account.remote import Remote
    from corsmith.account.undo import Undoing
    from corsmith.account.undo_file import NotAnUndoFile, load

    try:
        file = load(path)
    except (NotAnUndoFile, OSError) as error:
        fail(f"--undo {path}: {getattr(error, 'strerror', None) or error}")
    count = sum(each.counts for each in file.entries)
    if not count:
        click.echo("There is nothing to take back: nothing was done, or all of it is undone.", err=True)
        return 0
    if not _agreed(f"Take back {count} calls?", options):
        click.echo("Nothing was changed.", err=True)
        return 2
    remote = Remote(_reached(options), RealClock())
    try:
        done = Undoing(remote, file, path, lambda line: click.echo(line, err=True)).run()
    except OSError as error:
        fail(f"--undo {path}: cannot be kept: {error.strerror or error}")
    if options["form"] == "json":
        body = {"restored": list(done.restored), "already": list(done.already), "left": list(done.left)}
        click.echo(json.dumps({"schema": "corsmith/1", "undo": body}, indent=2, ensure_ascii=False))
    click.echo(
        f"{len(done.restored)} put back, {len(done.already)} as before already, {len(done.left)} left.", err=True
    )
    return 2 if done.left else 0


def _reached(options: dict[str, Any]) -> Callable[[Place], Access]:
    """Return what finds the account of a place among those that the flags reach."""
    from corsmith.account.accesses import Reaching, Wanted, accesses
    from corsmith.account.pace import Pace, RealClock
    from corsmith.account.session import NotInstalled
    from corsmith.account.snapshot import Failure

    failures: list[Failure] = []
    wanted = Wanted(options["profiles"], options["roles"], options["organization"])
    how = Reaching(Pace(RealClock()), failures, lambda sentence: click.echo(f"corsmith: {sentence}", err=True))
    try:
        found = {each.account: each for each in accesses(wanted, how)}
    except NotInstalled as error:
        fail(str(error))
    for failure in failures:
        click.echo(f"corsmith: {failure.message}", err=True)
    return lambda place: found[place.account]


def _applied(calls: tuple[Any, ...], token: str, path: Path, access: Callable[[Place], Access]) -> Outcome:
    from corsmith.account.apply import Applying
    from corsmith.account.pace import RealClock
    from corsmith.account.remote import Remote

    click.echo(f"The undo file is {path}.", err=True)
    run = Applying(Remote(access, RealClock()), path, lambda line: click.echo(line, err=True))
    try:
        return run.run(calls, token)
    except OSError as error:
        fail(f"{path}: cannot be written, so nothing more was sent: {error.strerror or error}")
    except KeyboardInterrupt:
        click.echo(f"\ncorsmith: stopped; corsmith audit --undo {path} takes back what was done", err=True)
        sys.exit(2)


def _agreed(question: str, options: dict[str, Any]) -> bool:
    """Ask on a terminal; where nobody can answer, the flag has said it."""
    if options["yes"] or not sys.stdin.isatty():
        return True
    return click.confirm(question, err=True)


def _show(plans: tuple[UnitPlan, ...], options: dict[str, Any], outcome: dict[str, Any] | None) -> None:
    if options["form"] == "json":
        from corsmith import __version__
        from corsmith.account.plan.as_json import as_data

        body = {"schema": "corsmith/1", "version": __version__, "plan": as_data(plans), "applied": outcome}
        text = json.dumps(body, indent=2, ensure_ascii=False) + "\n"
    else:
        from corsmith.account.plan.as_text import render
        from corsmith.report.ink import Ink, ink_for

        text = render(plans, ink_for(sys.stdout) if options["output"] is None else Ink())
    write(text, options["output"])


def _outcome(outcome: Outcome, path: Path) -> dict[str, Any]:
    return {
        "undo_file": str(path),
        "done": len(outcome.done),
        "remaining": len(outcome.remaining),
        "failed": outcome.failed or None,
    }


def _tell(outcome: Outcome, path: Path) -> None:
    from corsmith.account.apply import title

    if not outcome.failed:
        click.echo(f"{len(outcome.done)} calls made. corsmith audit --undo {path} takes them back.", err=True)
        return
    click.echo(f"corsmith: {outcome.failed}", err=True)
    click.echo(f"{len(outcome.done)} calls were made; these were not:", err=True)
    for call in outcome.remaining:
        click.echo(f"  {title(call)}", err=True)
    click.echo(
        f"Audit again and apply what is left, or take back what was done: corsmith audit --undo {path}", err=True
    )


def _exit_code(plans: tuple[UnitPlan, ...], found: Audit) -> int:
    if found.failures:
        return 2
    stays = any(each.severity is Severity.ERROR for plan in plans for each in plan.left)
    return int(stays or any(plan.managed is not None for plan in plans))
