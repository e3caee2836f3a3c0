"""URLs, checked: the call is really made, as the browser would make it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import click
from msgspec.structs import replace

from corsmith.api.caller import Caller, CallerFlags
from corsmith.api.model import Problem
from corsmith.api.report import Call, Report
from corsmith.api.tree import Memory, Tree
from corsmith.live.check import UrlReport, check_url
from corsmith.project.origins import STAND_IN


def check_urls(urls: tuple[str, ...], flags: CallerFlags, options: dict[str, Any]) -> Report:
    """Return the report on calls to `urls`: one for each origin and method. Raises `click.UsageError`."""
    calls: list[Call] = []
    findings: list[Any] = []
    problems: list[Problem] = []
    for url in urls:
        for caller in _callers(flags, options["data"]):
            try:
                checked = check_url(
                    _joined(url, flags.path),
                    caller,
                    send=options["send"],
                    timeout=options["timeout"],
                    profile=options["profile"],
                )
            except ValueError as error:
                raise click.UsageError(str(error)) from None
            calls.append(_with_reason(checked))
            findings += checked.findings
            problems += (Problem(url, 1, 1, each) for each in checked.problems)
    return Report(Tree(Memory({})), findings=tuple(findings), problems=tuple(problems), calls=tuple(calls))


def _with_reason(checked: UrlReport) -> Call:
    """Return the call; one that is blocked and that no finding explains says why in the browser's terms."""
    call = checked.call
    if call.verdict != "blocked" or checked.findings or not checked.because:
        return call
    return replace(call, unproven=f"Why: {checked.because.rstrip('.')}.")


def _callers(flags: CallerFlags, data: str | None) -> list[Caller]:
    methods = flags.methods or (("POST",) if data is not None else ("GET",))
    body = data.encode() if data is not None else None
    credentials = "include" if flags.credentials else "same-origin"
    return [
        Caller(origin, method, flags.headers or (), credentials, None if method in ("GET", "HEAD") else body)
        for origin in flags.origins or (STAND_IN,)
        for method in methods
    ]


def _joined(url: str, path: str | None) -> str:
    if path is None:
        return url
    return urljoin(url if url.endswith("/") else url + "/", path.lstrip("/"))
