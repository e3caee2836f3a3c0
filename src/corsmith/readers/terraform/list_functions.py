"""Terraform's functions on lists and mappings: what goes in comes out, with the place it stands at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .terms import (
    Open,
    from_plain,
    is_null,
    is_plain_text,
    listed,
    mapping,
    number,
    plain,
    plain_text,
    reason,
    same,
    text,
)
from .text_functions import formatted

MOST_ITEMS = 10_000
"""How long a list may get."""


def items_of(node: Node) -> tuple[Node, ...]:
    """Return the items of a list; the values of a mapping. Raises `Open`."""
    if isinstance(node, Sequence) and not node.tag:
        return node.items
    if isinstance(node, Mapping):
        return tuple(entry.value for entry in node.entries)
    if is_null(node):
        return ()
    raise Open(reason(node) or "a list should stand here")


def entries_of(node: Node) -> tuple[Entry, ...]:
    """Return the entries of a mapping. Raises `Open`."""
    if isinstance(node, Mapping):
        return node.entries
    if is_null(node):
        return ()
    raise Open(reason(node) or "an object should stand here")


def distinct(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield nodes that differ, each once."""
    plain_seen: set[str] = set()
    others: list[Node] = []
    for node in nodes:
        if isinstance(node, Scalar) and not node.tag:
            if node.text not in plain_seen:
                plain_seen.add(node.text)
                yield node
        elif all(not same(node, other) for other in others):
            others.append(node)
            yield node


def _flat(nodes: Iterable[Node], depth: int = 0) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Sequence) and not node.tag and depth < 50:
            yield from _flat(node.items, depth + 1)
        else:
            yield node


def _concat(span: Span, *lists: Node) -> Node:
    items = tuple(item for each in lists for item in items_of(each))
    if len(items) > MOST_ITEMS:
        raise Open(f"the list has more than {MOST_ITEMS:,} items")
    return listed(items, span)


def _merge(span: Span, *mappings: Node) -> Node:
    return mapping(((entry.key, entry.value) for each in mappings for entry in entries_of(each)), span)


def _lookup(span: Span, within: Node, key: Node, *default: Node) -> Node:
    name = plain_text(key)
    for entry in entries_of(within):
        if entry.key.text == name:
            return entry.value
    if default:
        return default[0]
    raise Open(f"there is no {name!r} in it")


def _element(span: Span, within: Node, index: Node) -> Node:
    items = items_of(within)
    if not items:
        raise Open("the list is empty")
    return items[int(number(plain_text(index))) % len(items)]


def _index(span: Span, within: Node, wanted: Node) -> Node:
    if why := reason(wanted) or reason(within):
        raise Open(why)
    for place, item in enumerate(items_of(within)):
        if same(item, wanted):
            return from_plain(place, span)
    raise Open("there is no such item in the list")


def _keys(span: Span, within: Node) -> Node:
    return listed((text(e.key.text, e.key.span) for e in sorted(entries_of(within), key=lambda e: e.key.text)), span)


def _values(span: Span, within: Node) -> Node:
    return listed((entry.value for entry in sorted(entries_of(within), key=lambda e: e.key.text)), span)


def _coalesce(span: Span, *values: Node) -> Node:
    for value in values:
        if is_plain_text(value):
            if isinstance(value, Scalar) and value.text:
                return value
        elif not is_null(value):
            return value
    raise Open("coalesce is given nothing")


def _coalesce_list(span: Span, *values: Node) -> Node:
    return next((value for value in values if items_of(value)), listed((), span))


def _compact(span: Span, within: Node) -> Node:
    items = (item for item in items_of(within) if not is_null(item))
    return listed((item for item in items if not (isinstance(item, Scalar) and not item.tag and not item.text)), span)


def _contains(span: Span, within: Node, value: Node) -> Node:
    items = items_of(within)
    if why := reason(value):
        raise Open(why)
    found = any(same(item, value) for item in items)
    if not found and (why := next((why for item in items if (why := reason(item))), "")):
        raise Open(why)
    return Scalar("true" if found else "false", span, "bool")


def _length(span: Span, within: Node) -> Node:
    count = len(within.text) if isinstance(within, Scalar) and is_plain_text(within) else len(items_of(within))
    return Scalar(str(count), span, "int")


def _zipmap(span: Span, keys: Node, values: Node) -> Node:
    pairs = zip(items_of(keys), items_of(values), strict=False)
    return mapping(((text(plain_text(key), key.span), value) for key, value in pairs), span)


