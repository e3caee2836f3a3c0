"""What would repair the code: the framework's own CORS settings, a middleware's place, the function wrapped."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from corsmith.api.fix import Edit, Fix
from corsmith.api.function import Function
from corsmith.api.outcome import Outcome
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted
from corsmith.fixes import code
from corsmith.readers import source_of

from .answers import headers, leaves
from .blocked import ALLOW_ORIGIN, Blocked
from .settings import set_at

_CODE = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


def by_framework(blocked: Blocked) -> Iterator[Fix]:
    """Give the function's application the CORS settings of its framework, or put those that it has in their right place."""
    summary = blocked.summary
    if summary is None or not summary.frameworks:
        return
    spans: dict[Span, None] = {}
    for outcome in blocked.code_says():
        spans |= dict.fromkeys(_spans(outcome))
    for span in spans:
        for edits in code.reorder(blocked.tree, span):
            yield Fix("Let the CORS middleware act on errors too", safe=True, edits=edits)
    for edits in code.give_cors(blocked.tree, summary.files, blocked.wanted):
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


def wrap(blocked: Blocked) -> Iterator[Fix]:
    """Wrap the function with lambda_cors: then every response has the headers, and preflights an answer."""
    if blocked.function is not None:
        yield from wrapped(blocked.tree, blocked.function, blocked.wanted)


def wrapped(tree: Tree, function: Function, wanted: Wanted) -> Iterator[Fix]:
    """Yield the fix that wraps a function with lambda_cors; it is a package, and rewrites every response."""
    file = source_of(tree, function).path
    if file is None or not isinstance(function.handler, Known):
        return
    edits = code.wrap(tree, file, function.handler.value.rpartition(".")[2], wanted)
    if edits:
        title = f"Wrap {function.name} with lambda-cors, which puts the headers on every response (install it)"
        yield Fix(title, safe=False, edits=edits)


def remove_settings_of_code(blocked: Blocked) -> Iterator[Fix]:
    """Take away the framework's CORS settings, or one of the places where the code sets the header."""
    # What stands last is the one that was added.
    for span in reversed(set_at(blocked, ALLOW_ORIGIN)):
        if span.file.endswith(_CODE):
            for edits in (*code.remove_cors(blocked.tree, span), *code.remove_entry_at(blocked.tree, span)):
                if edits:
                    yield Fix("Take the CORS headers out of the code", safe=True, edits=edits)


def _spans(outcome: Outcome) -> Iterator[Span]:
    """Yield where the values of the CORS headers of a response stand."""
    for name, node, _ in headers(outcome):
        if name.lower().startswith("access-control-"):
            for leaf in leaves(node):
                span = getattr(leaf, "span", None)
                if isinstance(span, Span):
                    yield span


def _in_code(edits: tuple[Edit, ...]) -> bool:
    """Say whether code alone changes: then nothing has to be installed."""
    return all(edit.file.endswith(_CODE) for edit in edits)
