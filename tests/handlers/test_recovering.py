"""Files that do not parse: the rest of them is read, what is wrong is told, and nothing is taken for certain."""
# ruff: noqa: E501 - whole handlers in one line

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.handlers.python.recovering import recover

from .reading import line, read

H = '{"Access-Control-Allow-Origin": "*"}'
BROKEN = {
    "Python 2's print": f'def handler(event, context):\n    print "got", event\n    return {{"statusCode": 200, "headers": {H}}}\n',
    "Python 2's except": f'def handler(event, context):\n    try:\n        x()\n    except Exception, error:\n        pass\n    return {{"statusCode": 200, "headers": {H}}}\n',
    "a header without a colon": f'def handler(event, context):\n    if event\n        x = 1\n    return {{"statusCode": 200, "headers": {H}}}\n',
    "another function": f'def helper(:\n    return 1\n\ndef handler(event, context):\n    return {{"statusCode": 200, "headers": {H}}}\n',
    "a header without a block": f'def helper():\n\ndef handler(event, context):\n    return {{"statusCode": 200, "headers": {H}}}\n',
    "Windows line ends": f'def handler(event, context):\r\n    print "x"\r\n    return {{"statusCode": 200, "headers": {H}}}\r\n',
    "a merge left over": f'<<<<<<< HEAD\nA = 1\n=======\nA = 2\n>>>>>>> other\ndef handler(event, context):\n    return {{"statusCode": 200, "headers": {H}}}\n',
}


def test_what_a_broken_return_gives_is_not_known() -> None:
    source = 'def handler(event, context):\n    return {\n        "statusCode": 200,\n        "headers": {"a" "b": },\n    }\n'
    assert [line(outcome) for outcome in read(source).outcomes] == ["unknown"]


@pytest.mark.parametrize("name", BROKEN)
def test_the_rest_is_read(name: str) -> None:
    summary = read(BROKEN[name])
    assert "200 *" in {line(outcome) for outcome in summary.outcomes}
    assert [unread.because for unread in summary.unread] == ["app.py does not parse in part"]
    assert len(summary.problems) == 1


def test_spans_are_those_of_the_file() -> None:
    text = BROKEN["Python 2's print"]
    outcome = read(text).outcomes[0]
    assert text[outcome.span.start : outcome.span.end].startswith("return")


def test_what_is_no_python_at_all_is_undecided() -> None:
    summary = read("{% for x in y %}\n" * 40)
    assert summary.outcomes == ()
    assert summary.problems
    assert summary.unread


@given(st.text(alphabet="abc =:()[]{}'\"\n\t #.,", max_size=80))
def test_what_is_recovered_parses_and_keeps_its_lines(text: str) -> None:
    source = recover("app.py", text)
    if source is not None:
        assert isinstance(source.tree, ast.Module)
        assert all(
            getattr(node, "lineno", 1) <= text.count("\n") + text.count("\r") + 1 for node in ast.walk(source.tree)
        )