def _set_of(span: Span, within: Node) -> Node:
    items = tuple(distinct(items_of(within)))
    if all(isinstance(item, Scalar) and not item.tag for item in items):
        items = tuple(sorted(items, key=lambda item: item.text if isinstance(item, Scalar) else ""))
    return listed(items, span)


def _slice(span: Span, within: Node, start: Node, end: Node) -> Node:
    return listed(items_of(within)[int(number(plain_text(start))) : int(number(plain_text(end)))], span)


def _product(span: Span, *lists: Node) -> Node:
    rows: list[tuple[Node, ...]] = [()]
    for each in lists:
        items = items_of(each)
        if len(rows) * len(items) > MOST_ITEMS:
            raise Open(f"the product has more than {MOST_ITEMS:,} items")
        rows = [(*row, item) for row in rows for item in items]
    return listed((listed(row, span) for row in rows), span)


def _chunks(span: Span, within: Node, size: Node) -> Node:
    items, count = items_of(within), max(int(number(plain_text(size))), 1)
    return listed((listed(items[at : at + count], span) for at in range(0, len(items), count)), span)


def _one(span: Span, within: Node) -> Node:
    items = items_of(within)
    if len(items) > 1:
        raise Open("one is given several")
    return items[0] if items else Scalar("", span, "null")


def _sorted(span: Span, within: Node) -> Node:
    return listed(sorted(items_of(within), key=plain_text), span)


def _union(span: Span, *lists: Node) -> Node:
    return _set_of(span, _concat(span, *lists))


def _without(span: Span, first: Node, *others: Node) -> Node:
    gone = [item for other in others for item in items_of(other)]
    return listed((item for item in items_of(first) if not any(same(item, each) for each in gone)), span)


def _common(span: Span, first: Node, *others: Node) -> Node:
    kept = (i for i in items_of(first) if all(any(same(i, e) for e in items_of(other)) for other in others))
    return listed(kept, span)


def _as_list(span: Span, within: Node) -> Node:
    return within if isinstance(within, Sequence) and not within.tag else listed(items_of(within), span)


def _same(span: Span, value: Node) -> Node:
    return value


def _match_keys(span: Span, values: Node, keys: Node, wanted: Node) -> Node:
    pairs = zip(items_of(values), items_of(keys), strict=False)
    kept = items_of(wanted)
    return listed((value for value, key in pairs if any(same(key, each) for each in kept)), span)


def _reversed(span: Span, within: Node) -> Node:
    return listed(reversed(items_of(within)), span)


def _list(span: Span, *items: Node) -> Node:
    return listed(items, span)


def _as_map(span: Span, within: Node) -> Node:
    return mapping(((entry.key, entry.value) for entry in entries_of(within)), span)


def _flatten(span: Span, within: Node) -> Node:
    return listed(_flat(items_of(within)), span)


def _distinct(span: Span, within: Node) -> Node:
    return listed(distinct(items_of(within)), span)


def _format_list(span: Span, pattern: Node, *lists: Node) -> Node:
    columns = [items_of(each) if not isinstance(each, Scalar) else None for each in lists]
    count = max((len(column) for column in columns if column is not None), default=0)
    rows = []
    for at in range(count):
        picked = [column[at] if column is not None else lists[i] for i, column in enumerate(columns)]
        rows.append(text(formatted(plain_text(pattern), *(plain(each) for each in picked)), span))
    return listed(rows, span)


LISTS: dict[str, Callable[..., Node]] = {
    "chunklist": _chunks,
    "coalesce": _coalesce,
    "coalescelist": _coalesce_list,
    "compact": _compact,
    "concat": _concat,
    "contains": _contains,
    "distinct": _distinct,
    "element": _element,
    "index": _index,
    "flatten": _flatten,
    "formatlist": _format_list,
    "keys": _keys,
    "length": _length,
    "list": _list,
    "lookup": _lookup,
    "matchkeys": _match_keys,
    "merge": _merge,
    "nonsensitive": _same,
    "one": _one,
    "reverse": _reversed,
    "sensitive": _same,
    "setintersection": _common,
    "setproduct": _product,
    "setsubtract": _without,
    "setunion": _union,
    "slice": _slice,
    "sort": _sorted,
    "tolist": _as_list,
    "tomap": _as_map,
    "toset": _set_of,
    "values": _values,
    "zipmap": _zipmap,
}
"""Functions on nodes: the span of the call, then the arguments. They raise `Open`."""
