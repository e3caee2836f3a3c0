"""corsmith check: what a browser will block, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corsmith.api.finding import Severity
from corsmith.api.report import Report

from .caller import caller_flags, caller_options
from .help import LongCommand
from .options import check_rule_ids, fail, template_options

if TYPE_CHECKING:
    from corsmith.api.caller import CallerFlags
    from corsmith.project.configuration import Configuration

EPILOG = """\
Examples:

\b
  corsmith check .
  corsmith check https://api.example.com/items --origin https://app.example.com
  corsmith check template.yaml --origin https://app.example.com --format json
  corsmith check . --since origin/main --format sarif --output corsmith.sarif
  corsmith check page.har
  corsmith check --urls urls.txt --origin https://app.example.com --resume results.jsonl
"""

PROFILES = ("model", "standard", "chromium", "firefox", "webkit", "real-chromium", "real-firefox")
FORMATS = ("text", "json", "sarif", "junit", "github", "html")
USUAL = ("origins", "methods", "headers", "credentials", "send", "urls", "form", "fail_on", "since")
"""The options that --help shows; --help-all shows all."""


@click.command(cls=LongCommand, usual=USUAL, epilog=EPILOG)
@click.argument("targets", nargs=-1, metavar="TARGET...")
@caller_options
@template_options
@click.option("--data", default=None, metavar="D", help="Body of the call, for a URL.")
@click.option(
    "--send",
    is_flag=True,
    help="Send what may have effects, too. Without it a URL is sent GET, HEAD, OPTIONS and preflights only.",
)
@click.option(
    "--browser", "profile", type=click.Choice(PROFILES), default="model", show_default=True, help="Who judges."
)
@click.option("--errors", is_flag=True, help="Also provoke harmless errors of a URL: can the page read them?")
@click.option("--probe", is_flag=True, help="Also try origins that a URL must refuse.")
@click.option(
    "--urls",
    type=click.Path(allow_dash=True),
    metavar="FILE",
    help="Check the URLs of this list, one a line. - is standard input. With a URL as TARGET: the routes of this project, "
    "or OpenAPI document, at that URL. Writes JSON lines.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 1000), default=32, show_default=True, help="URLs of a list at a time."
)
@click.option(
    "--per-host", type=click.IntRange(1, 1000), default=6, show_default=True, help="Of these, for one other machine."
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that work a list off together."
)
@click.option("--part", is_flag=True, hidden=True, help="This is one of --jobs: say nothing of how far it is.")
@click.option(
    "--resume",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Results of an interrupted --urls run: go on from there, and add to them.",
)
@click.option("--matrix", is_flag=True, help="Print every judged cell.")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="Form of the report."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file.")
@click.option("--select", multiple=True, metavar="R", help="Report only this rule.")
@click.option("--ignore", multiple=True, metavar="R", help="Do not report this rule.")
@click.option("--min-severity", type=click.Choice(["info", "warning", "error"]), help="Report from here on.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "never"]), help="Exit 1 from here on. Default: error."
)
@click.option(
    "--baseline", type=click.Path(dir_okay=False, path_type=Path), help="Known findings: only new or worse ones count."
)
@click.option("--write-baseline", is_flag=True, help="Make what is found now the baseline.")
@click.option(
    "--since",
    metavar="REV",
    help="Only what is new or worse since this revision of git. Findings at changed lines count, too.",
)
@click.option("--timeout", type=click.FloatRange(0.1, 300), default=10.0, show_default=True, help="Seconds for a URL.")
def command(targets: tuple[str, ...], **options: Any) -> None:
    """Say what a browser will block, and why.

    TARGET is a URL, a folder, a template, or a HAR file that a browser saved.

    Settings are taken from corsmith.toml, or [tool.corsmith] of pyproject.toml, in the target's folder or above; flags
    count before them. Exit code: 0 nothing at or above --fail-on, 1 findings there or a blocked call, 2 a part could not
    be done.
    """
    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    check_rule_ids(options["select"], "--select")
    check_rule_ids(options["ignore"], "--ignore")
    if options["write_baseline"] and options["baseline"] is None:
        raise click.UsageError("--write-baseline needs --baseline FILE: the file to write.")
    if options["urls"] is not None:
        sys.exit(_list(targets, flags, options))
    if options["resume"] is not None:
        raise click.UsageError("--resume is for --urls: it goes on with a list.")
    if not targets:
        raise click.UsageError("Say what to check: a URL, a file or a folder (or --urls FILE).")
    urls = tuple(target for target in targets if target.lower().startswith(("http://", "https://")))
    hars = tuple(target for target in targets if target not in urls and target.lower().endswith(".har"))
    paths = tuple(target for target in targets if target not in urls and target not in hars)
    if sum(map(bool, (urls, hars, paths))) > 1:
        raise click.UsageError("Check URLs, HAR files and projects in runs of their own: their reports differ.")
    if (urls or hars) and options["since"] is not None:
        raise click.UsageError("--since is for projects: a call has no revisions.")
    if not urls and (options["errors"] or options["probe"]):
        raise click.UsageError("--errors and --probe are for URLs: they ask a server.")
    if not urls and options["profile"].startswith("real-"):
        raise click.UsageError("--browser real-… is for URLs: a real browser makes the call.")
    found = _paths(paths, flags, options) if paths else _calls(urls, hars, flags, options)
    if options["baseline"] is not None:
        found = _beside_baseline(found, options)
    report = _merged(tuple(each for each, _ in found))
    strictest = min((fail_on for _, fail_on in found), key=("warning", "error", "never").index)
    # Half of a pair of surrogates, which JSON can spell, is in no encoding: it is written as JSON spells it.
    text = _rendered(report, options, strictest).encode("utf-8", "backslashreplace").decode("utf-8")
    if options["output"] is None:
        click.echo(text, nl=False)
    else:
        _write(options["output"], text, "--output")
    sys.exit(max(_exit_code(each, fail_on) for each, fail_on in found))


def _calls(
    urls: tuple[str, ...], hars: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]
) -> tuple[tuple[Report, str], ...]:
    from .options import settings_for

    configuration = settings_for(".")
    if hars:
        from .check_har import check_hars

        report = check_hars(hars, flags, options)
    else:
        from corsmith.project.configuration import caller_of

        from .check_url import check_urls

        report = check_urls(urls, _without_methods(caller_of(flags, configuration.policy), flags), options)
    return ((_chosen(report, configuration, options), options["fail_on"] or configuration.fail_on or "error"),)


def _list(targets: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> int:
    from corsmith.project.configuration import caller_of

    from .check_many import check_many
    from .options import settings_for

    for flag in ("since", "matrix"):
        if options[flag]:
            raise click.UsageError(f"--urls takes no --{flag}: that is for projects.")
    if options["jobs"] == 1 and len(targets) > 1:
        raise click.UsageError(
            "--urls takes its targets from the list; with a project in its place, one TARGET is its address."
        )
    configuration = settings_for(".")
    caller = _without_methods(caller_of(flags, configuration.policy), flags)
    if options["jobs"] > 1:
        return _spread(targets, caller, options)
    fail_on = options["fail_on"] or configuration.fail_on or "error"
    lines = None
    if targets:
        from .route_list import route_list

        lines = route_list(targets[0], options["urls"], flags, options)
    return check_many(
        caller,
        options,
        lambda report: _chosen(report, configuration, options),
        lambda report: _rendered(report, options, fail_on),
        fail_on,
        lines,
    )


def _spread(targets: tuple[str, ...], caller: CallerFlags, options: dict[str, Any]) -> int:
    from .spread import spread

    other = [flag for flag in ("resume", "baseline") if options[flag] is not None]
    other += [] if options["form"] in ("text", "json") else ["format"]
    if targets or other:
        raise click.UsageError(
            f"--jobs works off a list of URLs alone: without {'TARGET' if targets else f'--{other[0]}'}."
        )
    return spread(caller, options)


def _without_methods(caller: CallerFlags, flags: CallerFlags) -> CallerFlags:
    """Return the caller with the methods of the command line: the policy says what pages may do, not what to send."""
    from msgspec.structs import replace

    return replace(caller, methods=flags.methods)


def _paths(paths: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> tuple[tuple[Report, str], ...]:
    from .check_paths import checked, parts

    found = []
    for part in parts(paths, flags, options):
        own = part.configuration
        report = _chosen(checked(part, flags, options), own, options)
        found.append((report, options["fail_on"] or own.fail_on or "error"))
    return tuple(found)


def _chosen(report: Report, configuration: Configuration, options: dict[str, Any]) -> Report:
    from corsmith.project.choose import Choice, chosen

    choice = Choice(
        select=options["select"] or configuration.select,
        ignore=(*options["ignore"], *configuration.ignore),
        least=Severity(options["min_severity"] or configuration.min_severity or "info"),
        folder=configuration.folder,
        per_path=configuration.per_path_ignores,
    )
    return chosen(report, choice)


def _beside_baseline(found: tuple[tuple[Report, str], ...], options: dict[str, Any]) -> tuple[tuple[Report, str], ...]:
    from corsmith.report import baseline

    from .known import count_said, known_before, left_said, write_known

    file: Path = options["baseline"]
    if options["write_baseline"]:
        entries = tuple(each for report, _ in found for each in baseline.known(report))
        write_known(file, entries)
        count_said(file, len(entries))
    else:
        entries = known_before(file)
    after = []
    for report, fail_on in found:
        result = baseline.compared(report, entries, f"known in {file.name}")
        entries = result.left
        after.append((result.report, fail_on))
    if not options["write_baseline"]:
        left_said(file, len(entries))
    return tuple(after)


def _merged(reports: tuple[Report, ...]) -> Report:
    if len(reports) == 1:
        return reports[0]
    from corsmith.api.tree import Tree
    from corsmith.project.disk import Disk

    return Report(
        tree=Tree(Disk()),
        cells=tuple(each for report in reports for each in report.cells),
        findings=tuple(each for report in reports for each in report.findings),
        problems=tuple(each for report in reports for each in report.problems),
        passed_over=tuple(dict.fromkeys(each for report in reports for each in report.passed_over)),
        unexplained=tuple(each for report in reports for each in report.unexplained),
        ignored=tuple(each for report in reports for each in report.ignored),
        remarks=tuple(dict.fromkeys(each for report in reports for each in report.remarks)),
        explained=tuple(each for report in reports for each in report.explained),
    )


def _rendered(report: Report, options: dict[str, Any], fail_on: str) -> str:
    if options["form"] == "text":
        from corsmith.report.ink import Ink, ink_for
        from corsmith.report.matrix import render as render_matrix
        from corsmith.report.text import render

        ink = ink_for(sys.stdout) if options["output"] is None else Ink()
        matrix = render_matrix(report, ink) + "\n" if options["matrix"] else ""
        return matrix + render(report, ink)
    if options["form"] == "junit":
        from corsmith.report.junit import render as render_junit

        return render_junit(report, None if fail_on == "never" else Severity(fail_on))
    import importlib

    text: str = importlib.import_module(f"corsmith.report.{options['form']}").render(report)
    return text


def _write(path: Path, text: str, flag: str) -> None:
    from .output import write_whole

    try:
        write_whole(path, text)
    except OSError as error:
        fail(f"{flag} {path}: cannot be written: {error.strerror or error}")


def _exit_code(report: Report, fail_on: str) -> int:
    from corsmith.project.choose import RANK
    from corsmith.report.baseline import newly_blocked

    if report.problems:
        return 2
    if fail_on == "never":
        return 0
    least = RANK[Severity(fail_on)]
    failed = any(RANK[finding.severity] >= least for finding in report.findings)
    return 1 if failed or report.unexplained or newly_blocked(report) else 0
