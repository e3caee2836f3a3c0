"""Fixes in handlers, in the language that each is written in, in files of their own or in the template.

What parses JavaScript is loaded where a project has such code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from corsmith.api.fix import Edit
from corsmith.api.outcome import Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.api.wanted import Wanted

from . import (
    embedded,
    python_frameworks,
    python_headers,
    python_origin,
    python_preflight,
    python_returns,
    python_wrapping,
)
from .settings_given import NOTHING_GIVEN, Given

_PYTHON = ".py"
_CODE = (".py", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_TEMPLATES = (*embedded.TEMPLATES, ".tf", ".tofu")


class _Headers(Protocol):
    """What a language's module knows of the headers of responses."""

    def add_headers(self, tree: Tree, outcome: Outcome, wanted: Wanted, given: Given) -> Iterator[tuple[Edit, ...]]: ...
    def origins_at(
        self, tree: Tree, edit: Edit, wanted: Wanted, given: Given
    ) -> Iterator[tuple[str, tuple[Edit, ...]]]: ...
    def add_header(self, tree: Tree, holder: Span, name: str, value: str) -> tuple[Edit, ...]: ...
    def add_status(self, tree: Tree, response: Span) -> tuple[Edit, ...]: ...
    def allow_credentials(self, tree: Tree, beside: Edit) -> Iterator[tuple[Edit, ...]]: ...
    def remove_headers(self, tree: Tree, outcome: Outcome) -> Iterator[tuple[Edit, ...]]: ...
    def remove_entry_at(self, tree: Tree, span: Span) -> Iterator[tuple[Edit, ...]]: ...
    def rename_map(self, tree: Tree, holder: Span, name: str) -> tuple[Edit, ...]: ...


class _Returns(Protocol):
    """What it knows of what a handler returns."""

    def as_body(self, tree: Tree, response: Span, key: str) -> tuple[Edit, ...]: ...
    def without_key(self, tree: Tree, response: Span, key: str) -> tuple[Edit, ...]: ...


def _headers(file: str) -> _Headers:
    if file.endswith(_PYTHON):
        return python_headers
    from . import javascript_headers

    return javascript_headers


def _returns(file: str) -> _Returns:
    if file.endswith(_PYTHON):
        return python_returns
    from . import javascript_returns

    return javascript_returns


def _in_pieces(
    tree: Tree, file: str, ways: Callable[[Tree, str], Iterator[tuple[Edit, ...]]]
) -> Iterator[tuple[Edit, ...]]:
    """Yield the ways that each piece of code in a template has."""
    for held in embedded.embedded_in(tree, file):
        yield from map(held.outward, ways(held.tree(tree), held.path))


def is_code(tree: Tree, span: Span) -> bool:
    """Say whether `span` is in code, be that in the template."""
    return span.file.endswith(_CODE) or _held(tree, span) is not None


def _held(tree: Tree, span: Span) -> embedded.Embedded | None:
    """Return the code that stands around `span` in a template; None where it is a file of its own."""
    return embedded.embedded_at(tree, span) if span.file.endswith(_TEMPLATES) else None


def _where_it_stands(tree: Tree, span: Span, change: Callable[[Tree, Span], tuple[Edit, ...]]) -> tuple[Edit, ...]:
    """Return the edits of `change` at `span`, made in the code alone where that stands in a template."""
    held = _held(tree, span)
    return change(tree, span) if held is None else held.outward(change(held.tree(tree), held.moved(span)))


