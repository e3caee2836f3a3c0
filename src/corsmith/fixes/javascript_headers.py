"""Fixes in JavaScript and TypeScript handlers: headers added to a response, taken out of it."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.outcome import Object, Outcome, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.wanted import Wanted

from .javascript_object import FILES, Script, add_entries, remove_entry, script
from .javascript_reuse import reused, reused_at
from .javascript_syntax import syntax
from .lines import line_start, newline_of
from .literal import Literal
from .settings_given import NOTHING_GIVEN, Given

_ORIGIN = "Access-Control-Allow-Origin"
_CREDENTIALS = "Access-Control-Allow-Credentials"
_LISTS = "multiValueHeaders"
_MAPS = ("headers", _LISTS.lower())
_NEVER_WRITTEN = frozenset("'\"\\\n\r`$")


def load(tree: Tree, file: str) -> Script | None:
    """Return the parsed file, None where it is none of JavaScript or TypeScript."""
    if not file.endswith(FILES):
        return None
    try:
        return script(file, tree.read(file))
    except Unreadable:
        return None


def add_headers(
    tree: Tree, outcome: Outcome, wanted: Wanted, given: Given = NOTHING_GIVEN
) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to give the response of `outcome` its CORS headers, the file's own way first."""
    response = outcome.result.result if isinstance(outcome.result, Returned) else None
    if not isinstance(response, Object) or response.span is None:
        return
    yield from _in_headers(tree, response, wanted, given)
    of = load(tree, response.span.file)
    literal = of.at(response.span) if of is not None else None
    if of is None or literal is None:
        return
    headers = literal.entry("headers")
    if headers is None:
        for name in _own_headers(of, literal):
            yield (add_entries(of, literal, (("headers", name),), after="statusCode"),)
    for needed in _entries(of, literal, wanted, given):
        if headers is None:
            yield (add_entries(of, literal, (("headers", _written(of, needed)),), after="statusCode"),)
        elif headers.kind != "object":
            spread = f"{{ ...{of.cut(headers.value)}, {_written(of, needed)[2:]}"
            text = f"headers: {spread}" if headers.kind == "shorthand" else spread
            yield (Edit(of.file, headers.value.start, headers.value.end, text),)


def origins_at(tree: Tree, edit: Edit, wanted: Wanted, given: Given) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """Yield expressions for the origin where `edit` changes what the module itself runs; they need no other edits."""
    of = load(tree, edit.file)
    code = syntax(edit.file, of.text) if of is not None else None
    program = code.source.tree.root_node.named_children if code is not None else []
    around = [each for each in program if code is not None and code.span(each).start <= edit.start]
    for own in reused_at(code, around[-1], wanted, given) if code is not None and around else ():
        yield own.origin, ()


def remove_headers(tree: Tree, outcome: Outcome) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to take the CORS headers out of the response of `outcome`."""
    response = outcome.result.result if isinstance(outcome.result, Returned) else None
    if not isinstance(response, Object):
        return
    for name, node in response.entries:
        if name.lower() != "headers" or not isinstance(node, Object) or node.span is None:
            continue
        of = load(tree, node.span.file)
        literal = of.at(node.span) if of is not None else None
        if of is not None and literal is not None:
            edits = [remove_entry(of, literal, each) for each in literal.entries if _is_cors(each.name)]
            if edits and len(edits) == len(literal.entries):
                yield (_without_map(of, literal) or Edit(of.file, literal.span.start, literal.span.end, "{}"),)
            elif edits:
                yield tuple(_apart(edits))
    of = load(tree, response.span.file) if response.span is not None else None
    literal = of.at(response.span) if of is not None and response.span is not None else None
    headers = literal.entry("headers") if literal is not None else None
    if of is not None and literal is not None and headers is not None and _only_cors(response):
        yield (remove_entry(of, literal, headers),)


def _without_map(of: Script, literal: Literal) -> Edit | None:
    """Return the edit that takes out the entry whose value is this map of headers; None where it stands elsewhere."""
    for other in of.literals:
        for each in other.entries:
            if each.value == literal.span and each.name is not None and each.name.lower() in _MAPS:
                return remove_entry(of, other, each)
    return None


def _apart(edits: list[Edit]) -> list[Edit]:
    """Return edits that do not touch: neighbours that are both taken out become one."""
    joined: list[Edit] = []
    for edit in sorted(edits, key=lambda each: each.start):
        if joined and edit.start <= joined[-1].end:
            last = joined.pop()
            edit = Edit(last.file, last.start, max(last.end, edit.end), "")
        joined.append(edit)
    return joined


def _in_headers(tree: Tree, response: Object, wanted: Wanted, given: Given) -> Iterator[tuple[Edit, ...]]:
    """Add what lacks where the response's headers are written out, be that in a constant of another file."""
    for name, node in response.entries:
        if name.lower() != "headers" or not isinstance(node, Object) or node.span is None:
            continue
        of = load(tree, node.span.file)
        literal = of.at(node.span) if of is not None else None
        if of is None or literal is None:
            continue
        for needed in _entries(of, literal, wanted, given):
            lacking = tuple(each for each in needed if literal.entry(each[0]) is None)
            if lacking:
                yield (add_entries(of, literal, lacking),)


