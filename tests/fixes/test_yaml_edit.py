"""Entries and items are added to YAML and JSON in the style that stands there; every other byte stays."""

from __future__ import annotations

import pytest
import yaml

from corsmith.api.fix import apply
from corsmith.api.tree import Memory, Tree
from corsmith.fixes.yaml_edit import add_entry, append_item, replace_value
from corsmith.fixes.yaml_source import Source, at, load
from corsmith.fixes.yaml_written import Content
from corsmith.readers.nodes import Mapping, Sequence


def source_of(text: str) -> Source:
    source = load(Tree(Memory({"t.yaml": text})), "t.yaml")
    assert source is not None
    return source


ADDED: list[tuple[str, tuple[str, ...], Content, str]] = [
    ("a:\n  b: 1\n", ("a",), "x", "a:\n  b: 1\n  new: x\n"),
    ("a:\n  b: 1", ("a",), "x", "a:\n  b: 1\n  new: x"),
    ("a:\n  b: 1 # why\nc: 2\n", ("a",), "x", "a:\n  b: 1 # why\n  new: x\nc: 2\n"),
    ("a:\r\n  b: 1\r\nc: 2\r\n", ("a",), "x", "a:\r\n  b: 1\r\n  new: x\r\nc: 2\r\n"),
    (
        "a:\n    b:\n        c: 1\n\n# end\n",
        ("a",),
        {"k": True},
        "a:\n    b:\n        c: 1\n    new:\n        k: true\n\n# end\n",
    ),
    ("a: {b: 1}\n", ("a",), {"k": ["x"]}, "a: {b: 1, new: {k: [x]}}\n"),
    ("a: {}\n", ("a",), "x", "a: {new: x}\n"),
    ('{"a": {"b": 1}}', ("a",), "x", '{"a": {"b": 1, "new": "x"}}'),
    ('{\n  "a": {\n    "b": 1\n  }\n}\n', ("a",), True, '{\n  "a": {\n    "b": 1,\n    "new": true\n  }\n}\n'),
    ("a:\n  b: |\n    text\nc: 1\n", ("a",), "x", "a:\n  b: |\n    text\n  new: x\nc: 1\n"),
    (
        "a:\n  b: 1\n",
        ("a",),
        ["*", "https://app.example.com"],
        "a:\n  b: 1\n  new:\n    - '*'\n    - https://app.example.com\n",
    ),
    ("a:\n  b: 1\n", ("a",), "'*'", "a:\n  b: 1\n  new: \"'*'\"\n"),
    ("a:\n  b: 1\n", ("a",), {"Ref": "P"}, "a:\n  b: 1\n  new: !Ref P\n"),
    ("a:\n  b: 1\n", ("a",), {"Fn::Sub": "'${P}'"}, "a:\n  b: 1\n  new: !Sub \"'${P}'\"\n"),
]


@pytest.mark.parametrize(("before", "way", "content", "after"), ADDED)
def test_an_entry_is_added(before: str, way: tuple[str, ...], content: Content, after: str) -> None:
    source = source_of(before)
    mapping = at(source.root, *way)
    assert isinstance(mapping, Mapping)
    assert apply(before, (add_entry(source, mapping, "new", content),)) == after


ITEMS = [
    ("a:\n  - x\n", "a:\n  - x\n  - z\n"),
    ("a:\n- x # why\nb: 1\n", "a:\n- x # why\n- z\nb: 1\n"),
    ("a: [x]\n", "a: [x, z]\n"),
    ("a: []\n", "a: [z]\n"),
    ('{"a": ["x"]}', '{"a": ["x", "z"]}'),
]


@pytest.mark.parametrize(("before", "after"), ITEMS)
def test_an_item_is_added(before: str, after: str) -> None:
    source = source_of(before)
    sequence = at(source.root, "a")
    assert isinstance(sequence, Sequence)
    assert apply(before, (append_item(source, sequence, "z"),)) == after


def test_a_scalar_becomes_a_mapping() -> None:
    before = "a:\n  Cors: \"'*'\"  # all\n  b: 1\n"
    source = source_of(before)
    parent = at(source.root, "a")
    assert isinstance(parent, Mapping)
    found = parent.entry("Cors")
    assert found is not None
    edit = replace_value(source, found, parent, {"AllowOrigin": "'*'", "AllowHeaders": "'x-a'"})
    after = apply(before, (edit,))
    assert yaml.safe_load(after) == {"a": {"Cors": {"AllowOrigin": "'*'", "AllowHeaders": "'x-a'"}, "b": 1}}


@pytest.mark.parametrize("text", ["yes", "no", "on", "null", "1.5", "a: b", "#x", "x y", "", "é", "'", '"', "a'b\"c"])
def test_a_text_stays_a_text(text: str) -> None:
    before = "a:\n  b: 1\n"
    source = source_of(before)
    mapping = at(source.root, "a")
    assert isinstance(mapping, Mapping)
    assert yaml.safe_load(apply(before, (add_entry(source, mapping, "new", text),)))["a"]["new"] == text
