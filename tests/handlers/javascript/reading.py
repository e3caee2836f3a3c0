"""Reads Node handlers given as text, and says the outcomes in short."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from corsmith.api.outcome import HandlerSummary
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.handlers import summarise_source
from tests.handlers.reading import line


def read(
    source: str | Mapping[str, str],
    entry: str = "handler",
    environment: Mapping[str, str] | None = None,
    path: str = "index.mjs",
    runtime: str = "nodejs22.x",
) -> HandlerSummary:
    """Return the summary of the handler in `path`, which holds `source` where that is one text."""
    files = {path: source} if isinstance(source, str) else source
    tree = Tree(Memory({name: dedent(text) for name, text in files.items()}))
    given = tuple((name, Known(value)) for name, value in (environment or {}).items())
    return summarise_source(tree, path, entry, given, runtime)


def short(source: str | Mapping[str, str], path: str = "index.mjs", runtime: str = "nodejs22.x") -> set[str]:
    """Return the outcomes, each as one line."""
    return {line(outcome) for outcome in read(source, path=path, runtime=runtime).outcomes}
