"""headers-not-applied: the code has the CORS headers, in a place from which they do not reach the response."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from corsmith.api.alb import Alb
from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.outcome import AnyText, Node, Object, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Unreadable
from corsmith.api.value import Known
from corsmith.fixes import code

from .answers import leaves
from .blocked import ALLOW_ORIGIN, Blocked
from .rule import Diagnosis, Rule

_MAPS = ("headers", "multiValueHeaders")
_ON_EVENT = re.compile(
    r"""\b(?:event|evt|e|ev|req|request)\s*[.\[][^=\n]*headers[^=\n]*access-control-allow-[a-z]+["'`]\s*\]\s*=(?!=)""",
    re.I,
)
_KEY = re.compile(r"""["']?\bheaders["']?\s*:|\baccess-control-allow-""", re.I)
_CORS = re.compile(r"access-control-allow-origin", re.I)


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain responses without the header that the code does have, elsewhere."""
    outcome = blocked.outcome
    if outcome is None or blocked.made_by not in ("handler", "gateway") or blocked.values(ALLOW_ORIGIN):
        return None
    if not isinstance(outcome.result, Returned) or blocked.cell.situation or outcome.made_by:
        return None
    for why, span in _misplaced(blocked, outcome.result.result):
        return Diagnosis(
            f"The code has CORS headers, but they do not reach the response: {why}. Return "
            '{"statusCode": …, "headers": {…}, "body": "…"} with the headers in it.',
            tuple(each for each in (span, outcome.span) if each is not None),
            partial(_with_status, blocked, outcome.result.result),
            severity=blocked.severity,
        )
    return None


def _with_status(blocked: Blocked, result: Node) -> Iterator[Fix]:
    for top in leaves(result):
        if isinstance(top, Object) and top.span is not None and "statusCode" not in dict(top.entries):
            edits = code.add_status(blocked.tree, top.span)
            if edits:
                yield Fix("Return statusCode 200 with the headers", safe=True, edits=edits)
        yield from _renamed(blocked, top)


def _renamed(blocked: Blocked, top: Node) -> Iterator[Fix]:
    """Call the map of headers what the front door looks at; all maps of the code that are called otherwise, at once."""
    _, several = _reads(blocked)
    name = "multiValueHeaders" if several else "headers"
    for key, node in top.entries if isinstance(top, Object) else ():
        for holder in leaves(node) if key != name else ():
            if isinstance(holder, Object) and holder.span is not None and _names_origin(holder):
                edits = code.rename_map(blocked.tree, holder.span, name)
                if edits:
                    yield Fix(f"Send them in {name}", safe=True, edits=edits)


def _misplaced(blocked: Blocked, result: Node) -> Iterator[tuple[str, Span | None]]:
    """Yield why headers that stand in the code are no part of the response, and where they stand."""
    for top in leaves(result):
        if isinstance(top, Object):
            yield from _in_object(blocked, top)
        elif isinstance(top, AnyText) and _written(blocked, top.span, _KEY):
            yield "the function returns the whole response as a text, which becomes the body", top.span
    yield from _on_event(blocked)


def _in_object(blocked: Blocked, top: Object) -> Iterator[tuple[str, Span | None]]:
    keys = dict(top.entries)
    has_status = "statusCode" in keys
    for key, node in top.entries:
        holder = next((each for each in leaves(node) if isinstance(each, Object) and _names_origin(each)), None)
        if holder is not None:
            why = _why_unused(blocked, key, has_status=has_status)
            if why is not None:
                yield why, holder.span
    body = keys.get("body")
    for leaf in leaves(body) if body is not None else ():
        if isinstance(leaf, AnyText) and _written(blocked, leaf.span, _KEY) and _near(blocked):
            yield "they are part of the body's text", leaf.span


def _why_unused(blocked: Blocked, key: str, *, has_status: bool) -> str | None:
    payload, several = _reads(blocked)
    if key not in _MAPS and key.lower() not in ("body",):
        return f"they stand under {key!r}, and only 'headers' is looked at"
    if key == "body":
        return "they stand in the body"
    if payload == "2.0" and not has_status:
        return "the object has no statusCode, so all of it, headers included, becomes the body"
    if key == "multiValueHeaders" and (payload == "2.0" or several is False):
        return "they stand in multiValueHeaders, which this front door does not look at"
    if key == "headers" and several:
        return "the target group has multi-value headers enabled, so only multiValueHeaders is looked at"
    return None


def _reads(blocked: Blocked) -> tuple[str, bool | None]:
    """Return the payload format, and whether a load balancer takes multiValueHeaders (None: no load balancer)."""
    declared = blocked.takes if blocked.at_preflight else blocked.cell.route.declared
    if isinstance(blocked.front_door, FunctionUrl):
        return "2.0", None
    if isinstance(blocked.front_door, Alb):
        target = getattr(declared, "action", declared)
        several = getattr(target, "multi_value", None)
        return "1.0", several.value if isinstance(several, Known) else None
    payload = getattr(getattr(declared, "integration", None), "payload_format", None)
    return payload.value if isinstance(payload, Known) else "1.0", None


def _names_origin(holder: Object) -> bool:
    return any(name.lower() == ALLOW_ORIGIN for name, _ in holder.entries)


def _on_event(blocked: Blocked) -> Iterator[tuple[str, Span | None]]:
    """Headers that are put on the request's event: one line of the handler's own file tells."""
    outcome = blocked.outcome
    file = outcome.span.file if outcome is not None else ""
    text = _text(blocked, file)
    found = _ON_EVENT.search(text)
    if found is not None:
        yield "they are set on the event, which is the request", Span(file, found.start(), found.end())


def _near(blocked: Blocked) -> bool:
    """Say whether the handler's file speaks of the header at all: a body may have headers of its own."""
    outcome = blocked.outcome
    return outcome is not None and _CORS.search(_text(blocked, outcome.span.file)) is not None


def _written(blocked: Blocked, span: Span | None, pattern: re.Pattern[str]) -> bool:
    return span is not None and pattern.search(_text(blocked, span.file)[span.start : span.end]) is not None


def _text(blocked: Blocked, file: str) -> str:
    try:
        return blocked.tree.read(file) if file else ""
    except Unreadable:
        return ""


RULE = Rule(
    "headers-not-applied",
    Category.BLOCKED,
    "the headers are in the wrong place: no statusCode under payload 2.0, inside the body, in multiValueHeaders only where "
    "they are ignored, set on the event",
    explain,
)
