"""corsmith check: what a browser will block, and why."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from corsmith.api.finding import Severity
from corsmith.api.report import Report

from .caller import caller_flags, caller_options

EPILOG = """\
Examples:

\b
  corsmith check .
  corsmith check template.yaml --origin https://app.example.com --format json
  corsmith check https://api.example.com/items --origin https://app.example.com --method POST
"""

PROFILES = ("model", "standard", "chromium", "firefox", "webkit")
_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@click.command(epilog=EPILOG)
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@caller_options
@click.option("--parameter", "parameters", multiple=True, metavar="K=V", help="Value of a template parameter.")
@click.option("--config-env", metavar="E", help="Table of samconfig.toml to take values from.")
@click.option("--data", default=None, metavar="D", help="Body of the call, for a URL.")
@click.option("--send", is_flag=True, help="Really send requests other than GET, HEAD and OPTIONS to a URL.")
@click.option(
    "--browser", "profile", type=click.Choice(PROFILES), default="model", show_default=True, help="Who judges."
)
@click.option("--matrix", is_flag=True, help="Print every judged cell.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
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
    show_default=True,
    help="Exit 1 on these.",
)
@click.option("--timeout", type=click.FloatRange(0.1, 300), default=10.0, show_default=True, help="Seconds for a URL.")
def command(targets: tuple[str, ...], **options: Any) -> None:
    """Say what a browser will block, and why.

    TARGET is a URL, a template or a folder. Exit code: 0 nothing at or above --fail-on, 1 findings there or a blocked
    URL, 2 a part could not be done.
    """
    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    urls = tuple(target for target in targets if target.startswith(("http://", "https://")))
    paths = tuple(target for target in targets if target not in urls)
    if urls and paths:
        raise click.UsageError("Check URLs and files in two runs: their reports differ.")
    if urls:
        from .check_url import check_urls

        report = check_urls(urls, flags, options)
    else:
        from corsmith.project.report import report as project_report

        from .check_paths import question

        report = project_report(question(paths, flags, options))
    shown = _chosen(report, options)
    text = _rendered(shown, options)
    if options["output"] is None:
        click.echo(text, nl=False)
    else:
        options["output"].write_text(text, encoding="utf-8")
    sys.exit(_exit_code(shown, options["fail_on"]))


def _chosen(report: Report, options: dict[str, Any]) -> Report:
    least = _RANK[Severity(options["min_severity"])]
    kept = tuple(
        finding
        for finding in report.findings
        if _RANK[finding.severity] >= least
        and finding.rule not in options["ignore"]
        and (not options["select"] or finding.rule in options["select"])
    )
    return replace(report, findings=kept)


def _rendered(report: Report, options: dict[str, Any]) -> str:
    if options["form"] == "json":
        from corsmith.report.json import render as render_json

        return render_json(report)
    from corsmith.report.ink import Ink, ink_for
    from corsmith.report.matrix import render as render_matrix
    from corsmith.report.text import render

    ink = ink_for(sys.stdout) if options["output"] is None else Ink()
    matrix = render_matrix(report, ink) + "\n" if options["matrix"] else ""
    return matrix + render(report, ink)


def _exit_code(report: Report, fail_on: str) -> int:
    if report.problems:
        return 2
    if fail_on == "never":
        return 0
    least = _RANK[Severity(fail_on)]
    failed = any(_RANK[finding.severity] >= least for finding in report.findings)
    blocked = any(call.verdict == "blocked" for call in report.calls)
    return 1 if failed or blocked or report.unexplained else 0
