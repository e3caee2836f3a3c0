"""Strict JSON becomes nodes with positions, without a YAML parser.

`json` says whether a text is JSON; then its tokens are gone through once, in the order they stand in. What a YAML parser
would have more to say about is left to it: comments, keys that stand twice, deep nesting.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from corsmith.api.span import Span

from .nodes import Entry, Mapping, Node, Scalar, Sequence

_TEXT = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_PARTS = re.compile(
    rf'(?:({_TEXT})([ \t\r\n]*:[ \t\r\n]*))?({_TEXT}|[\[\]{{}}]|[^ \t\r\n\[\]{{}}:,"]+)([ \t\r\n,]*)'
).findall
"""Each value, or bracket that closes one: its key and the colon, where it has one, and what stands behind it."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_Open = tuple[dict[str, Entry] | None, list[Node], Scalar | None, int]


def json_nodes(text: str, file: str, kind_of: Callable[[str], str], deepest: int) -> Node | None:
    """Return the nodes of a JSON object; None where `text` is none, or has a key twice or more than `deepest` levels.

    `kind_of` tells the kind of a value that stands without quotes.
    """
    try:
        if not isinstance(json.loads(text), dict):
            return None
    except (ValueError, RecursionError):
        return None
    at = len(text) - len(text.lstrip())
    # The collection that is open: its entries, or its items; the key that waits for its value; where it begins.
    entries: dict[str, Entry] | None = None
    items: list[Node] = []
    key: Scalar | None = None
    opened = 0
    around: list[_Open] = []
    for name, colon, token, gap in _PARTS(text, at):
        if name:
            end = at + len(name)
            key = Scalar(name[1:-1] if "\\" not in name else _unescaped(name), Span(file, at, end), "str", "double")
            at = end + len(colon)
        end = at + len(token)
        first = token[0]
        node: Node
        if first == '"':
            node = Scalar(token[1:-1] if "\\" not in token else _unescaped(token), Span(file, at, end), "str", "double")
        elif first == "{" or first == "[":
            if len(around) >= deepest:
                return None
            around.append((entries, items, key, opened))
            entries, items, opened = ({} if first == "{" else None), [], at
            at = end + len(gap)
            continue
        elif first == "}":
            assert entries is not None
            node = Mapping(tuple(entries.values()), Span(file, opened, end), "flow")
            entries, items, key, opened = around.pop()
        elif first == "]":
            node = Sequence(tuple(items), Span(file, opened, end), "flow")
            entries, items, key, opened = around.pop()
        else:
            node = Scalar(token, Span(file, at, end), kind_of(token), "plain")
        at = end + len(gap)
        if entries is None:
            items.append(node)
            continue
        assert key is not None
        if key.text in entries:
            return None
        entries[key.text] = Entry(key, node, end)
    return items[0]


def _unescaped(token: str) -> str:
    text: str = json.loads(token)
    # Half of a pair stands for no character, and could not be written out.
    return _SURROGATE.sub("\ufffd", text) if "\\u" in token else text
