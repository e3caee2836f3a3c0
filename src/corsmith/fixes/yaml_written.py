"""Values as YAML or JSON text, in the notation of the file that they go into."""

from __future__ import annotations

import json
import re

from msgspec import Struct

from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .yaml_source import Source


class Verbatim(Struct, frozen=True):
    """Text of the same file that is written again as it is."""

    text: str


Content = str | bool | int | Verbatim | list["Content"] | dict[str, "Content"]
"""What is to be written: texts become scalars, quoted where YAML would read them as something else."""


def content_of(source: Source, node: Node) -> Content:
    """Return what stands at `node`, to be written again elsewhere."""
    if isinstance(node, Mapping) and not node.tag:
        return {entry.key.text: content_of(source, entry.value) for entry in node.entries}
    if isinstance(node, Sequence) and not node.tag:
        return [content_of(source, item) for item in node.items]
    written = source.cut(node.span)
    if isinstance(node, Scalar) and not node.tag and set("\r\n") & set(written):
        return node.text
    return Verbatim(written)


def over_lines(content: Content, pad: str, unit: str, source: Source) -> str:
    """Return a value of JSON, its parts on lines of their own; on one line where there is no `unit` to indent by."""
    if not unit or not content or not isinstance(content, dict | list):
        return flow(content, source.json)
    inner = pad + unit
    if isinstance(content, dict):
        parts = [f"{json.dumps(name)}: {over_lines(each, inner, unit, source)}" for name, each in content.items()]
        return "{" + inner + f",{inner}".join(parts) + pad + "}"
    return "[" + inner + f",{inner}".join(over_lines(each, inner, unit, source) for each in content) + pad + "]"


def block(name: str, content: Content, indent: int, source: Source) -> list[str]:
    """Return the lines of an entry in block style."""
    pad = " " * indent
    step = _step(source)
    key = f"{pad}{scalar(name, source.json)}:"
    if isinstance(content, dict) and content and not _is_function(content):
        lines = [key]
        for inner, value in content.items():
            lines += block(inner, value, indent + step, source)
        return lines
    if isinstance(content, list) and content:
        return [key, *(line for each in content for line in list_item(each, indent + step, source))]
    return [f"{key} {flow(content, json_style=False)}"]


def list_item(content: Content, indent: int, source: Source) -> list[str]:
    """Return the lines of a list's item in block style."""
    pad = " " * indent
    if not isinstance(content, dict) or not content or _is_function(content):
        return [f"{pad}- {flow(content, json_style=False)}"]
    lines = [line for name, each in content.items() for line in block(name, each, indent + 2, source)]
    return [f"{pad}- {lines[0].lstrip()}", *lines[1:]]


def _step(source: Source) -> int:
    """Return how many columns this file indents by."""
    outer = source.root.indent
    for entry in source.root.entries:
        if isinstance(entry.value, Mapping) and entry.value.style == "block" and entry.value.indent > outer:
            return entry.value.indent - outer
    return 2


def unit_of(source: Source) -> str:
    """Return what a level of this JSON is indented by."""
    first = _FIRST_KEY.match(source.text)
    return first[1] if first is not None else "  "


_FIRST_KEY = re.compile(r"\s*\{[^\S\n]*\r?\n([ \t]+)")


def _is_function(content: dict[str, Content]) -> bool:
    return len(content) == 1 and ("Ref" in content or "Fn::Sub" in content)


def flow(content: Content, json_style: bool) -> str:  # noqa: FBT001 - the notation of the file
    """Return a value on one line."""
    if isinstance(content, Verbatim):
        return content.text
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, int):
        return str(content)
    if isinstance(content, str):
        return scalar(content, json_style)
    if isinstance(content, list):
        return "[" + ", ".join(flow(item, json_style) for item in content) + "]"
    if not json_style and len(content) == 1:
        name, value = next(iter(content.items()))
        if name == "Ref":
            return f"!Ref {value}"
        if name == "Fn::Sub" and isinstance(value, str):
            return f'!Sub "{value}"'
    return "{" + ", ".join(f"{scalar(k, json_style)}: {flow(v, json_style)}" for k, v in content.items()) + "}"


_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./:+\-]*")
_NOT_TEXT = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


def scalar(text: str, json_style: bool) -> str:  # noqa: FBT001 - the notation of the file
    """Return a text as a scalar: plain where it can be."""
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
    return scalar(text, source.json)
