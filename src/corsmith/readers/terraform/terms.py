"""What expressions come to: nodes, with tags for what is no plain data.

`!Ref` is a resource, `!GetAtt` an attribute that only the deployment knows, `!Join` a text some parts of which are not plain,
`!Either` one of several, `!Unknown` nothing but the reason and the resources it has to do with, `!Json` a value written as a
JSON text. `values.py` says what each is worth.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from corsmith.api.span import Span
from corsmith.api.value import Step
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence
from corsmith.readers.reading import mentioned

REF, ATTRIBUTE, JOIN, EITHER, UNKNOWN, JSON = "!Ref", "!GetAtt", "!Join", "!Either", "!Unknown", "!Json"
MOST_PARTS = 2_000
"""How many parts of a text are told apart."""
MOST_OPTIONS = 8
"""How many values of an undecided expression are told apart."""


class Open(Exception):  # noqa: N818 - it names the value's state
    """A plain value was needed and there is none. `because` says why."""

    def __init__(self, because: str) -> None:
        super().__init__(because)
        self.because = because


def text(value: str, span: Span, via: tuple[Step, ...] = ()) -> Scalar:
    """Return a text."""
    return Scalar(value, span, "str", "double", via=via)


def nothing(span: Span) -> Scalar:
    """Return null."""
    return Scalar("", span, "null")


def resource(address: str, span: Span) -> Scalar:
    """Return a resource as a whole."""
    return Scalar(address, span, tag=REF)


def attribute(address: str, name: str, span: Span) -> Sequence:
    """Return an attribute of a resource that only the deployment knows."""
    return Sequence((Scalar(address, span), Scalar(name, span)), span, "flow", tag=ATTRIBUTE)


def unknown(because: str, span: Span, *about: Node) -> Sequence:
    """Return a value of which only the reason is known, and the resources that the nodes `about` mention."""
    names = dict.fromkeys(name for node in about for name in mentioned(node))
    return Sequence((Scalar(because, span), *(resource(name, span) for name in names)), span, "flow", tag=UNKNOWN)


def either(options: Iterable[Node], because: str, span: Span) -> Node:
    """Return one of several values: the value itself where they are all alike."""
    found: list[Node] = []
    for option in options:
        for each in option.items[1:] if isinstance(option, Sequence) and option.tag == EITHER else (option,):
            if all(not same(each, other) for other in found):
                found.append(each)
    if len(found) == 1:
        return found[0]
    if len(found) > MOST_OPTIONS:
        return unknown(because, span, *found)
    return Sequence((Scalar(because, span), *found), span, "flow", tag=EITHER)


def options_of(node: Node) -> tuple[Node, ...]:
    """Return the values that `node` may have: itself where it is no choice."""
    return node.items[1:] if isinstance(node, Sequence) and node.tag == EITHER else (node,)


def as_json(node: Node, span: Span) -> Sequence:
    """Return `node` written as a JSON text."""
    return Sequence((node,), span, "flow", tag=JSON)


def listed(items: Iterable[Node], span: Span) -> Sequence:
    """Return a list."""
    return Sequence(tuple(items), span, "flow")


def mapping(pairs: Iterable[tuple[Scalar, Node]], span: Span) -> Mapping:
    """Return a mapping; of two values of one key the later counts."""
    entries = {key.text: Entry(key, value, max(value.span.end, key.span.end)) for key, value in pairs}
    return Mapping(tuple(entries.values()), span, "flow")


def is_null(node: Node) -> bool:
    """Say whether `node` is null."""
    return isinstance(node, Scalar) and node.kind == "null" and not node.tag


def is_plain_text(node: Node) -> bool:
    """Say whether `node` is a text, number or truth value that is known."""
    return isinstance(node, Scalar) and not node.tag and node.kind != "null"


def join(parts: Iterable[Node], span: Span, style: str = "double") -> Node:
    """Return the text that `parts` make up."""
    merged: list[Node] = []
    flat = [_written_out(inner) for part in parts for inner in _parts(part)]
    for part in flat:
        last = merged[-1] if merged else None
        if isinstance(part, Scalar) and not part.tag:
            if isinstance(last, Scalar) and not last.tag:
                merged[-1] = Scalar(last.text + part.text, span, "str", style, via=last.via + part.via)
            else:
                merged.append(Scalar(part.text, span, "str", style, via=part.via))
        elif not part.tag or part.tag == REF:
            merged.append(unknown("a list or an object stands where a text should", part.span, part))
        else:
            merged.append(part)
    if not merged:
        return Scalar("", span, "str", style)
    if len(merged) > MOST_PARTS:
        return unknown(f"a text of more than {MOST_PARTS:,} parts", span, *merged)
    if len(merged) == 1 and (isinstance(merged[0], Scalar) or merged[0].tag in (ATTRIBUTE, UNKNOWN)):
        # A reference alone is what it refers to.
        return merged[0]
    return Sequence((Scalar("", span), listed(merged, span)), span, "flow", tag=JOIN)


def _written_out(node: Node) -> Node:
    """A JSON text that is known as the text that it is."""
    if isinstance(node, Sequence) and node.tag == JSON and not reason(node):
        return text(plain(node), node.span)
    return node


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Sequence) and node.tag == JOIN and isinstance(node.items[1], Sequence):
        return node.items[1].items
    return (node,)


def reason(node: Node) -> str:
    """Return why a value is not plain; "" where it is."""
    if not isinstance(node, Sequence) or not node.tag:
        if isinstance(node, Scalar):
            return f"{node.text} is known only when it is deployed" if node.tag else ""
        children = node.items if isinstance(node, Sequence) else tuple(entry.value for entry in node.entries)
        return next((because for child in children if (because := reason(child))), "")
    if node.tag == ATTRIBUTE:
        names = ".".join(item.text for item in node.items if isinstance(item, Scalar))
        return f"{names} is known only when it is deployed"
    if node.tag in (UNKNOWN, EITHER):
        return node.items[0].text if isinstance(node.items[0], Scalar) else ""
    return next((because for child in node.items if (because := reason(child))), "")


def plain(node: Node) -> Any:
    """Return the plain value of `node`: str, int, float, bool, None, list, dict. Raises `Open`."""
    if isinstance(node, Sequence) and node.tag == JSON:
        from .json_values import dumped

        return dumped(plain(node.items[0]))
    if node.tag:
        raise Open(reason(node))
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: plain(entry.value) for entry in node.entries}
    if node.kind == "bool":
        return node.text == "true"
    if node.kind == "null":
        return None
    return number(node.text) if node.kind in ("int", "float") else node.text


def number(written: str) -> int | float:
    """Return a number. Raises `Open` where the text is none."""
    try:
        value = float(written) if len(written) < 40 else None
        if value is None:
            raise ValueError
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    except (ValueError, OverflowError):
        raise Open(f"{written[:40]!r} is no number") from None


def plain_text(node: Node) -> str:
    """Return the text of `node`, numbers and truth values as Terraform writes them. Raises `Open`."""
    value = plain(node)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    raise Open("a text should stand here")


def from_plain(value: Any, span: Span, via: tuple[Step, ...] = ()) -> Node:
    """Return a plain value as a node."""
    if value is None:
        return nothing(span)
    if isinstance(value, bool):
        return Scalar("true" if value else "false", span, "bool", via=via)
    if isinstance(value, int | float):
        return Scalar(repr(value), span, "int" if isinstance(value, int) else "float", via=via)
    if isinstance(value, dict):
        return mapping(((Scalar(str(key), span), from_plain(each, span, via)) for key, each in value.items()), span)
    if isinstance(value, list | tuple):
        return listed((from_plain(each, span, via) for each in value), span)
    return text(str(value), span, via)


def same(left: Node, right: Node) -> bool:
    """Say whether two nodes are worth the same, wherever they stand."""
    if left is right:
        return True
    if type(left) is not type(right) or left.tag != right.tag:
        return False
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return left.text == right.text and (left.kind == "null") == (right.kind == "null")
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return len(left.items) == len(right.items) and all(map(same, left.items, right.items))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.keys() != right.keys():
            return False
        pairs = zip(left.entries, right.entries, strict=True)
        return all(same(one.value, other.value) for one, other in pairs)
    return False


def traced(node: Node, step: Step) -> Node:
    """Return `node` with one more step in its provenance: that of a text, or of each text of a list."""
    if isinstance(node, Scalar):
        return structs.replace(node, via=(step, *node.via)) if not node.tag else node
    if isinstance(node, Sequence) and not node.tag and len(node.items) <= 100:
        return structs.replace(node, items=tuple(traced(i, step) if isinstance(i, Scalar) else i for i in node.items))
    return node


def at(node: Node, span: Span) -> Node:
    """Return `node` as if it stood at `span`: for what the user gives, which stands in no file."""
    if isinstance(node, Scalar):
        return structs.replace(node, span=span)
    if isinstance(node, Sequence):
        return structs.replace(node, span=span, items=tuple(at(item, span) for item in node.items))
    entries = tuple(Entry(structs.replace(e.key, span=span), at(e.value, span), span.end) for e in node.entries)
    return structs.replace(node, span=span, entries=entries)
