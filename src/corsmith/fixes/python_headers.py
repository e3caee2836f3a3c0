"""Fixes in Python handlers: headers added to a response, taken out of it, or their values changed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.outcome import Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.wanted import Wanted

from .lines import line_start, newline_of
from .python_dict import (
    PythonSource,
    add_entries,
    constant_named,
    dict_at,
    dicts_with,
    entry,
    parse,
    remove_entry,
    remove_unpacked,
)
from .python_module import add_import
from .python_reuse import reused
from .settings_given import NOTHING_GIVEN, Given

_ORIGIN = "Access-Control-Allow-Origin"
_CREDENTIALS = "Access-Control-Allow-Credentials"
_LISTS = "multiValueHeaders"


def load(tree: Tree, file: str) -> PythonSource | None:
    """Return the parsed Python file, None where it is none or does not parse."""
    if not file.endswith(".py"):
        return None
    try:
        return parse(file, tree.read(file))
    except Unreadable:
        return None


def add_headers(
    tree: Tree, outcome: Outcome, wanted: Wanted, given: Given = NOTHING_GIVEN
) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to give the response of `outcome` its CORS headers, the file's own way first."""
    response = outcome.result.result if isinstance(outcome.result, Returned) else None
    span = response.span if isinstance(response, Object) else None
    source = load(tree, span.file) if span is not None else None
    literal = dict_at(source, span) if source is not None and span is not None else None
    if source is None or literal is None:
        return
    headers = entry(literal, "headers")
    if headers is None:
        for expression in _own_headers(source, literal):
            yield (add_entries(source, literal, (("headers", expression),), after="statusCode"),)
    for needed, edits in _entries(source, literal, wanted, given):
        written = ", ".join(f'"{name}": {expression}' for name, expression in needed)
        if headers is not None and isinstance(headers[1], ast.Dict) and not _lacking(headers[1], needed):
            return
        if headers is None:
            edit = add_entries(source, literal, (("headers", "{" + written + "}"),), after="statusCode")
        elif isinstance(headers[1], ast.Dict):
            edit = add_entries(source, headers[1], _lacking(headers[1], needed))
        else:
            place = source.span(headers[1])
            edit = Edit(source.file, place.start, place.end, "{**" + source.cut(headers[1]) + ", " + written + "}")
        yield (*edits, edit)


def origins_at(tree: Tree, edit: Edit, wanted: Wanted, given: Given) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """Yield expressions for the origin where `edit` changes what the module itself runs, with the edits they need."""
    source = load(tree, edit.file)
    if source is None:
        return
    around = [each for each in source.module.body if source.span(each).start <= edit.start]
    for own in reused(source, around[-1], wanted, given) if around else ():
        yield own.origin, (add_import(source, "import os"),) if own.needs_os else ()


