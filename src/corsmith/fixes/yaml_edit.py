"""Edits to YAML and JSON text at nodes: entries and items added, values replaced, in the style that stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.document import parse
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence


class Verbatim(Struct, frozen=True):
    """Text of the same file that is written again as it is."""

    text: str


Content = str | bool | int | Verbatim | list["Content"] | dict[str, "Content"]
"""What is to be written: texts become scalars, quoted where YAML would read them as something else."""


class Source(Struct, frozen=True):
    """A parsed template. `json` says that it is written as JSON, where every text is in double quotes."""

    file: str
    text: str
    root: Mapping
    json: bool

    @property
    def newline(self) -> str:
        """The file's line end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def cut(self, span: Span) -> str:
        """Return the text at `span`."""
        return self.text[span.start : span.end]


def load(tree: Tree, file: str) -> Source | None:
    """Return the template at `file`; None where it cannot be read or is no mapping."""
    try:
        text = tree.read(file)
    except Unreadable:
        return None
    root = parse(text, file).root
    return Source(file, text, root, text.lstrip().startswith("{")) if isinstance(root, Mapping) else None


def node_at(node: Node, span: Span) -> Node | None:
    """Return the node that stands exactly at `span`, searched from `node` down."""
    if node.span == span:
        return node
    children: Iterator[Node] = iter(())
    if isinstance(node, Mapping):
        children = (entry.value for entry in node.entries)
    elif isinstance(node, Sequence):
        children = iter(node.items)
    for child in children:
        found = node_at(child, span)
        if found is not None:
            return found
    return None


def parent_of(root: Node, child: Node) -> Node | None:
    """Return the node whose value or item `child` is."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        children = tuple(e.value for e in node.entries) if isinstance(node, Mapping) else ()
        children = node.items if isinstance(node, Sequence) else children
        if any(each is child for each in children):
            return node
        stack += children
    return None


def at(node: Node | None, *names: str) -> Node | None:
    """Return the value that the keys lead to, None where there is none."""
    for name in names:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def add_entry(source: Source, mapping: Mapping, name: str, content: Content) -> Edit:
    """Return the edit that adds an entry at the end of `mapping`."""
    return add_entries(source, mapping, {name: content})


def add_entries(source: Source, mapping: Mapping, entries: dict[str, Content]) -> Edit:
    """Return the edit that adds several entries at the end of `mapping`."""
    if mapping.style == "flow":
        return _in_flow(source, mapping, entries)
    place = _line_end(source.text, mapping.span.end)
    lines = [line for name, content in entries.items() for line in _block(name, content, mapping.indent, source)]
    return Edit(source.file, place, place, source.newline + source.newline.join(lines))


def _in_flow(source: Source, mapping: Mapping, entries: dict[str, Content]) -> Edit:
    end = mapping.span.end - 1
    if not mapping.entries:
        inner = ", ".join(f"{_scalar(name, source.json)}: {_flow(each, source.json)}" for name, each in entries.items())
        return Edit(source.file, end, end, inner)
    last = mapping.entries[-1].span.end
    between = source.text[mapping.span.start + 1 : mapping.entries[0].span.start]
    pad = between if "\n" in between else " "
    unit = _unit(source) if source.json and "\n" in between else ""
    written = [
        f"{_scalar(name, source.json)}: {_over_lines(each, pad, unit, source)}" for name, each in entries.items()
    ]
    return Edit(source.file, last, last, "".join(f",{pad}{each}" for each in written))


def _over_lines(content: Content, pad: str, unit: str, source: Source) -> str:
    """Return a value of JSON, its parts on lines of their own; on one line where there is no `unit` to indent by."""
    if not unit or not content or not isinstance(content, dict | list):
        return _flow(content, source.json)
    inner = pad + unit
    if isinstance(content, dict):
        parts = [f"{json.dumps(name)}: {_over_lines(each, inner, unit, source)}" for name, each in content.items()]
        return "{" + inner + f",{inner}".join(parts) + pad + "}"
    return "[" + inner + f",{inner}".join(_over_lines(each, inner, unit, source) for each in content) + pad + "]"


def entry_of(root: Node, span: Span) -> tuple[Entry, Mapping] | None:
    """Return the entry that stands at `span`, whole or its key or its value, and the mapping it is in."""
    by_value: tuple[Entry, Mapping] | None = None
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Mapping):
            for entry in node.entries:
                if span in (entry.key.span, entry.span):
                    return entry, node
                # A mapping of one entry stands where that entry does.
                by_value = (entry, node) if entry.value.span == span else by_value
                stack.append(entry.value)
        elif isinstance(node, Sequence):
            stack += node.items
    return by_value


def mapping_at(source: Source, span: Span) -> Mapping | None:
    """Return the mapping that the entry at `span` holds, or that stands there itself."""
    held = entry_of(source.root, span)
    node = held[0].value if held is not None else None
    if not isinstance(node, Mapping):
        node = node_at(source.root, span)
    return node if isinstance(node, Mapping) else None


def append_item(source: Source, sequence: Sequence, content: Content) -> Edit:
    """Return the edit that adds an item at the end of `sequence`."""
    return append_items(source, sequence, [content])


def append_items(source: Source, sequence: Sequence, items: list[Content]) -> Edit:
    """Return the edit that adds items at the end of `sequence`."""
    if sequence.style == "flow":
        end = sequence.span.end - 1
        written = [_flow(item, source.json) for item in items]
        if not sequence.items:
            return Edit(source.file, end, end, ", ".join(written))
        last = sequence.items[-1].span.end
        between = source.text[sequence.span.start + 1 : sequence.items[0].span.start]
        pad = between if "\n" in between else " "
        return Edit(source.file, last, last, "".join(f",{pad}{each}" for each in written))
    place = _line_end(source.text, sequence.span.end)
    lines = [line for item in items for line in _item(item, sequence.indent, source)]
    return Edit(source.file, place, place, "".join(source.newline + line for line in lines))


def replace_value(source: Source, entry: Entry, parent: Mapping, content: Content) -> Edit:
    """Return the edit that puts `content` in the place of an entry's value."""
    colon = source.text.index(":", entry.key.span.end) + 1
    if parent.style == "flow" or not isinstance(content, (dict, list)) or not content:
        below = "\n" in source.text[colon : entry.value.span.start]
        start = colon if below else entry.value.span.start
        return Edit(source.file, start, entry.value.span.end, " " * below + _flow(content, source.json))
    lines = _block(entry.key.text, content, parent.indent, source)
    return Edit(source.file, colon, entry.value.span.end, source.newline.join(["", *lines[1:]]))


