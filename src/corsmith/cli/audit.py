"""corsmith audit: what is really deployed, what browsers will block of it, and what was changed but never deployed."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from corsmith.api.finding import Severity

from .audit_report import FORMATS, check_place, report
from .caller import caller_flags, caller_options
from .help import LongCommand
from .options import check_rule_ids, fail

if TYPE_CHECKING:
    from corsmith.account.audit import Audit, Readings
    from corsmith.account.code import Downloads
    from corsmith.account.compare_project import Project
    from corsmith.api.caller import CallerFlags

EPILOG = """\
Examples:

\b
  corsmith audit --profile prod --region eu-west-1
  corsmith audit --all-regions --format json --output audit.json
  corsmith audit --against . --code
  corsmith audit --api abc123def4 --fix
"""

USUAL = ("profiles", "regions", "all_regions", "roles", "only", "against", "code", "live", "fix", "apply", "undo", "origins",
         "form", "output")  # fmt: skip


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.option(
    "--profile", "profiles", multiple=True, metavar="P", help="Profile of the AWS configuration; default: boto3's."
)
@click.option("--region", "regions", multiple=True, metavar="R", help="Region to read; default: the configured one.")
@click.option("--all-regions", is_flag=True, help="Every Region that is enabled for the account.")
@click.option("--role", "roles", multiple=True, metavar="ARN", help="Role to assume; its account is read.")
@click.option(
    "--organization",
    default="",
    metavar="ROLE",
    help="Every account of the Organization, by this role in each of them.",
)
@click.option("--api", "only", multiple=True, metavar="ID", help="Only this API or function: its id, name or ARN.")
@click.option(
    "--against",
    type=click.Path(exists=True),
    metavar="PATH",
    help="Also say where the account differs from this project.",
)
@click.option("--code", is_flag=True, help="Download the functions' code, and read what they answer.")
@click.option("--live", is_flag=True, help="Also call each public address, and compare with what is expected.")
@click.option(
    "--save-evidence",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what the calls of --live were answered, without names and secrets.",
)
@click.option("--fix", is_flag=True, help="Show the calls that would mend what was found.")
@click.option("--apply", is_flag=True, help="With --fix: make the calls; an undo file is written first.")
@click.option("--even-if-managed", is_flag=True, help="With --fix: also what CloudFormation, CDK or Terraform made.")
@click.option(
    "--undo",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take back what --apply did.",
)
@click.option("--yes", is_flag=True, help="With --apply or --undo: do not ask.")
@caller_options
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to write the report; a plan is text or JSON.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option("--select", multiple=True, metavar="R", help="Report only this rule.")
@click.option("--ignore", multiple=True, metavar="R", help="Do not report this rule.")
@click.option(
    "--min-severity", type=click.Choice(["info", "warning", "error"]), default="info", help="Report from here on."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    help="Exit 1 on these; default: error.",
)
@click.option(
    "--cache", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Where what was read is kept."
)
@click.option(
    "--max-age",
    type=click.FloatRange(0),
    default=0.0,
    metavar="SECONDS",
    help="Do not read again what was read so short a time ago; default: read all.",
)
def command(**options: Any) -> None:
    """Say what browsers will block of what is deployed, and what was changed but never deployed.

    Reads REST APIs, HTTP APIs, Function URLs and the CloudFront distributions in front of them; changes nothing without
    --fix --apply. What was read is kept on disk: a run that was broken off is gone on with. Exit code: 0 nothing at or
    above --fail-on, 1 findings there, 2 a part could not be read.
    """
    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    check_rule_ids(options["select"], "--select")
    check_rule_ids(options["ignore"], "--ignore")
    _check_usage(options)
    check_place("--output", options["output"])
    check_place("--save-evidence", options["save_evidence"])
    if options["undo"] is not None:
        from .audit_fix import undo

        sys.exit(undo(options["undo"], options))
    readings = _read(options)
    downloads = _downloads(readings) if options["code"] else None
    found = _audited(readings, flags, options, downloads)
    if options["fix"]:
        from .audit_fix import fix

        try:
            sys.exit(fix(found, flags, options, downloads))
        finally:
            # What was read tells how things were before.
            for each in readings.places if options["apply"] else ():
                readings.shelf(each.place).clear()
    found = _chosen(found, options)
    report(found, options)
    sys.exit(_exit_code(found, options["fail_on"]))


_NOT_WITH_UNDO = (
    ("--api", "only"),
    ("--against", "against"),
    ("--code", "code"),
    ("--live", "live"),
    ("--output", "output"),
    ("--region", "regions"),
    ("--all-regions", "all_regions"),
)


def _check_usage(options: dict[str, Any]) -> None:
    if options["apply"] and not options["fix"]:
        raise click.UsageError("--apply is for --fix: it makes the calls that --fix shows.")
    if options["even_if_managed"] and not options["fix"]:
        raise click.UsageError("--even-if-managed is for --fix.")
    if options["undo"] is not None and options["fix"]:
        raise click.UsageError("--undo takes back what --fix --apply did: it is a run of its own.")
    if options["save_evidence"] is not None and not options["live"]:
        raise click.UsageError("--save-evidence is for --live: it saves what the calls were answered.")
    if options["yes"] and not options["apply"] and options["undo"] is None:
        raise click.UsageError(
            "--yes answers the question of --fix --apply, and of --undo FILE: write one of them beside it."
        )
    if options["undo"] is not None:
        for flag, name in _NOT_WITH_UNDO:
            if options[name]:
                raise click.UsageError(f"{flag} is for an audit; --undo FILE reads only what the file names.")
    if (options["fix"] or options["undo"] is not None) and options["form"] not in ("text", "json"):
        raise click.UsageError(f"--format {options['form']} is for an audit: a plan is text or JSON.")
    if options["regions"] and options["all_regions"]:
        raise click.UsageError("--region and --all-regions: name Regions, or take all of them.")
    if options["roles"] and options["organization"]:
        raise click.UsageError("--role and --organization: name roles, or one that every account has.")


def _read(options: dict[str, Any]) -> Readings:
    from corsmith.account.accesses import Wanted
    from corsmith.account.audit import Reader
    from corsmith.account.read import Scope
    from corsmith.account.session import NotInstalled
    from corsmith.account.store import Store, default_root
    from corsmith.readers.cloudformation.cloudfront_policies import MANAGED

    from .audit_watch import Watch

    wanted = Wanted(
        options["profiles"], options["roles"], options["organization"], options["regions"], options["all_regions"]
    )
    store = Store(options["cache"] or default_root())
    try:
        with Watch() as watch:
            scope = Scope(options["only"], options["max_age"])
            readings = Reader(wanted, store, scope, watch, MANAGED).read()
    except NotInstalled as error:
        fail(str(error))
    except OSError as error:
        fail(f"{store.root}: what was read cannot be kept there: {error.strerror or error}")
    except KeyboardInterrupt:
        click.echo("\ncorsmith: stopped; the next run within an hour goes on from here", err=True)
        sys.exit(2)
    now = time.time()
    for each in readings.places:
        if now - each.read_at > 60:
            minutes = round((now - each.read_at) / 60)
            why = (
                "--max-age 0 reads it again"
                if options["max_age"]
                else "a run that was broken off began to read it then"
            )
            click.echo(f"{each.place.account} {each.place.region}: as it was {minutes} min ago; {why}", err=True)
    return readings


def _audited(readings: Readings, flags: CallerFlags, options: dict[str, Any], downloads: Downloads | None) -> Audit:
    from corsmith.account.audit import audit
    from corsmith.account.units import no_code

    from .audit_watch import Judging

    judging = Judging()
    found = audit(readings, flags, downloads.code if downloads is not None else no_code, judging.step)
    judging.end()
    if downloads is not None:
        found = replace(found, failures=tuple(dict.fromkeys((*found.failures, *downloads.failures))))
    if options["against"] is not None:
        from corsmith.account.compare_project import beside

        drift = beside(_project(options["against"]), readings.units())
        found = found.with_found(drift.found, drift.absent)
    return _called(found, options) if options["live"] else found


def _downloads(readings: Readings) -> Downloads:
    from corsmith.account.asking import Asking
    from corsmith.account.code import Downloads, fetch
    from corsmith.account.pace import Pace, RealClock

    pace = Pace(RealClock())
    return Downloads(lambda state: Asking(readings.access(state.place), state.place, pace), fetch)


def _project(path: str) -> Project:
    from corsmith.account.compare_project import project_at
    from corsmith.api.caller import CallerFlags
    from corsmith.api.tree import Tree, Unreadable
    from corsmith.project.discover import discover
    from corsmith.project.disk import Disk

    from .check_paths import parts

    values = {"parameters": (), "stage": None, "config_env": None, "var_files": ()}
    (part,) = parts((path,), CallerFlags(), values)
    tree = Tree(Disk())
    try:
        templates = discover(tree, part.question.targets[0]).templates
    except Unreadable as error:
        fail(f"--against {path}: {error.reason}")
    if not templates:
        fail(f"--against {path}: holds no template that corsmith reads")
    return project_at(tree, templates, part.question.settings)


def _called(found: Audit, options: dict[str, Any]) -> Audit:
    from corsmith.account.audit import Calls
    from corsmith.account.evidence import lines
    from corsmith.account.live import call_all, findings
    from corsmith.live.check import Sending

    from .output import write_whole
    from .progress import Progress

    bar = Progress("calls", len(found.expected))
    answered = call_all(found.expected, Sending(), bar.step)
    bar.end("")
    if options["save_evidence"] is not None:
        try:
            write_whole(options["save_evidence"], lines(answered))
        except OSError as error:
            fail(f"--save-evidence {options['save_evidence']}: cannot be written: {error.strerror or error}")
    agreed = [each.agrees for each in answered]
    failed = sum(bool(each.report.problems) for each in answered)
    calls = Calls(len(answered), agreed.count(True), agreed.count(False), failed)
    return replace(found.with_found(findings(answered)), calls=calls)


def _chosen(found: Audit, options: dict[str, Any]) -> Audit:
    from corsmith.project.choose import Choice

    choice = Choice(options["select"], options["ignore"], Severity(options["min_severity"]))
    return replace(found, found=tuple(each for each in found.found if choice.takes(each.finding)))


def _exit_code(found: Audit, fail_on: str) -> int:
    from corsmith.project.choose import RANK

    if found.failures:
        return 2
    if fail_on == "never":
        return 0
    return int(any(RANK[each.finding.severity] >= RANK[Severity(fail_on)] for each in found.found))
