"""Items of lists in code, Python's, JavaScript's and Terraform's: found by their text, and taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable

_BEFORE = re.compile(r"[\[({,]\s*(?:#[^\n]*\s*|//[^\n]*\s*)*\Z")


def literals_of(tree: Tree, file: str, texts: tuple[str, ...]) -> Iterator[Span]:
    """Yield where one of `texts` stands between quotes in `file`."""
    try:
        source = tree.read(file)
    except Unreadable:
        return
    for text in texts:
        for found in re.finditer(rf"(['\"`]){re.escape(text)}\1", source):
            yield Span(file, found.start(), found.end())


def regex_of(tree: Tree, file: str, pattern: str, origins: tuple[str, ...]) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that lets a regular expression of JavaScript, `/pattern/`, match nothing but `origins`."""
    if file.endswith(".py"):
        return
    try:
        source = tree.read(file)
    except Unreadable:
        return
    exact = [origin.replace("/", "\\/").replace(".", "\\.") for origin in origins]
    whole = exact[0] if len(exact) == 1 else f"(?:{'|'.join(exact)})"
    for found in re.finditer(rf"(?<![\w)/])/{re.escape(pattern)}/(?=[a-z]*\W)", source):
        yield (Edit(file, found.start(), found.end(), f"/^{whole}$/"),)


def remove_literal(tree: Tree, span: Span) -> tuple[Edit, ...]:
    """Return the edit that takes the literal at `span` out of its list, with its comma, or its line where it has one.

    None where it is no item of a list, or the only one.
    """
    text = tree.read(span.file)
    before = text[: span.start]
    if _BEFORE.search(before[-400:]) is None:
        return ()
    comma = re.compile(r"\s*,").match(text, span.end)
    line = before.rfind("\n") + 1
    rest = re.compile(r"[ \t]*(?:(?:#|//)[^\n]*)?\r?\n").match(text, comma.end() if comma is not None else span.end)
    if comma is not None and not text[line : span.start].strip() and rest is not None:
        return (Edit(span.file, line, rest.end(), ""),)
    first = before.rstrip()
    if first.endswith(","):
        return (Edit(span.file, len(first) - 1, span.end, ""),)
    if comma is not None:
        blank = re.compile(r"[ \t]*").match(text, comma.end())
        return (Edit(span.file, span.start, blank.end() if blank is not None else comma.end(), ""),)
    return ()
