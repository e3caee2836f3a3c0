"""Positions, styles, and what becomes of broken and hostile files."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corsmith.readers.document import DEEPEST, LONGEST, parse
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence


def root(text: str) -> Node:
    document = parse(text, "f")
    assert not document.problems
    assert document.root is not None
    return document.root


def value(text: str, *keys: str) -> Node:
    node = root(text)
    for key in keys:
        assert isinstance(node, Mapping)
        found = node.get(key)
        assert found is not None
        node = found
    return node


def cut(text: str, node: Node) -> str:
    return text.removeprefix("\ufeff")[node.span.start : node.span.end]


CUTS = {
    "plain": ("a: b\n", "b"),
    "plain with a comment": ("a: b # c\n", "b"),
    "quoted": ("a: 'b # c'\n", "'b # c'"),
    "tagged": ("a: !Sub 'x'\nb: 1\n", "!Sub 'x'"),
    "anchored": ("a: &n 'x'\nb: 1\n", "'x'"),
    "anchored and tagged": ("a: &n !Sub 'x'\n", "!Sub 'x'"),
    "alias": ("z: &n 'x'\na: *n\n", "'x'"),
    "flow": ("a: [1,\n  2 ] # c\nb: 1\n", "[1,\n  2 ]"),
    "block list, comments after it": ("a:\n  - x\n  - y # c\n\n# d\nb: 1\n", "- x\n  - y"),
    "block mapping, CRLF": ("a:\r\n  x: 1\r\n  y: 2\r\n\r\n# d\r\nb: 1\r\n", "x: 1\r\n  y: 2"),
    "literal": ("a: |\n  x\n  y\n\nb: 1\n", "|\n  x\n  y"),
    "folded at the end": ("a: >-\n  x\n  y\n", ">-\n  x\n  y"),
    "byte order mark": ("\ufeffa: 'b'\n", "'b'"),
    "astral characters before it": ("z: '\U0001f600'\na: 'b'\n", "'b'"),
    "JSON": ('{"z": "x", "a": {"b": [1]}}', '{"b": [1]}'),
    "JSON with comments and tabs": ('{\n\t// "a": 2\n\t"a": "b//c" /* d */,\n}', '"b//c"'),
    "a list that ends with an alias": ("z: &n 1\na:\n  - 0\n  - *n\nb: 1\n", "- 0\n  - *n"),
    "a mapping that ends with an alias": ("z: &n 1\na:\n  x: 0\n  y: *n # c\nb: 1\n", "x: 0\n  y: *n"),
    "a mapping that ends with a merge": ("z: &n {q: 1}\na:\n  x: 0\n  <<: *n\nb: 1\n", "x: 0\n  <<: *n"),
    "a block below an anchor": ("a: &n\n  x: 0\nb: 1\n", "x: 0"),
    "an empty list": ("a: []\n", "[]"),
}


@pytest.mark.parametrize("name", CUTS)
def test_the_span_of_a_value(name: str) -> None:
    text, expected = CUTS[name]
    assert cut(text, value(text, "a")) == expected


def test_an_entry_goes_from_its_key_to_the_end_of_its_value() -> None:
    text = "x: 1\na: &n\n  b: 2\n  c: *q\n".replace("*q", "3")
    node = root(text)
    assert isinstance(node, Mapping)
    entry = node.entry("a")
    assert entry is not None
    assert text[entry.span.start : entry.span.end] == "a: &n\n  b: 2\n  c: 3"


STYLES = [
    ("a: b", "plain", "str"),
    ("a: 1", "plain", "int"),
    ("a: yes", "plain", "bool"),
    ("a: '1'", "single", "str"),
    ('a: "yes"', "double", "str"),
    ("a: |\n b", "literal", "str"),
    ("a: >\n b", "folded", "str"),
    ("a:", "plain", "null"),
    ("a: 2012-10-17", "plain", "timestamp"),
]


@pytest.mark.parametrize(("text", "style", "kind"), STYLES)
def test_styles_and_kinds_of_scalars(text: str, style: str, kind: str) -> None:
    node = value(text, "a")
    assert isinstance(node, Scalar)
    assert (node.style, node.kind) == (style, kind)


@pytest.mark.parametrize(
    ("text", "style", "indent"),
    [
        ("a:\n   - x\n", "block", 3),
        ("a:\n- x\n", "block", 0),
        ("a:\n    b: x\n", "block", 4),
        ("a: &n\n    b: x\n", "block", 4),
        ("a: !Join\n  - ','\n  - []\n", "block", 2),
        ("a: {b: c}\n", "flow", 3),
    ],
)
def test_styles_and_indentation_of_collections(text: str, style: str, indent: int) -> None:
    node = value(text, "a")
    assert isinstance(node, Mapping | Sequence)
    assert (node.style, node.indent) == (style, indent)


def test_merge_keys_are_resolved_and_own_keys_win() -> None:
    text = "z: &n {p: 1, q: 1}\ny: &m {q: 2, r: 2}\na:\n  <<: [*n, *m]\n  p: 0\n"
    node = value(text, "a")
    assert isinstance(node, Mapping)
    assert {entry.key.text: cut(text, entry.value) for entry in node.entries} == {"p": "0", "q": "1", "r": "2"}


def test_escapes_of_json_are_read() -> None:
    node = value(r'{"a": "\/ é \ud83d\ude00 \\u"}', "a")
    assert isinstance(node, Scalar)
    assert node.text.startswith("/ é ")
    assert node.text.endswith(r" \u")


BROKEN = {
    "a tab for indentation": ("a:\n\tb: 1\n", 2, 1),
    "an unclosed bracket": ("a: [1, 2\nb: 3\n", 2, 2),
    "two documents": ("a: 1\n---\nb: 2\n", 2, 1),
    "an unknown alias": ("a: *nope\n", 1, 4),
    "a control character": ("a: b\nc: \x00\n", 2, 4),
    "an alias inside itself": ("a: &x\n  b: *x\n", 1, 4),
    "nothing": ("", 1, 1),
    "only a comment": ("# nothing\n", 1, 1),
    "brackets without end": ("[" * 100_000, 1, 1001),
    "dashes without end": ("- " * 100_000, 1, 1999),
    "a deep flow": ("[" * 200 + "]" * 200, 1, 101),
    "a merge of a text": ("a:\n  <<: b\n", 2, 7),
    "a key that is a list": ("a:\n  [b]: c\n", 2, 3),
    "a key twice": ("a: 1\nb: 2\na: 3\n", 3, 1),
}


@pytest.mark.parametrize(
    ("text", "part"),
    [("a:\n\tb: 1\n", "a tab stands here"), ("a: %b\n", "'%' cannot begin a value"), ("a: @b", "'@' cannot")],
)
def test_a_character_that_cannot_begin_a_value_is_named(text: str, part: str) -> None:
    assert part in parse(text, "f").problems[0].message


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_a_problem_with_its_place(name: str) -> None:
    text, line, column = BROKEN[name]
    problems = parse(text, "f.yaml").problems
    assert [(p.file, p.line, p.column) for p in problems] == [("f.yaml", line, column)]
    assert problems[0].message


def test_the_last_of_two_equal_keys_counts() -> None:
    document = parse("a: 1\na: 2\n", "f")
    assert isinstance(document.root, Mapping)
    assert document.root.get("a") == Scalar("2", document.root.entries[0].value.span, "int")


def test_a_file_that_is_too_long_is_not_parsed() -> None:
    begun = time.process_time()
    problems = parse("a: b\n" * (LONGEST // 5 + 1), "f").problems
    assert "cannot be read" in problems[0].message
    assert time.process_time() - begun < 1


def test_an_alias_bomb_stays_small() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 90)]
    document = parse("\n".join(lines), "f")
    assert not document.problems
    assert document.root is not None


def test_a_merge_bomb_is_stopped() -> None:
    keys = ", ".join(f"k{i}: 1" for i in range(1000))
    text = f"z: &z {{{keys}}}\n" + "\n".join(f"m{i}: {{<<: *z}}" for i in range(200))
    assert "merge keys" in parse(text, "f").problems[0].message


@given(st.text(alphabet=st.sampled_from("ab:-{}[]!&*'\"#|>%@`\\\n\r\t ,?<0\ufeff\x00é\u2028😀"), max_size=60))
@example("{ \ufeff")
@example("? a\n: b")
@example("a: !<tag:x> b")
@example("%YAML 1.2\n---\na")
@example('{"a": "\\')
def test_any_text_gives_nodes_or_a_problem(text: str) -> None:
    document = parse(text, "f")
    assert document.root is not None or document.problems
    decoded = text.removeprefix("\ufeff")
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
    pending: list[tuple[Node, int]] = [(document.root, 0)] if document.root is not None else []
    while pending:
        node, depth = pending.pop()
        assert 0 <= node.span.start <= node.span.end <= len(decoded)
        assert depth <= DEEPEST
        if isinstance(node, Sequence):
            pending += [(item, depth + 1) for item in node.items]
        elif isinstance(node, Mapping):
            pending += [(entry.value, depth + 1) for entry in node.entries]


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(alphabet=st.characters(max_codepoint=0xD7FF, exclude_categories=["Cc"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), plain, max_size=4))
def test_json_of_any_shape_is_read_as_it_is(data: dict[str, object]) -> None:
    for text in (
        json.dumps(data),
        json.dumps(data, indent="\t"),
        "// c\n" + json.dumps(data, indent=2, ensure_ascii=False),
    ):
        assert as_data(root(text)) == data


def as_data(node: Node) -> object:
    if isinstance(node, Sequence):
        return [as_data(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: as_data(entry.value) for entry in node.entries}
    return {"null": lambda: None, "bool": lambda: node.text == "true", "int": lambda: int(node.text)}.get(
        node.kind, lambda: node.text
    )()
