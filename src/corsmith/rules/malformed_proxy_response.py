"""malformed-proxy-response: the returned value is no valid proxy response."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.outcome import Array, Object, Raised, Returned, Unserialisable
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.fixes import code
from corsmith.readers import source_of

from .answers import leaves
from .blocked import Blocked
from .code_proposals import given
from .rule import Diagnosis, Rule, by_hand

_NO_CALLBACKS = "CallbackHandlerDeprecated"
"""What Node.js 24 and later make of a handler with a third parameter, when they load it."""


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain bare errors that the front door sends because of what the function returned."""
    outcome = blocked.outcome
    if outcome is None or blocked.made_by not in ("gateway", "alb") or blocked.status < 500 or blocked.cell.situation:
        return None
    if isinstance(outcome.result, Raised) and outcome.result.what == _NO_CALLBACKS:
        return Diagnosis(
            f"The handler takes a callback, which its runtime (Node.js 24) refuses: no call reaches it, and the front door "
            f"answers {blocked.status} by itself. Make the handler async, and return the response.",
            (outcome.span, blocked.cell.route.declared.span),
            lambda: _fixes(blocked),
        )
    if isinstance(outcome.result, Unserialisable):
        what = f"The function returns {outcome.result.what}, which the runtime cannot send as JSON"
    elif isinstance(outcome.result, Returned):
        what = "The function returns what is no valid proxy response"
    else:
        return None
    return Diagnosis(
        f"{what}, so the front door answers {blocked.status} by itself. Return statusCode (a number), headers (strings) and "
        "body (a string), and no other keys.",
        (outcome.span, blocked.cell.route.declared.span),
        lambda: _with_headers(blocked),
    )


def _with_headers(blocked: Blocked) -> Iterator[Fix]:
    """Mend the response; where it lacks the CORS headers too, give it both at once: one alone changes nothing for pages."""
    for fix in _fixes(blocked):
        yield fix
        if blocked.outcome is None or not fix.edits:
            continue
        for edits in code.add_headers(blocked.tree, blocked.outcome, blocked.wanted, given(blocked)):
            yield Fix(f"{fix.title}, and add the CORS headers", fix.safe, (*fix.edits, *edits))


def _fixes(blocked: Blocked) -> Iterator[Fix]:
    """Write a body as a text; make the function an ordinary one. What nothing at all was meant to be, a person knows."""
    outcome, function = blocked.outcome, blocked.function
    if outcome is None or function is None:
        return
    if isinstance(outcome.result, Returned):
        for top in leaves(outcome.result.result):
            body = dict(top.entries).get("body") if isinstance(top, Object) else None
            span = getattr(body, "span", None)
            if isinstance(body, Object | Array) and isinstance(span, Span):
                edits = code.as_json(blocked.tree, span)
                if edits:
                    yield Fix("Write the body as JSON", safe=True, edits=edits)
            yield from _known_keys(blocked, top)
        yield from by_hand("Return a proxy response", _SHAPE)
        return
    file = source_of(blocked.tree, function).path
    if file is not None and isinstance(function.handler, Known):
        edits = code.without_async(blocked.tree, file, function.handler.value.rpartition(".")[2])
        if edits:
            yield Fix("Take async away: Lambda waits for no coroutine", safe=True, edits=edits)


_KEYS = ("statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded")
_SHAPE = (
    'Return an object with statusCode (a number), headers (texts) and body (a text), such as {"statusCode": 200, "headers": …, '
    '"body": …}, on every way out of the function; what it is to say, its owner knows.'
)


def _known_keys(blocked: Blocked, top: object) -> Iterator[Fix]:
    """Call the one entry that no front door knows the body, where there is none; else take such entries out."""
    if not isinstance(top, Object) or top.span is None:
        return
    names = [name for name, _ in top.entries]
    unknown = [name for name in names if name not in _KEYS]
    if len(unknown) == 1 and "body" not in names:
        edits = code.as_body(blocked.tree, top.span, unknown[0])
        if edits:
            yield Fix(f"Call {unknown[0]} the body, as JSON", safe=False, edits=edits)
    if len(unknown) == 1:
        edits = code.without_key(blocked.tree, top.span, unknown[0])
        if edits:
            yield Fix(f"Take {unknown[0]} out of the response", safe=False, edits=edits)


RULE = Rule(
    "malformed-proxy-response",
    Category.BLOCKED,
    "the returned value is not a valid proxy response (wrong keys or types, a coroutine, nothing at all), so the front "
    "door sends a bare error",
    explain,
)
