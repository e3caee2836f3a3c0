"""Fixes in handlers, in the language that each is written in."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.outcome import Outcome
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from . import python_headers


def add_headers(tree: Tree, outcome: Outcome, wanted: Wanted) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to give the response of `outcome` its CORS headers, the file's own way first."""
    if _is_python(outcome):
        return python_headers.add_headers(tree, outcome, wanted)
    # Its parser is loaded where a project has such code.
    from . import javascript_headers

    return javascript_headers.add_headers(tree, outcome, wanted)


def remove_headers(tree: Tree, outcome: Outcome) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to take the CORS headers out of the response of `outcome`."""
    if _is_python(outcome):
        return python_headers.remove_headers(tree, outcome)
    from . import javascript_headers

    return javascript_headers.remove_headers(tree, outcome)


def _is_python(outcome: Outcome) -> bool:
    return outcome.span.file.endswith(".py")