def _lacking(headers: ast.Dict, needed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    there = {key.value.lower() for key in headers.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}
    return tuple(each for each in needed if each[0].lower() not in there)


def add_header(tree: Tree, holder: Span, name: str, value: str) -> tuple[Edit, ...]:
    """Return the edit that adds one header to the dict of headers at `holder`; none where it is no literal of Python."""
    source = load(tree, holder.file)
    literal = dict_at(source, holder) if source is not None else None
    if source is None or literal is None or entry(literal, name) is not None:
        return ()
    return (add_entries(source, literal, ((name, f'"{value}"'),)),)


def add_status(tree: Tree, response: Span) -> tuple[Edit, ...]:
    """Return the edit that gives the dict at `response` the statusCode that it lacks, at its beginning."""
    source = load(tree, response.file)
    literal = dict_at(source, response) if source is not None else None
    if source is None or literal is None or not literal.keys or entry(literal, "statusCode") is not None:
        return ()
    first = literal.keys[0]
    if first is None:
        return (add_entries(source, literal, (("statusCode", "200"),)),)
    at = source.span(first).start
    written = source.text[at]
    quote = written if written in "'\"" else '"'
    line = source.text[line_start(source.text, at) : at]
    newline = newline_of(source.text)
    between = f",{newline}{line}" if not line.strip() else ", "
    return (Edit(source.file, at, at, f"{quote}statusCode{quote}: 200{between}"),)


def remove_headers(tree: Tree, outcome: Outcome) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to take the CORS headers out of the response of `outcome`."""
    response = outcome.result.result if isinstance(outcome.result, Returned) else None
    if not isinstance(response, Object):
        return
    for name, node in response.entries:
        if name.lower() != "headers" or not isinstance(node, Object) or node.span is None:
            continue
        source = load(tree, node.span.file)
        literal = dict_at(source, node.span) if source is not None else None
        if source is not None and literal is not None:
            names = [n for n, _ in node.entries if n.lower().startswith("access-control-")]
            edits = [remove_entry(source, literal, each) for each in names]
            if edits and len(edits) == len(literal.keys) and None not in edits:
                yield (_without_map(source, literal) or Edit(source.file, node.span.start, node.span.end, "{}"),)
            else:
                yield tuple(edit for edit in edits if edit is not None)
    # Where the headers come from elsewhere, take them off this response alone.
    source = load(tree, response.span.file) if response.span is not None else None
    literal = dict_at(source, response.span) if source is not None and response.span is not None else None
    if source is not None and literal is not None:
        edit = _without_cors(source, literal, response)
        if edit is not None:
            yield (edit,)


def _without_map(source: PythonSource, literal: ast.Dict) -> Edit | None:
    """Return the edit that takes out the entry whose value is this map of headers; None where it stands elsewhere."""
    for name in ("headers", _LISTS):
        for each in dicts_with(source, name):
            if _value(each, name) is literal:
                return remove_entry(source, each, name)
    return None


def _without_cors(source: PythonSource, literal: ast.Dict, response: Object) -> Edit | None:
    """Return the edit that takes headers from elsewhere off a response; None where others would go with them."""
    kept = {
        name.lower()
        for key, node in response.entries
        if key.lower() == "headers" and isinstance(node, Object)
        for name, _ in node.entries
        if not name.lower().startswith("access-control-") and name.lower() != "vary"
    }
    if not kept:
        return remove_entry(source, literal, "headers")
    written = entry(literal, "headers")
    if written is None or not isinstance(written[1], ast.Dict):
        return None
    if any(entry(written[1], name) is None for name in kept):
        return None
    return remove_unpacked(source, written[1])


def replace_text(tree: Tree, span: Span, old: str, new: str) -> tuple[Edit, ...]:
    """Return the edit that replaces `old` by `new` in the literal at `span`; none where the literal is no plain text."""
    try:
        text = tree.read(span.file)[span.start : span.end]
    except Unreadable:
        return ()
    if text.count(old) != 1 or not (text[:1] in "'\"" or "\n" not in text):
        return ()
    start = span.start + text.index(old)
    return (Edit(span.file, start, start + len(old), new),)


def _own_headers(source: PythonSource, literal: ast.Dict) -> Iterator[str]:
    """Yield the expressions that this file's other responses use for their headers, the most usual first."""
    counts: dict[str, int] = {}
    for other in dicts_with(source, "statusCode"):
        found = entry(other, "headers")
        if other is literal or found is None:
            continue
        value = found[1]
        if isinstance(value, ast.Name | ast.Attribute) or (
            isinstance(value, ast.Call) and not value.args and not value.keywords
        ):
            text = source.cut(value)
            counts[text] = counts.get(text, 0) + 1
        elif isinstance(value, ast.Dict):
            name = constant_named(source, source.span(value))
            if name is not None:
                counts[name] = counts.get(name, 0) + 1
    for literal_ in dicts_with(source, _ORIGIN):
        name = constant_named(source, source.span(literal_))
        if name is not None:
            counts.setdefault(name, 0)
    yield from sorted(counts, key=lambda text: -counts[text])


def _entries(
    source: PythonSource, literal: ast.Dict, wanted: Wanted, given: Given
) -> Iterator[tuple[tuple[tuple[str, str], ...], tuple[Edit, ...]]]:
    """Yield the needed headers as expressions, with the edits that these need; none where one value cannot serve all."""
    for each in reused(source, literal, wanted, given):
        others = dict(each.beside)
        credentials = ((_CREDENTIALS, others.pop(_CREDENTIALS, '"true"')),) if wanted.credentials else ()
        others.pop(_CREDENTIALS, None)
        edits = (add_import(source, "import os"),) if each.needs_os else ()
        yield ((_ORIGIN, each.origin), *credentials, *others.items()), edits
    if len(wanted.origins) > 1 and wanted.credentials:
        return
    expression = '"*"' if len(wanted.origins) > 1 else f'"{wanted.origins[0]}"'
    yield ((_ORIGIN, expression), *(((_CREDENTIALS, '"true"'),) if wanted.credentials else ())), ()


def allow_credentials(tree: Tree, beside: Edit) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that adds Allow-Credentials to the headers in which `beside` changes a value."""
    source = load(tree, beside.file)
    if source is None:
        return
    for literal in dicts_with(source, _ORIGIN):
        span = source.span(literal)
        if span.start <= beside.start and beside.end <= span.end and entry(literal, "headers") is None:
            yield (add_entries(source, literal, ((_CREDENTIALS, '"true"'),)),)


def remove_entry_at(tree: Tree, span: Span) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that takes out the entry whose value, or a part of it, stands at `span`."""
    source = load(tree, span.file)
    for literal in dicts_with(source, _ORIGIN) if source is not None else ():
        found = entry(literal, _ORIGIN)
        if source is None or found is None:
            continue
        place = source.span(found[1])
        if place.start <= span.start and span.end <= place.end:
            whole = _without_map(source, literal) if len(literal.keys) == 1 else None
            edit = whole or remove_entry(source, literal, _ORIGIN)
            yield (edit,) if edit is not None else ()


def _value(literal: ast.Dict, name: str) -> ast.expr | None:
    found = entry(literal, name)
    return found[1] if found is not None else None


def rename_map(tree: Tree, holder: Span, name: str) -> tuple[Edit, ...]:
    """Return the edits that call the map of headers at `holder` `name`, each value as that map has it: a text, or a list."""
    source = load(tree, holder.file)
    literal = dict_at(source, holder) if source is not None else None
    if source is None or literal is None:
        return ()
    key = next(
        (
            key
            for node in ast.walk(source.module)
            if isinstance(node, ast.Dict)
            for key, value in zip(node.keys, node.values, strict=True)
            if value is literal and isinstance(key, ast.Constant)
        ),
        None,
    )
    if key is None:
        return ()
    place = source.span(key)
    quote = source.text[place.start]
    edits = [Edit(holder.file, place.start, place.end, f"{quote}{name}{quote}")]
    for value in literal.values:
        span = source.span(value)
        if name == _LISTS:
            edits.append(Edit(holder.file, span.start, span.end, f"[{source.cut(value)}]"))
        elif isinstance(value, ast.List) and len(value.elts) == 1:
            edits.append(Edit(holder.file, span.start, span.end, source.cut(value.elts[0])))
        else:
            return ()
    return tuple(edits)
