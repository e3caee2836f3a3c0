"""corsmith simulate: judge a request and its responses given by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from corsmith.api.exchange import Headers, Response
from corsmith.browser import MODEL, PROFILES, Answer, Ask, BadCase, Page, PageRequest, Verdict, drive, fetch, simulate
from corsmith.live.address import origin_of
from corsmith.report.ink import ink_for, tame
from corsmith.report.saying import verdict_as_json

from .caller import caller_flags, caller_options, joined
from .help import LongCommand

EPILOG = """\
Examples:

\b
  corsmith simulate --origin https://app.test --method PUT --preflight 403
  corsmith simulate --origin https://app.test --response-header 'Vary: Origin'
  corsmith simulate --cases cases.json --browser firefox --format json
"""
ADDRESS = "https://api.example.net"


USUAL = ("origins", "methods", "headers", "preflight", "preflight_header", "status", "response_header", "credentials")
"""The options that --help shows; --help-all shows all."""


@click.command(name="simulate", cls=LongCommand, usual=USUAL, epilog=EPILOG)
@caller_options
@click.option("--url", default=ADDRESS, show_default=True, metavar="URL", help="Address that is called.")
@click.option("--data", default=None, metavar="D", help="Body of the call.")
@click.option("--mode", type=click.Choice(["cors", "no-cors", "same-origin"]), default="cors", help="Mode of the call.")
@click.option(
    "--preflight",
    type=click.IntRange(100, 999),
    default=204,
    show_default=True,
    metavar="N",
    help="Status of the preflight's answer.",
)
@click.option("--preflight-header", multiple=True, metavar="'N: V'", help="Header of the preflight's answer.")
@click.option(
    "--status",
    type=click.IntRange(100, 999),
    default=200,
    show_default=True,
    metavar="N",
    help="Status of the response.",
)
@click.option("--response-header", multiple=True, metavar="'N: V'", help="Header of the response.")
@click.option(
    "--cases", type=click.Path(dir_okay=False, allow_dash=True), metavar="FILE", help="Judge cases given as JSON."
)
@click.option(
    "--browser",
    "profile",
    type=click.Choice([MODEL, *PROFILES]),
    default="chromium",
    show_default=True,
    help="Who judges.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(cases: str | None, profile: str, form: str, **options: Any) -> None:
    """Judge a request and its responses given by hand, as a browser does.

    Nothing is sent; the answers have the headers that the flags give them.

    Exit code 0 when every call is allowed, 1 when one is blocked, 2 when the input cannot be read.
    """
    code = 0
    judged = _cases(cases, profile) if cases is not None else iter([("flags", _by_hand(profile, **options))])
    for name, verdict in judged:
        if isinstance(verdict, str):
            code = 2
            click.echo(tame(f"corsmith: {name}: {verdict}"), err=True)
            continue
        code = max(code, int(not verdict.allowed))
        if form == "json":
            # A lone surrogate, which JSON can hold and UTF-8 cannot, is written as JSON escapes it.
            line = json.dumps(verdict_as_json(name, verdict), ensure_ascii=False)
            click.echo(line.encode("utf-8", "backslashreplace").decode())
        else:
            click.echo(tame("\n".join(_lines(name, verdict))))
    sys.exit(code)


def _cases(place: str, profile: str) -> Iterator[tuple[str, Verdict | str]]:
    """Judge each case of a file; what cannot be judged is told with what is wrong."""
    try:
        cases = list(_read(place))
    except (OSError, ValueError, RecursionError) as error:
        yield place, _in_words(error)
        return
    if not cases:
        yield place, "there is no case in it"
    for at, case in enumerate(cases):
        name = case.get("name") if isinstance(case, dict) else None
        shown = str(at if name is None else name)
        if isinstance(case, Unread):
            yield case.place, case.why
            continue
        try:
            yield shown, simulate(case, profile)
        except BadCase as error:
            yield f"case {shown}", str(error)


class Unread(Struct, frozen=True):
    """A line that is no JSON."""

    place: str
    why: str


def _read(place: str) -> Iterator[Any]:
    """Read a JSON list, a single case, or a case a line, in any encoding that JSON has had."""
    data = sys.stdin.buffer.read() if place == "-" else Path(place).read_bytes()
    text = data.decode(json.detect_encoding(data))
    if not text.strip():
        return
    try:
        read = json.loads(text)
    except ValueError:
        lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].rstrip().endswith("}"):
            raise
        for number, line in lines:
            try:
                yield json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Unread(f"{place}, line {number}", _in_words(error))
        return
    yield from read if isinstance(read, list) else [read]


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return f"it is not JSON: {error}"


def _by_hand(profile: str, **options: Any) -> Verdict:
    flags = caller_flags(
        options["origins"], options["methods"], options["headers"], options["credentials"], options["path"]
    )
    if not flags.origins:
        raise click.UsageError("say which page calls: --origin https://app.example.com (or --cases FILE)")
    try:
        origin = origin_of(flags.origins[0])
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--origin") from None
    data = options["data"]
    request = PageRequest(
        joined(options["url"], flags.path),
        flags.methods[0] if flags.methods else "GET",
        flags.headers or (),
        "include" if flags.credentials else "same-origin",
        options["mode"],
        body=None if data is None else data.encode("utf-8", "surrogateescape"),
    )
    before = Response(options["preflight"], _headers(options["preflight_header"]))
    after = Response(options["status"], _headers(options["response_header"]))

    def answer(ask: Ask) -> Answer:
        return before if ask.kind == "preflight" else after

    return drive(fetch(Page(origin), request, profile), answer)


def _headers(given: tuple[str, ...]) -> Headers:
    pairs = []
    for header in given:
        name, colon, value = header.partition(":")
        if not colon or not name.strip():
            raise click.BadParameter(f"{header!r} is no header; write it as 'Name: value'")
        pairs.append((name.strip(), value.strip()))
    return tuple(pairs)


def _lines(name: str, verdict: Verdict) -> Iterator[str]:
    ink = ink_for(sys.stdout)
    word = ink.paint("allowed", "green") if verdict.allowed else ink.paint("blocked", "red")
    yield f"{name}: {word}" + (f" {verdict.error}" if verdict.error else "")
    for step in verdict.steps:
        mark = "ok  " if step.passed else ink.paint("stop", "red")
        yield f"  {mark} {step.name}: {step.reason} [{step.section}]"
    if verdict.console:
        yield "  console: " + verdict.console.replace("\n", "\n           ")
    if verdict.differs:
        yield f"  decided otherwise by: {', '.join(verdict.differs)}"
    for remark in verdict.advice:
        yield f"  note: {remark.text}"
