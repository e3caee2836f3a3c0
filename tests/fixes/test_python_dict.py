"""Entries of dict literals are added and removed in the layout that stands there."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.fix import apply
from corsmith.fixes.python_dict import add_entries, constant_named, dicts_with, entry, parse, remove_entry

ADDED = [
    ('x = {"a": 1}', 'x = {"a": 1, "b": 2}'),
    ("x = {'a': 1}", "x = {'a': 1, 'b': 2}"),
    ('x = {"a": 1,}', 'x = {"a": 1, "b": 2,}'),
    ('x = {\n    "a": 1,\n}', 'x = {\n    "a": 1,\n    "b": 2,\n}'),
    ('x = {\n    "a": 1\n}', 'x = {\n    "a": 1,\n    "b": 2\n}'),
    ('x = {\n    "a": 1,  # why\n}', 'x = {\n    "a": 1,  # why\n    "b": 2,\n}'),
    ('x = {\n    "a": 1  # why\n    # end\n}', 'x = {\n    "a": 1,  # why\n    "b": 2\n    # end\n}'),
    ("x = {\n    **y,\n}", 'x = {\n    **y,\n    "b": 2,\n}'),
    ('x = {\r\n    "a": 1,\r\n}', 'x = {\r\n    "a": 1,\r\n    "b": 2,\r\n}'),
    ('é = {"a": "ü"}', 'é = {"a": "ü", "b": 2}'),
    ('x = {"a": (1)}', 'x = {"a": (1), "b": 2}'),
    ('x = {\n    "a": (\n        1  # )\n    ),\n}', 'x = {\n    "a": (\n        1  # )\n    ),\n    "b": 2,\n}'),
    ('f({"a": 1})', 'f({"a": 1, "b": 2})'),
    ("x = {**a}", 'x = {**a, "b": 2}'),
]


@pytest.mark.parametrize(("before", "after"), ADDED)
def test_an_entry_is_added_in_the_literal_s_layout(before: str, after: str) -> None:
    source = parse("f.py", before)
    assert source is not None
    literal = next(node for node in ast.walk(source.module) if isinstance(node, ast.Dict))
    assert apply(before, (add_entries(source, literal, (("b", "2"),)),)) == after


def test_an_entry_is_added_to_an_empty_literal() -> None:
    source = parse("f.py", "x = {}")
    assert source is not None
    literal = next(node for node in ast.walk(source.module) if isinstance(node, ast.Dict))
    assert apply("x = {}", (add_entries(source, literal, (("b", "2"), ("c", "d"))),)) == 'x = {"b": 2, "c": d}'


def test_an_entry_is_added_behind_another() -> None:
    text = 'x = {"statusCode": 404, "body": b}'
    source = parse("f.py", text)
    assert source is not None
    literal = next(dicts_with(source, "body"))
    edit = add_entries(source, literal, (("headers", "H"),), after="statusCode")
    assert apply(text, (edit,)) == 'x = {"statusCode": 404, "headers": H, "body": b}'


REMOVED = [
    ('x = {"a": 1, "h": 2}', 'x = {"a": 1}'),
    ('x = {"h": 2, "a": 1}', 'x = {"a": 1}'),
    ('x = {"h": 2}', "x = {}"),
    ('x = {"a": (1), "h": (2), "c": 3}', 'x = {"a": (1), "c": 3}'),
    ('x = {"h": 2,}', "x = {}"),
    ('x = {\n    "a": 1,\n    "h": 2,\n}', 'x = {\n    "a": 1,\n}'),
    ('x = {\n    "h": 2,\n    "a": 1,\n}', 'x = {\n    "a": 1,\n}'),
    ('x = {\n    "a": 1,\n    "h": 2\n}', 'x = {\n    "a": 1\n}'),
    ('x = {\r\n    "h": 2,\r\n    "a": 1,\r\n}', 'x = {\r\n    "a": 1,\r\n}'),
]


@pytest.mark.parametrize(("before", "after"), REMOVED)
def test_an_entry_is_removed_with_its_comma_and_line(before: str, after: str) -> None:
    source = parse("f.py", before)
    assert source is not None
    literal = next(dicts_with(source, "h"))
    edit = remove_entry(source, literal, "H")
    assert edit is not None
    assert apply(before, (edit,)) == after


def test_what_is_not_there_is_not_removed() -> None:
    source = parse("f.py", 'x = {"a": 1}')
    assert source is not None
    literal = next(dicts_with(source, "a"))
    assert entry(literal, "h") is None
    assert remove_entry(source, literal, "h") is None


def test_a_module_level_constant_is_known_by_its_name() -> None:
    source = parse("f.py", 'H = {"a": 1}\nK: dict = {"b": 2}\n\ndef f():\n    L = {"c": 3}\n')
    assert source is not None
    named = [constant_named(source, source.span(next(dicts_with(source, key)))) for key in "abc"]
    assert named == ["H", "K", None]


@pytest.mark.parametrize("text", ["def f(:", "\x00", "(" * 5000])
def test_what_does_not_parse_gives_nothing(text: str) -> None:
    assert parse("f.py", text) is None


_KEYS = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=5, unique=True)


@given(_KEYS, st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_adding_then_removing_is_the_identity(keys: list[str], block: bool, comma: bool, newline: str) -> None:
    pad = f"{newline}    " if block else " "
    body = f",{pad}".join(f'"{key}": {index}' for index, key in enumerate(keys)) + ("," if comma else "")
    text = "x = {" + (f"{newline}    {body}{newline}" if block else body) + "}" + newline
    source = parse("f.py", text)
    assert source is not None
    literal = next(dicts_with(source, keys[0]))
    added = apply(text, (add_entries(source, literal, (("new", "9"),)),))
    again = parse("f.py", added)
    assert again is not None
    assert ast.literal_eval(again.module.body[0].value)["new"] == 9  # type: ignore[attr-defined]
    edit = remove_entry(again, next(dicts_with(again, "new")), "new")
    assert edit is not None
    assert apply(added, (edit,)) == text