def add_headers(
    tree: Tree, outcome: Outcome, wanted: Wanted, given: Given = NOTHING_GIVEN
) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to give the response of `outcome` its CORS headers, the file's own way first, literals last.

    `given`: the settings that were checked, which tell what the file's own expressions come to.
    """
    held = _held(tree, outcome.span)
    if held is not None:
        return map(held.outward, add_headers(held.tree(tree), held.inward(outcome), wanted, given))
    return _headers(outcome.span.file).add_headers(tree, outcome, wanted, given)


def add_header(tree: Tree, holder: Span, name: str, value: str) -> tuple[Edit, ...]:
    """Return the edit that adds one header to the literal of headers at `holder`; none where there is none."""
    return _where_it_stands(tree, holder, lambda tree, at: _headers(at.file).add_header(tree, at, name, value))


def add_status(tree: Tree, response: Span) -> tuple[Edit, ...]:
    """Return the edit that gives the literal at `response` the statusCode that it lacks, at its beginning."""
    return _where_it_stands(tree, response, lambda tree, at: _headers(at.file).add_status(tree, at))


def allow_credentials(tree: Tree, beside: Edit) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that adds Allow-Credentials to the headers in which `beside` changes a value."""
    held = _held(tree, Span(beside.file, beside.start, beside.end))
    if held is not None:
        return map(held.outward, allow_credentials(held.tree(tree), held.moved_edit(beside)))
    return _headers(beside.file).allow_credentials(tree, beside)


def remove_headers(tree: Tree, outcome: Outcome) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to take the CORS headers out of the response of `outcome`."""
    held = _held(tree, outcome.span)
    if held is not None:
        return map(held.outward, remove_headers(held.tree(tree), held.inward(outcome)))
    return _headers(outcome.span.file).remove_headers(tree, outcome)


def give_cors(
    tree: Tree, files: tuple[str, ...], wanted: Wanted, given: Given = NOTHING_GIVEN
) -> Iterator[tuple[Edit, ...]]:
    """Yield edits that give the application in one of `files` the CORS settings of its framework.

    The origin is taken from where the file has it, where under `given` it is the same; else, and then, written out.
    """
    for edits in _of_framework(tree, files, wanted):
        yield from _own_origin(tree, edits, wanted, given)
        yield edits


def _own_origin(tree: Tree, edits: tuple[Edit, ...], wanted: Wanted, given: Given) -> Iterator[tuple[Edit, ...]]:
    """Yield `edits` of a module with its own expressions for the one origin in the place of the literal."""
    if len(wanted.origins) != 1:
        return
    literals = [f"{quote}{wanted.origins[0]}{quote}" for quote in "'\""]
    at = next((edit for edit in edits if any(each in edit.text for each in literals)), None)
    if at is None:
        return
    for expression, more in _headers(at.file).origins_at(tree, at, wanted, given):
        text = at.text
        for literal in literals:
            text = text.replace(literal, expression)
        yield (*more, *(Edit(at.file, at.start, at.end, text) if each is at else each for each in edits))


def _of_framework(tree: Tree, files: tuple[str, ...], wanted: Wanted) -> Iterator[tuple[Edit, ...]]:
    yield from python_frameworks.give_cors(tree, tuple(file for file in files if file.endswith(_PYTHON)), wanted)
    others = tuple(file for file in files if not file.endswith(_PYTHON))
    if others:
        from . import javascript_frameworks

        yield from javascript_frameworks.give_cors(tree, others, wanted)


def remove_cors(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that take a framework's CORS settings away, for each place in `file` where there are some."""
    if file.endswith(_TEMPLATES):
        return _in_pieces(tree, file, remove_cors)
    if file.endswith(_PYTHON):
        return python_frameworks.remove_cors(tree, file)
    from . import javascript_frameworks

    return javascript_frameworks.remove_cors(tree, file)


def remove_entry_at(tree: Tree, span: Span) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that takes out the entry whose value, or a part of it, stands at `span`."""
    held = _held(tree, span)
    if held is not None:
        return map(held.outward, remove_entry_at(held.tree(tree), held.moved(span)))
    return _headers(span.file).remove_entry_at(tree, span)


def reorder(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that put a CORS middleware of `file` in another place of its chain."""
    if file.endswith(_TEMPLATES):
        return _in_pieces(tree, file, reorder)
    if file.endswith(_PYTHON):
        return iter(())
    from . import javascript_frameworks

    return javascript_frameworks.reorder(tree, file)


