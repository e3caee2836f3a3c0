"""What would repair the code: the framework's own CORS settings, a middleware's place, the function wrapped."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from corsmith.api.fix import Edit, Fix
from corsmith.api.function import Function
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
from corsmith.fixes import code
from corsmith.fixes.rest import ambiguous, one_origin
from corsmith.fixes.settings_given import NOTHING_GIVEN, Given
from corsmith.readers import source_of

from .answers import headers
from .blocked import ALLOW_ORIGIN, Blocked
from .settings import cors_settings, set_at

_CODE = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


def by_framework(blocked: Blocked) -> Iterator[Fix]:
    """Give the function's application the CORS settings of its framework, or put those that it has in their right place."""
    summary = blocked.summary
    if summary is None:
        return
    for file in summary.files:
        for edits in code.reorder(blocked.tree, file):
            yield Fix("Let the CORS middleware act on errors too", safe=True, edits=edits)
    for edits in (
        code.give_cors(blocked.tree, summary.files, blocked.wanted, given(blocked)) if summary.frameworks else ()
    ):
        if edits:
            yield Fix(f"Let {summary.frameworks[0]} answer for CORS", safe=_in_code(edits), edits=edits)


def both_spellings(blocked: Blocked) -> Iterator[Fix]:
    """Let the code look for Origin as HTTP/2 and as HTTP/1.1 write it."""
    for file in blocked.summary.files if blocked.summary is not None else ():
        for edits in code.both_spellings(blocked.tree, file):
            yield Fix("Look for Origin in both spellings", safe=True, edits=edits)


def wrap_for_list(blocked: Blocked) -> Iterator[Fix]:
    """Wrap the function for all origins that stand in one text, not only for those that were asked about."""
    listed = (part.strip() for value in blocked.values(ALLOW_ORIGIN) for part in value.replace(",", " ").split())
    origins = tuple(dict.fromkeys((*blocked.wanted.origins, *(part for part in listed if "://" in part))))
    if blocked.function is not None:
        yield from wrapped(blocked.tree, blocked.function, structs.replace(blocked.wanted, origins=origins))


def answer_options(blocked: Blocked) -> Iterator[Fix]:
    """Let the code answer OPTIONS with 204: the response that it has for OPTIONS alone, else one at its beginning."""
    outcome = blocked.outcome
    if outcome is not None and outcome.methods == frozenset(("OPTIONS",)):
        edits = code.set_status(blocked.tree, outcome, 204)
        if edits:
            yield Fix("Answer OPTIONS with 204", safe=True, edits=edits)
    edits = answer_at_first(blocked)
    if edits:
        yield Fix("Answer OPTIONS before anything else", safe=True, edits=edits)


def given(blocked: Blocked) -> Given:
    """Return the function's environment, and what its responses send as allowed origin."""
    found = (node for each in blocked.code_says() for name, node, _ in headers(each) if name.lower() == ALLOW_ORIGIN)
    sent = frozenset(str(node.value) if isinstance(node, Known) else None for node in found)
    return Given(blocked.function.environment if blocked.function is not None else (), sent)


def answer_at_first(blocked: Blocked) -> tuple[Edit, ...]:
    """Return the edits that let the function behind the call answer OPTIONS before anything else."""
    declared = blocked.takes or blocked.cell.route.declared
    function = blocked.function
    inline = function.inline.span if function is not None and isinstance(function.inline, Known) else None
    file = source_of(blocked.tree, function).path if function is not None and inline is None else None
    file = inline.file if inline is not None else file
    if function is None or file is None or not isinstance(function.handler, Known):
        return ()
    payload = getattr(getattr(declared, "integration", None), "payload_format", None)
    format_ = "2.0" if isinstance(blocked.front_door, FunctionUrl) else getattr(payload, "value", "1.0")
    owned = isinstance(blocked.front_door, HttpApi | FunctionUrl) and cors_settings(blocked) is not None
    headers_ = () if owned else _of_preflight(blocked.wanted)
    if headers_ is None:
        return ()
    entry = function.handler.value.rpartition(".")[2]
    return code.answer_preflights(blocked.tree, file, entry, format_, headers_, inline, given(blocked))


def _of_preflight(wanted: Wanted) -> tuple[tuple[str, str], ...] | None:
    if ambiguous(wanted):
        return None
    found = [("Access-Control-Allow-Origin", one_origin(wanted))]
    found += [("Access-Control-Allow-Methods", ", ".join(wanted.methods))]
    found += [("Access-Control-Allow-Headers", ", ".join(wanted.headers))] if wanted.headers else []
    return (*found, ("Access-Control-Allow-Credentials", "true")) if wanted.credentials else tuple(found)


def wrap(blocked: Blocked) -> Iterator[Fix]:
    """Wrap the function with lambda_cors: then every response has the headers, and preflights an answer."""
    if blocked.function is not None:
        yield from wrapped(blocked.tree, blocked.function, blocked.wanted, given(blocked))


def wrapped(tree: Tree, function: Function, wanted: Wanted, given_: Given = NOTHING_GIVEN) -> Iterator[Fix]:
    """Yield the fix that wraps a function with lambda_cors; it is a package, and rewrites every response."""
    file = source_of(tree, function).path
    if file is None or not isinstance(function.handler, Known):
        return
    title = f"Wrap {function.name} with lambda-cors, which puts the headers on every response (install it)"
    for edits in code.wrap(tree, file, function.handler.value.rpartition(".")[2], wanted, given_):
        yield Fix(title, safe=False, edits=edits)


def remove_settings_of_code(blocked: Blocked) -> Iterator[Fix]:
    """Take away the framework's CORS settings, or one of the places where the code sets the header."""
    title = "Take the CORS headers out of the code"
    for file in blocked.summary.files if blocked.summary is not None else ():
        for edits in code.remove_cors(blocked.tree, file):
            yield Fix(title, safe=True, edits=edits)
    # What stands last is the one that was added.
    for span in reversed(set_at(blocked, ALLOW_ORIGIN)):
        if code.is_code(blocked.tree, span):
            for edits in code.remove_entry_at(blocked.tree, span):
                if edits:
                    yield Fix(title, safe=True, edits=edits)


def _in_code(edits: tuple[Edit, ...]) -> bool:
    """Say whether code alone changes: then nothing has to be installed."""
    return all(edit.file.endswith(_CODE) for edit in edits)
