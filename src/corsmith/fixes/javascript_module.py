"""Edits to JavaScript modules: imports added and taken out, statements and calls in a chain taken out or moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corsmith.api.fix import Edit
from corsmith.api.span import Span

from .javascript_object import Script
from .javascript_syntax import Syntax, syntax
from .lines import line_end, line_start, newline_of, next_line

_DIRECTIVE = re.compile(r"\s*(?:(['\"])use strict\1;?[ \t]*\r?\n)?")


def is_module(code: Syntax) -> bool:
    """Say whether the file is an ES module: it imports or exports by statements, or its name says so."""
    file = code.source.path
    if file.endswith((".mjs", ".mts", ".ts", ".tsx")):
        return True
    return not file.endswith(".cjs") and any(True for _ in code.of_type("import_statement", "export_statement"))


def add_import(of: Script, names: str, package: str) -> Edit:
    """Return the edit that imports `names` ("{ Policy, cors }" or "cors") from `package`, in the file's own way."""
    code = syntax(of.file, of.text)
    end = newline_of(of.text)
    stop = ";" if _semicolons(of.text) else ""
    if is_module(code):
        line = f"import {names} from {of.quoted(package)}{stop}"
        last = [each for each in code.source.tree.root_node.named_children if each.type == "import_statement"]
    else:
        line = f"const {names} = require({of.quoted(package)}){stop}"
        children = code.source.tree.root_node.named_children
        last = [each for each in children if each.type == "lexical_declaration" and "require(" in code.text(each)]
    if not last:
        place = _DIRECTIVE.match(of.text)
        start = place.end() if place is not None and place[1] else 0
        gap = "" if of.text.startswith(end, start) else end
        return Edit(of.file, start, start, f"{line}{end}{gap}")
    at = code.span(last[-1]).end
    return Edit(of.file, at, at, f"{end}{line}")


def _semicolons(text: str) -> bool:
    return bool(re.search(r";[ \t]*\r?$", text, re.MULTILINE)) or "\n" not in text.strip()


def remove_statement(code: Syntax, node: Any) -> Edit:
    """Return the edit that takes a statement out, its lines with it."""
    span, text = code.span(node), code.source.text
    end = span.end + (text[span.end : span.end + 1] == ";")
    start = line_start(text, span.start)
    if text[start : span.start].strip() or text[end : line_end(text, end)].strip():
        return Edit(span.file, span.start, end, "")
    return Edit(span.file, start, next_line(text, end), "")


def remove_unused(code: Syntax, name: str, gone: tuple[Span, ...]) -> Iterator[Edit]:
    """Yield the edit that takes the import of `name` out, where nothing but what is in `gone` uses it."""
    named = (node for node in code.of_type("identifier") if code.text(node) == name)
    uses = [node for node in named if not _within(code.span(node), gone)]
    for statement in code.source.tree.root_node.named_children:
        if statement.type not in ("import_statement", "lexical_declaration", "variable_declaration"):
            continue
        text = code.text(statement)
        if statement.type != "import_statement" and "require(" not in text:
            continue
        place = code.span(statement)
        if not any(_within(code.span(each), (place,)) for each in uses):
            continue
        others = [each for each in uses if not _within(code.span(each), (place,))]
        single = re.search(
            rf"(import|const|let|var)\s+(\{{\s*{re.escape(name)}\s*\}}|{re.escape(name)})\s*(from|=)", text
        )
        if not others and single is not None:
            yield remove_statement(code, statement)


def _within(span: Span, places: tuple[Span, ...]) -> bool:
    return any(each.start <= span.start and span.end <= each.end for each in places)