def answer_preflights(
    tree: Tree,
    file: str,
    entry: str,
    payload: str,
    headers: tuple[tuple[str, str], ...],
    within: Span | None = None,
    given: Given = NOTHING_GIVEN,
) -> tuple[Edit, ...]:
    """Return the edits that let the function `entry` answer OPTIONS with 204 and `headers`; `payload` is its events' format.

    `within`: where its code stands, where `file` is a template. The origin is taken from where the file's other responses
    take it, where under `given` it is the same.
    """
    if file.endswith(_TEMPLATES):
        held = _held(tree, within) if within is not None else None
        return (
            held.outward(answer_preflights(held.tree(tree), held.path, entry, payload, headers, given=given))
            if held
            else ()
        )
    if file.endswith(_PYTHON):
        return python_preflight.answer_preflights(tree, file, entry, payload, headers, given)
    from . import javascript_preflight

    return javascript_preflight.answer_preflights(tree, file, entry, payload, headers, given)


def rename_map(tree: Tree, holder: Span, name: str) -> tuple[Edit, ...]:
    """Return the edits that call the map of headers at `holder` `name`, each value as that map has it: a text, or a list."""
    return _where_it_stands(tree, holder, lambda tree, at: _headers(at.file).rename_map(tree, at, name))


def as_json(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edits that write the value at `span` as JSON."""
    return _where_it_stands(tree, span, _as_json)


def _as_json(tree: Tree, span: Span) -> tuple[Edit, ...]:
    if span.file.endswith(_PYTHON):
        return python_returns.as_json(tree, span)
    text = tree.read(span.file)[span.start : span.end]
    return (Edit(span.file, span.start, span.end, f"JSON.stringify({text})"),) if text else ()


def as_body(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edits that call the entry `key` of the literal at `response` `body`, as JSON where it is no text."""
    return _where_it_stands(tree, response, lambda tree, at: _returns(at.file).as_body(tree, at, key))


def without_key(tree: Tree, response: Span, key: str) -> tuple[Edit, ...]:
    """Return the edit that takes the entry `key` out of the literal at `response`."""
    return _where_it_stands(tree, response, lambda tree, at: _returns(at.file).without_key(tree, at, key))


def without_async(tree: Tree, file: str, entry: str) -> tuple[Edit, ...]:
    """Return the edit that makes a Python function an ordinary one: Lambda waits for no coroutine."""
    return python_returns.without_async(tree, file, entry) if file.endswith(_PYTHON) else ()


def set_status(tree: Tree, outcome: Outcome, status: int) -> tuple[Edit, ...]:
    """Return the edit that writes another status into the response of `outcome`; none where it is no number there."""
    response = outcome.result.result if isinstance(outcome.result, Returned) else None
    for name, node in response.entries if isinstance(response, Object) else ():
        if name == "statusCode" and isinstance(node, Known) and node.span is not None:
            written = tree.read(node.span.file)[node.span.start : node.span.end]
            if written == str(node.value):
                return (Edit(node.span.file, node.span.start, node.span.end, str(status)),)
    return ()


def wrap(tree: Tree, file: str, entry: str, wanted: Wanted, given: Given = NOTHING_GIVEN) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that wrap the function `entry` of `file` with lambda_cors, the origin from where the file has it first."""
    edits = _wrapped(tree, file, entry, wanted)
    if edits:
        yield from _own_origin(tree, edits, wanted, given)
        yield edits


def _wrapped(tree: Tree, file: str, entry: str, wanted: Wanted) -> tuple[Edit, ...]:
    if file.endswith(_PYTHON):
        return python_wrapping.wrap(tree, file, entry, wanted)
    from . import javascript_wrapping

    return javascript_wrapping.wrap(tree, file, entry, wanted)


def compare_with_list(tree: Tree, file: str, origins: tuple[str, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield edits of `file`, each of which lets only `origins` be echoed."""
    if file.endswith(_TEMPLATES):
        return _in_pieces(tree, file, lambda tree, piece: compare_with_list(tree, piece, origins))
    if file.endswith(_PYTHON):
        return python_origin.compare_with_list(tree, file, origins)
    from . import javascript_origin

    return javascript_origin.compare_with_list(tree, file, origins)


def both_spellings(tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that looks for the Origin header under both of its spellings, wherever `file` does under one."""
    if file.endswith(_TEMPLATES):
        return _in_pieces(tree, file, both_spellings)
    if file.endswith(_PYTHON):
        return python_origin.both_spellings(tree, file)
    from . import javascript_origin

    return javascript_origin.both_spellings(tree, file)
