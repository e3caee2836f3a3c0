"""Strict JSON is read as the YAML parser reads it, place for place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from corsmith.readers import document
from corsmith.readers.document import DEEPEST, parse
from corsmith.readers.json_nodes import json_nodes
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\u2028\u2029\x85")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def by_yaml(text: str) -> Node:
    composed = yaml.compose(text, document._Composer)
    return without_columns(document._Walk(text, "f").node(composed, 0))


def without_columns(node: Node) -> Node:
    """A node without what counts for blocks only."""
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Sequence):
        return replace(node, items=tuple(map(without_columns, node.items)), indent=0)
    entries = tuple(Entry(entry.key, without_columns(entry.value), entry.end) for entry in node.entries)
    return replace(node, entries=entries, indent=0)


def by_json(text: str) -> Node | None:
    return json_nodes(text, "f", document._plain_kind, DEEPEST)


@given(DOCUMENTS, st.sampled_from([None, 0, 1, 4]), st.booleans())
def test_json_is_read_as_yaml_reads_it(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if "\\u" in text or any(len(line) > 1000 for line in text.split('"')):
        return
    assert by_json(text) == by_yaml(text)


@given(DOCUMENTS, st.booleans())
def test_texts_are_what_json_says(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    node = by_json(text)
    assert isinstance(node, Mapping)
    assert node.keys() == tuple(value)
    for entry in node.entries:
        if isinstance(value[entry.key.text], str):
            assert isinstance(entry.value, Scalar)
            assert entry.value.text == value[entry.key.text]
            assert json.loads(text[entry.value.span.start : entry.value.span.end]) == entry.value.text


OTHERS = {
    "comments": '{"a": 1 // b\n}',
    "a comma too many": '{"a": 1,}',
    "a key twice": '{"a": 1, "a": 2}',
    "a list": "[1]",
    "a text": '"a"',
    "single quotes": "{'a': 1}",
    "YAML": "a: 1",
    "more behind it": '{"a": 1} x',
    "too deep": '{"a":' * 101 + "1" + "}" * 101,
    "very deep": '{"a":' * 100_000,
    "a line's end in a text": '{"a": "b\nc"}',
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_strict_json_is_left_to_the_yaml_parser(name: str) -> None:
    assert by_json(OTHERS[name]) is None


def test_half_of_a_pair_stands_for_no_character() -> None:
    root = parse('{"a": "x\\ud83d", "b": "\\ud83d\\ude00"}', "f").root
    assert isinstance(root, Mapping)
    assert [getattr(entry.value, "text", "") for entry in root.entries] == ["x\ufffd", "\U0001f600"]