def remove_entry(source: Source, mapping: Mapping, entry: Entry) -> Edit:
    """Return the edit that takes an entry out of `mapping`: its lines, or in flow style its comma with it."""
    text, entries, span = source.text, mapping.entries, entry.span
    if mapping.style != "flow":
        start = text.rfind("\n", 0, span.start) + 1
        end = text.find("\n", span.end)
        return Edit(source.file, start, len(text) if end < 0 else end + 1, "")
    index = next(number for number, each in enumerate(entries) if each.span == span)
    if index > 0:
        return Edit(source.file, entries[index - 1].span.end, span.end, "")
    return Edit(source.file, span.start, entries[1].key.span.start if len(entries) > 1 else span.end, "")


def content_of(source: Source, node: Node) -> Content:
    """Return what stands at `node`, to be written again elsewhere."""
    if isinstance(node, Mapping) and not node.tag:
        return {entry.key.text: content_of(source, entry.value) for entry in node.entries}
    if isinstance(node, Sequence) and not node.tag:
        return [content_of(source, item) for item in node.items]
    written = source.cut(node.span)
    if isinstance(node, Scalar) and not node.tag and "\n" in written:
        return node.text
    return Verbatim(written)


def insert_in_text(source_text: str, span: Span, addition: str) -> Edit:
    """Return the edit that appends `addition` inside the quotes of the text at `span`, whatever the language."""
    end = span.end
    while end > span.start and source_text[end - 1] in "'\"":
        end -= 1
    return Edit(span.file, end, end, addition)


def _line_end(text: str, place: int) -> int:
    """Return where the line ends: a comment behind the last value stays where it is."""
    newline = text.find("\n", place)
    end = len(text) if newline < 0 else newline
    return end - 1 if text[end - 1 : end] == "\r" and end > place else end


def _block(name: str, content: Content, indent: int, source: Source) -> list[str]:
    pad = " " * indent
    step = _step(source)
    key = f"{pad}{_scalar(name, source.json)}:"
    if isinstance(content, dict) and not _is_function(content):
        lines = [key]
        for inner, value in content.items():
            lines += _block(inner, value, indent + step, source)
        return lines
    if isinstance(content, list) and content:
        return [key, *(line for item in content for line in _item(item, indent + step, source))]
    return [f"{key} {_flow(content, json_style=False)}"]


def _item(content: Content, indent: int, source: Source) -> list[str]:
    pad = " " * indent
    if not isinstance(content, dict) or not content or _is_function(content):
        return [f"{pad}- {_flow(content, json_style=False)}"]
    lines = [line for name, each in content.items() for line in _block(name, each, indent + 2, source)]
    return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]


def _step(source: Source) -> int:
    """Return how many columns this file indents by."""
    outer = source.root.indent
    for entry in source.root.entries:
        if isinstance(entry.value, Mapping) and entry.value.style == "block" and entry.value.indent > outer:
            return entry.value.indent - outer
    return 2


def _unit(source: Source) -> str:
    """Return what a level of this JSON is indented by."""
    first = _FIRST_KEY.match(source.text)
    return first[1] if first is not None else "  "


_FIRST_KEY = re.compile(r"\s*\{[^\S\n]*\r?\n([ \t]+)")


def _is_function(content: dict[str, Content]) -> bool:
    return len(content) == 1 and ("Ref" in content or "Fn::Sub" in content)


def _flow(content: Content, json_style: bool) -> str:  # noqa: FBT001 - the notation of the file
    if isinstance(content, Verbatim):
        return content.text
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, int):
        return str(content)
    if isinstance(content, str):
        return _scalar(content, json_style)
    if isinstance(content, list):
        return "[" + ", ".join(_flow(item, json_style) for item in content) + "]"
    if not json_style and len(content) == 1:
        name, value = next(iter(content.items()))
        if name == "Ref":
            return f"!Ref {value}"
        if name == "Fn::Sub" and isinstance(value, str):
            return f'!Sub "{value}"'
    return "{" + ", ".join(f"{_scalar(k, json_style)}: {_flow(v, json_style)}" for k, v in content.items()) + "}"


_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./:+\-]*")
_NOT_TEXT = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def _scalar(text: str, json_style: bool) -> str:  # noqa: FBT001 - the notation of the file
    if json_style:
        return json.dumps(text, ensure_ascii=False)
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT and not text.endswith(":"):
        return text
    if "'" in text and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def written_as(source: Source, like: Scalar, text: str) -> str:
    """Return `text` in the quotes that the scalar `like` has; plain where it has none and the text needs none."""
    if not source.json and like.style == "single":
        return "'" + text.replace("'", "''") + "'"
    if not source.json and like.style == "double":
        return json.dumps(text, ensure_ascii=False)
    return _scalar(text, source.json)


def scalar_text(node: Node | None) -> str | None:
    """Return the text of a scalar without a tag."""
    return node.text if isinstance(node, Scalar) and not node.tag else None