def _own_headers(of: Script, literal: Literal) -> Iterator[str]:
    """Yield what this file's other responses use for their headers, the most usual first."""
    counts: dict[str, int] = {}
    for other in of.literals:
        headers = other.entry("headers")
        if other is literal or headers is None or other.entry("statusCode") is None:
            continue
        if headers.kind in ("identifier", "member_expression"):
            counts[of.cut(headers.value)] = counts.get(of.cut(headers.value), 0) + 1
        elif headers.kind == "shorthand" and any(name == "headers" for name, _ in of.constants):
            counts["headers"] = counts.get("headers", 0) + 1
    for name, span in of.constants:
        named = of.at(span)
        if named is not None and named.entry(_ORIGIN) is not None:
            counts.setdefault(name, 0)
    yield from sorted(counts, key=lambda text: -counts[text])


def _entries(of: Script, literal: Literal, wanted: Wanted, given: Given) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield the needed headers as expressions at `literal`; none where one value cannot serve all origins."""
    true = of.quoted("true")
    for each in reused(of.file, of.text, literal.span, wanted, given):
        others = dict(each.beside)
        credentials = others.pop(_CREDENTIALS, true)
        allowed = ((_CREDENTIALS, credentials),) if wanted.credentials else ()
        yield ((_ORIGIN, each.origin), *allowed, *others.items())
    origin = "*" if len(wanted.origins) > 1 else wanted.origins[0]
    if (len(wanted.origins) > 1 and wanted.credentials) or _NEVER_WRITTEN & set(origin):
        return
    yield ((_ORIGIN, of.quoted(origin)), *(((_CREDENTIALS, true),) if wanted.credentials else ()))


def _written(of: Script, entries: tuple[tuple[str, str], ...]) -> str:
    return "{ " + ", ".join(f"{of.quoted(name)}: {expression}" for name, expression in entries) + " }"


def _is_cors(name: str | None) -> bool:
    return name is not None and name.lower().startswith("access-control-")


def _only_cors(response: Object) -> bool:
    names = [
        name.lower()
        for key, node in response.entries
        if key.lower() == "headers" and isinstance(node, Object)
        for name, _ in node.entries
    ]
    return bool(names) and all(name.startswith("access-control-") or name == "vary" for name in names)


def add_header(tree: Tree, holder: Span, name: str, value: str) -> tuple[Edit, ...]:
    """Return the edit that adds one header to the literal of headers at `holder`; none where it is none, or has it."""
    of = load(tree, holder.file)
    literal = of.at(holder) if of is not None else None
    if of is None or literal is None or literal.entry(name) is not None:
        return ()
    return (add_entries(of, literal, ((name, of.quoted(value)),)),)


def add_status(tree: Tree, response: Span) -> tuple[Edit, ...]:
    """Return the edit that gives the literal at `response` the statusCode that it lacks, at its beginning."""
    of = load(tree, response.file)
    literal = of.at(response) if of is not None else None
    if of is None or literal is None or not literal.entries or literal.entry("statusCode") is not None:
        return ()
    at = literal.entries[0].whole.start
    line = of.text[line_start(of.text, at) : at]
    newline = newline_of(of.text)
    between = f",{newline}{line}" if not line.strip() else ", "
    return (Edit(of.file, at, at, f"statusCode: 200{between}"),)


def allow_credentials(tree: Tree, beside: Edit) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that adds Allow-Credentials to the headers in which `beside` changes a value."""
    of = load(tree, beside.file)
    for literal in of.literals if of is not None else ():
        inside = literal.span.start <= beside.start and beside.end <= literal.span.end
        if of is not None and inside and literal.entry(_ORIGIN) is not None and literal.entry("headers") is None:
            yield (add_entries(of, literal, ((_CREDENTIALS, of.quoted("true")),)),)


def remove_entry_at(tree: Tree, span: Span) -> Iterator[tuple[Edit, ...]]:
    """Yield the edit that takes out the entry whose value, or a part of it, stands at `span`."""
    of = load(tree, span.file)
    for literal in of.literals if of is not None else ():
        found = literal.entry(_ORIGIN)
        if of is not None and found is not None and found.value.start <= span.start and span.end <= found.value.end:
            whole = _without_map(of, literal) if len(literal.entries) == 1 else None
            yield (whole or remove_entry(of, literal, found),)


def rename_map(tree: Tree, holder: Span, name: str) -> tuple[Edit, ...]:
    """Return the edits that call the map of headers at `holder` `name`, each value as that map has it: a text, or a list."""
    of = load(tree, holder.file)
    literal = of.at(holder) if of is not None else None
    if of is None or literal is None:
        return ()
    named = next((each for other in of.literals for each in other.entries if each.value == holder), None)
    if named is None or named.kind == "shorthand":
        return ()
    edits = [Edit(of.file, named.whole.start, holder.start, f"{name}: ")]
    for entry in literal.entries:
        text = of.cut(entry.value)
        if entry.kind == "spread_element":
            return ()
        if name == _LISTS:
            edits.append(Edit(of.file, entry.value.start, entry.value.end, f"[{text}]"))
        elif entry.kind == "array" and "," not in text:
            edits.append(Edit(of.file, entry.value.start, entry.value.end, text[1:-1].strip()))
        else:
            return ()
    return tuple(edits)
