"""OpenAPI definitions given as `body`: `jsonencode`, `file`, `templatefile`, heredocs. Each value keeps the place it stands at.

A text with parts to fill in is first parsed as it is written, so that places stay right; where it is no YAML or JSON like
that (a condition around a part, a number filled in), it is filled in first, and everything in it stands where the text does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import structs

from corsmith.api.span import Span
from corsmith.api.tree import Unreadable
from corsmith.readers.document import parse
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .evaluate import evaluate
from .file_functions import path_of
from .json_syntax import template
from .operators import truth
from .scope import Instance, Scope
from .syntax import Attr, Call, Choice, Expression, Filled, Name
from .terms import JOIN, JSON, Open, at, either, join, listed, reason, unknown

if TYPE_CHECKING:
    from .world import World

_MARK = re.compile(r"corsmithpart([0-9]+)x")
_DEEPEST = 12


def definition(world: World, instance: Instance, name: str = "body") -> Node | None:
    """Return the definition that a resource's argument gives; None where it gives none."""
    stated = instance.block.body.attribute(name) if instance.block is not None else None
    if stated is not None and instance.scope is not None:
        return _of(stated.expression, instance.scope, 0)
    node = world.stated(instance, name)
    return None if node is None else _decoded(node)


def _of(expression: Expression, scope: Scope, depth: int) -> Node:
    world = scope.place.world
    if depth < _DEEPEST:
        if isinstance(expression, Choice):
            holds = truth(evaluate(expression.test, scope))
            if holds is not None:
                return _of(expression.yes if holds else expression.no, scope, depth + 1)
        if isinstance(expression, Call) and expression.name == "templatefile" and expression.arguments:
            found = _template_file(expression, scope)
            if found is not None:
                return found
        if isinstance(expression, Filled) and expression.raw is not None:
            raw = expression.raw
            written = world.tree.read(raw.file)[raw.start : raw.end]
            found = _as_written(written, raw.file, raw.start, scope)
            if found is not None:
                return found
        followed = _followed(expression, scope, depth)
        if followed is not None:
            return followed
    return _decoded(evaluate(expression, scope))


def _followed(expression: Expression, scope: Scope, depth: int) -> Node | None:
    """Follow a local value, or a `template_file`, to the text itself."""
    world = scope.place.world
    if isinstance(expression, Filled) and len(expression.parts) == 1 and expression.raw is None:
        return _of(expression.parts[0], scope, depth + 1)
    if not isinstance(expression, Attr):
        return None
    if isinstance(expression.of, Name) and expression.of.name == "local":
        own = scope.place.module.locals.get(expression.name)
        return _of(own.expression, Scope(scope.place), depth + 1) if own is not None else None
    inner = expression.of
    if expression.name != "rendered" or not (isinstance(inner, Attr) and isinstance(inner.of, Attr)):
        return None
    data = inner.of
    if not (isinstance(data.of, Name) and data.of.name == "data" and data.name == "template_file"):
        return None
    node = evaluate(inner, scope)
    instance = world.instances.get(node.text) if isinstance(node, Scalar) else None
    given = world.stated(instance, "template") if instance is not None else None
    names = world.stated(instance, "vars") if instance is not None else None
    if not isinstance(given, Scalar) or given.style != "file":
        return None
    filled = _names(names)
    return _as_written(given.text, given.span.file, 0, Scope(scope.place, filled))


def _template_file(call: Call, scope: Scope) -> Node | None:
    given = [evaluate(each, scope) for each in call.arguments]
    try:
        path = path_of(given[0], scope)
        content = scope.place.world.tree.read(path)
    except Open as error:
        return unknown(error.because, call.span, *given)
    except Unreadable as error:
        return unknown(f"{error.reason}: {error.path}", call.span, *given)
    return _as_written(content, path, 0, Scope(scope.place, _names(given[1] if len(given) > 1 else None)))


def _names(node: Node | None) -> dict[str, Node]:
    return {entry.key.text: entry.value for entry in node.entries} if isinstance(node, Mapping) else {}


def _as_written(written: str, file: str, start: int, scope: Scope) -> Node | None:
    """Parse a text that stands at `start` of a file, then fill in what its scalars hold."""
    if "%{" in written:
        return None
    document = parse(written, file)
    if document.root is None or document.problems or isinstance(document.root, Scalar):
        return None
    return _filled(document.root, start, lambda scalar: evaluate(template(scalar), scope))


def _filled(node: Node, by: int, fill: Callable[[Scalar], Node]) -> Node:
    span = Span(node.span.file, node.span.start + by, node.span.end + by) if by else node.span
    if isinstance(node, Scalar):
        moved = structs.replace(node, span=span) if by else node
        if "$${" in node.text or "${" in node.text:
            filled = fill(moved)
            return structs.replace(filled, span=span)
        return moved
    if isinstance(node, Sequence):
        return structs.replace(node, span=span, items=tuple(_filled(item, by, fill) for item in node.items))
    entries = []
    for entry in node.entries:
        key = _filled(entry.key, by, fill)
        key = key if isinstance(key, Scalar) and not key.tag else entry.key
        entries.append(Entry(key, _filled(entry.value, by, fill), entry.end + by))
    return structs.replace(node, span=span, entries=tuple(entries))


def _decoded(node: Node) -> Node:
    """Return what the text that `node` gives says."""
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Sequence) and node.tag == JSON:
        return node.items[0]
    if isinstance(node, Scalar) and not node.tag and node.kind == "str":
        root = parse(node.text, node.span.file).root
        if root is None or isinstance(root, Scalar):
            return unknown("the definition is neither YAML nor JSON", node.span)
        return root if node.style == "file" else at(root, node.span)
    if isinstance(node, Sequence) and node.tag == JOIN:
        return _with_marks(node)
    if isinstance(node, Sequence) and node.tag == "!Either":
        return either([_decoded(option) for option in node.items[1:]], reason(node), node.span)
    return node


def _with_marks(node: Sequence) -> Node:
    """Parse a text some parts of which are not known: a mark stands for each."""
    parts = node.items[1].items if isinstance(node.items[1], Sequence) else ()
    written = "".join(
        part.text if isinstance(part, Scalar) and not part.tag else f"corsmithpart{index}x"
        for index, part in enumerate(parts)
    )
    root = parse(written, node.span.file).root
    if root is None or isinstance(root, Scalar):
        return unknown(f"the definition is not known: {reason(node)}", node.span, node)

    def fill(scalar: Scalar) -> Node:
        found: list[Node] = []
        end = 0
        for match in _MARK.finditer(scalar.text):
            found.append(Scalar(scalar.text[end : match.start()], node.span))
            found.append(parts[int(match.group(1))] if int(match.group(1)) < len(parts) else scalar)
            end = match.end()
        found.append(Scalar(scalar.text[end:], node.span))
        return join(found, node.span)

    return _marked(root, node.span, fill)


def _marked(node: Node, span: Span, fill: Callable[[Scalar], Node]) -> Node:
    if isinstance(node, Scalar):
        return fill(node) if "corsmithpart" in node.text else structs.replace(node, span=span)
    if isinstance(node, Sequence):
        return listed((_marked(item, span, fill) for item in node.items), span)
    entries = []
    for entry in node.entries:
        key = _marked(entry.key, span, fill)
        key = key if isinstance(key, Scalar) and not key.tag else structs.replace(entry.key, span=span)
        entries.append(Entry(key, _marked(entry.value, span, fill), span.end))
    return Mapping(tuple(entries), span, "flow")
