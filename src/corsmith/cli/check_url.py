"""URLs, checked: the call is really made, as the browser would make it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.finding import Finding
from corsmith.api.model import Problem
from corsmith.api.report import Call, Report
from corsmith.api.tree import Memory, Tree
from corsmith.live.check import BECAUSE_OF_EFFECTS, Sending, UrlReport
from corsmith.live.pool import Pool
from corsmith.project.origins import STAND_IN

from .ask_url import Asked, ask
from .caller import joined
from .real_browser import judging
from .suggest import suggested

ASSUMED = f"no --origin was given: the page is taken to be at {STAND_IN}"
_NO_FILES = Tree(Memory({}))


def check_urls(urls: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Report:
    """Return the report on calls to `urls`: one for each origin and method. Raises `click.UsageError`."""
    try:
        with judging(options) as judged_by:
            report = asyncio.run(_all(urls, flags, judged_by))
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    said = (() if flags.origins else (ASSUMED,)), (suggested(report, Path.cwd()),)
    return replace(
        report, remarks=(*report.remarks, *(Problem(urls[0], 1, 1, each) for part in said for each in part if each))
    )


async def _all(urls: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Report:
    sending = sending_of(options)
    pool = Pool(sending.dialer)
    try:
        reports = [
            report_on(url, [await ask(joined(url, flags.path), caller, sending, pool, options) for caller in callers])
            for url in urls
            for callers in (callers_of(flags, options["data"]),)
        ]
    finally:
        pool.close()
    return merged(reports)


def sending_of(options: dict[str, Any]) -> Sending:
    """Return how the flags say that calls are made."""
    return Sending(options["send"], options["timeout"], options["profile"])


def report_on(url: str, asked: Iterable[Asked]) -> Report:
    """Return what came of the calls to `url` as one report."""
    calls: list[Call] = []
    findings: list[Finding] = []
    problems: list[Problem] = []
    remarks: list[Problem] = []
    for each in asked:
        calls.append(_with_reason(each.call))
        findings += each.findings
        problems += (Problem(url, 1, 1, problem) for problem in each.problems)
        remarks += (Problem(url, 1, 1, remark) for remark in each.remarks)
    return Report(
        _NO_FILES,
        findings=tuple(findings),
        problems=tuple(problems),
        calls=tuple(calls),
        remarks=tuple(remarks),
    )


def merged(reports: list[Report]) -> Report:
    """Return several reports on URLs as one."""
    return Report(
        _NO_FILES,
        findings=tuple(each for report in reports for each in report.findings),
        problems=tuple(each for report in reports for each in report.problems),
        calls=tuple(each for report in reports for each in report.calls),
        remarks=tuple(each for report in reports for each in report.remarks),
    )


def callers_of(flags: CallerFlags, data: str | None) -> list[Caller]:
    """Return the callers that the flags name: one for each origin and method."""
    methods = flags.methods or (("POST",) if data is not None else ("GET",))
    body = data.encode("utf-8", "surrogateescape") if data is not None else None
    credentials = "include" if flags.credentials else "same-origin"
    return [
        Caller(origin, method, flags.headers or (), credentials, None if method in ("GET", "HEAD") else body)
        for origin in flags.origins or (STAND_IN,)
        for method in methods
    ]


def _with_reason(checked: UrlReport) -> Call:
    """Return the call, with what the command line can add: why it is blocked where no finding says so; the flag that sends."""
    call = checked.call
    if call.unproven.endswith(BECAUSE_OF_EFFECTS):
        return replace(call, unproven=f"{call.unproven} --send sends it.")
    if call.verdict != "blocked" or checked.findings or not checked.because:
        return call
    return replace(call, unproven=f"Why: {checked.because.rstrip('.')}.")
