"""corsmith explain: what a console message or a symptom means."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import click

from corsmith.explain import MOST, Explained, explain
from corsmith.live.secrets import masked_text
from corsmith.report.ink import ink_for, tame
from corsmith.report.saying import explained_as_json

EPILOG = """\
Examples:

\b
  corsmith explain "Access to fetch at 'https://…' has been blocked by CORS …"
  pbpaste | corsmith explain -
  corsmith explain "OPTIONS returns 403"
"""
_SHOWN = 6
UNKNOWN = "this is not a CORS message I know"


@click.command(name="explain", epilog=EPILOG)
@click.argument("text", nargs=-1, required=True)
@click.option(
    "--status", type=click.IntRange(100, 599), default=None, metavar="N", help="HTTP status of the failing answer."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it."
)
def command(text: tuple[str, ...], status: int | None, form: str) -> None:
    """Explain TEXT: console messages of Chrome, Firefox or Safari, or a symptom in words. "-" reads standard input.

    Exit code 0 when something was explained, 2 when the text says nothing that is known.
    """
    pasted = _decoded(sys.stdin.buffer.read()) if text == ("-",) else " ".join(text)
    if len(pasted) > MOST:
        click.echo(f"corsmith: only the first {MOST:,} characters were read", err=True)
    found = explain(masked_text(pasted), status)
    if form == "json":
        line = json.dumps({"messages": [explained_as_json(each) for each in found]}, ensure_ascii=False)
        click.echo(line.encode("utf-8", "backslashreplace").decode())
    else:
        for at, each in enumerate(found):
            if at:
                click.echo()
            click.echo(tame("\n".join(_lines(each))))
    told = {each.message.status for each in found}
    if status is not None and found and status not in told:
        said = ", ".join(str(each) for each in sorted(each for each in told if each is not None))
        click.echo(f"corsmith: --status {status} is left out, because the text itself says {said}", err=True)
    if not found:
        click.echo(
            f"corsmith: {UNKNOWN}. Paste the whole line from the browser's console, or say what happens.", err=True
        )
        sys.exit(2)


def _decoded(data: bytes) -> str:
    """Return what was pasted, which need not be text in every byte; some shells pipe UTF-16."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def _lines(each: Explained) -> Iterator[str]:
    message, ink = each.message, ink_for(sys.stdout)
    heading = message.error or ("not CORS" if message.not_cors else "a symptom")
    yield ink.paint(heading, "bold") + (f"  ({message.browser})" if message.browser else "")
    facts = (
        ("page", message.origin),
        ("address", message.url),
        ("header", message.header),
        ("value", message.value),
        ("status", str(message.status) if message.status is not None else None),
        ("front door", each.front_door if each.front_door != "unknown" else None),
    )
    for name, fact in facts:
        if fact is not None:
            yield f"  {name:<11} {fact}"
    if message.not_cors:
        yield f"  This is not CORS. It is {message.not_cors}"
    if each.remark:
        yield f"  {each.remark}"
    if each.causes:
        yield "  likely causes, the likeliest first:"
        for place, cause in enumerate(each.causes[:_SHOWN], 1):
            yield f"  {place}. {ink.paint(cause.rule, 'bold')}: {cause.why}"
        if len(each.causes) > _SHOWN:
            yield f"  and {len(each.causes) - _SHOWN} more (--format json)"
    if not message.not_cors:
        yield f"  to be sure: {each.next}"
