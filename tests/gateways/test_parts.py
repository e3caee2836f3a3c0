"""The small parts: lenient JSON, patterns, header values, addresses, what is remembered, what is noted."""

from __future__ import annotations

import pytest
from fronts import function_url, http_api, rest_api

from corsmith.api.exchange import Request
from corsmith.api.front_door import Stage
from corsmith.api.value import Known, OneOf, Undecided, Unknown, known_texts
from corsmith.gateways import Assumptions, base_url
from corsmith.gateways.address import api_host, identifier, stage_name
from corsmith.gateways.assumptions import MINOR, WORKING, noting
from corsmith.gateways.call import Call, split
from corsmith.gateways.circumstances import NORMAL
from corsmith.gateways.cors_settings import exposed, holds, is_true, joined, names
from corsmith.gateways.header_values import declared_status, is_name, line_value, on_the_wire, scalar_text, status_of
from corsmith.gateways.lenient_json import MalformedError, read
from corsmith.gateways.patterns import fits
from corsmith.gateways.remembered import Remembered
from corsmith.gateways.rest_errors import on_the_wire_body
from corsmith.gateways.rest_expressions import literal
from corsmith.gateways.vtl.evaluate import render
from corsmith.gateways.vtl.nodes import Unsupported
from corsmith.gateways.vtl.parse import parse


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        ("[]", []),
        ("5", 5),
        (" -5 ", -5),
        ("05", "05"),
        ("1.5", "1.5"),
        ("true", "true"),
        ('"a"', "a"),
        ("'a'", "a"),
        ('"it\'s"', "it's"),
        ("'say \"x\"'", 'say "x"'),
        ('"a\\"b"', 'a\\"b'),
        ("'a\\'b'", "a\\'b"),
        ("{a:1}", {"a": 1}),
        ("{a: 1, 'b': 2, \"c\": 3,}", {"a": 1, "b": 2, "c": 3}),
        ("{a: {b: [1, 2,], c: 'd'}, e: 0}", {"a": {"b": [1, 2], "c": "d"}, "e": 0}),
        ("{a: 1, a: 2}", {"a": 2}),
        ("[[1], {}, a]", [[1], {}, "a"]),
        ("{\n  statusCode : 200\n}\n", {"statusCode": 200}),
    ],
)
def test_lenient_json(text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unexpected end"),
        ("}", "unexpected }"),
        ("{", "a name and a colon are missing at the end"),
        ("{a", "a name and a colon are missing at a"),
        ("{:1}", "a name and a colon are missing at :"),
        ("{a 1}", "a name and a colon are missing at a"),
        ("{a:1", "a comma or } is missing"),
        ("{a:1 b:2}", "a comma or } is missing"),
        ("[1 2]", "a comma or ] is missing"),
        ("[1", "a comma or ] is missing"),
        ("{a:,}", "unexpected ,"),
        ("{} x", "more text after the value: {} x"),
        ("{a:'b}", "a quote that is not closed: 'b}"),
        ('"' + "x" * 70, 'a quote that is not closed: "' + "x" * 59),
        ("1 " + "x" * 70, "more text after the value: 1 " + "x" * 58),
    ],
)
def test_lenient_json_has_its_limits(text, message):
    with pytest.raises(MalformedError) as caught:
        read(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("pattern", "text", "fitting"),
    [
        ("*", "", True),
        ("a*", "a\nb", True),
        ("?", "", False),
        ("?", "ab", False),
        ("a.c", "abc", False),
        ("a*c", "ac", True),
        ("A", "a", False),
    ],
)
def test_patterns(pattern, text, fitting):
    assert fits(pattern, text) is fitting


def test_header_values():
    assert [is_name(name) for name in ("X-A", "x_1", "", "X A", "X:", "é")] == [True, True, False, False, False, False]
    assert [line_value(text) for text in ("a", " a\t", "", "a\nb", "a\rb", "a\0b")] == ["a", "a", "", None, None, None]
    assert on_the_wire(" \ta é\t ") == "a Ã©"
    assert on_the_wire("\ud800") == "?"
    assert on_the_wire("Xx\tX") == "Xx\tX"
    assert [scalar_text(value) for value in (True, False, 5, 1.5, None, "a", [])] == [
        "true",
        "false",
        "5",
        "1.5",
        None,
        None,
        None,
    ]


def test_statuses():
    assert [status_of(value) for value in (100, 599, "204", 200.0)] == [100, 599, 204, 200]
    assert [status_of(value) for value in (99, 600, "", "x", "²", "²²²", "-10", "0200", "9" * 5000)] == [None] * 9
    assert [status_of(value) for value in (200.5, True, None, [])] == [None] * 4
    assert declared_status(Known("204")) == 204
    with pytest.raises(Undecided, match="AWS refuses the status 2xx"):
        declared_status(Known("2xx"))


def test_lenient_json_survives_excess():
    assert read("9" * 5000) == "9" * 5000
    for text in ("[" * 5000, "{a:" * 5000):
        with pytest.raises(MalformedError, match="nested too deep"):
            read(text)


@pytest.mark.parametrize(
    "text", ["#if(" + "(" * 5000, "#if($a)" * 5000, "#set($a = " + "9" * 5000 + ")", "#set($a = " + "!" * 5000 + "1)"]
)
def test_templates_survive_excess(text):
    """Too deep to be read."""
    with pytest.raises(Unsupported):
        render(text, {})


def test_templates_too_deep_to_be_evaluated():
    text = "#set($a = " + "!" * 600 + "1)"
    assert parse(text)
    with pytest.raises(Unsupported, match="nesting this deep"):
        render(text, {})


def test_bodies_on_the_wire():
    assert on_the_wire_body("é\ud800") == b"\xc3\xa9?"


def test_literals():
    assert [literal(text) for text in ("'a'", "''", "' a '", "'", "a", "'a", "a'")] == [
        "a",
        "",
        "a",
        None,
        None,
        None,
        None,
    ]


def test_urls_are_taken_apart():
    assert split("https://h:1/a/b?c=d?e#f") == ("h:1", "/a/b", "c=d?e")
    assert split("https://h") == ("h", "/", "")
    assert split("https://h?q") == ("h", "/", "q")


def test_calls():
    call = Call(
        Request("OPTIONS", "https://h/a?x=1&y=&x=2", (("X-A", "1"), ("x-a", "2"), ("Origin", "o"))), NORMAL, WORKING
    )
    assert (call.method, call.header("x-a"), call.header("none"), call.headers()) == (
        "OPTIONS",
        "1,2",
        None,
        {"x-a": "1,2", "origin": "o"},
    )
    assert call.queries() == {"x": ["1", "2"], "y": [""]}
    assert not call.is_preflight()
    call.rely_on(("http_lists", "http_vary"))
    assert call.assumptions.http_lists == "configured"
    assert call.answered(None).relied == ("http_lists", "http_vary")


def test_assumptions_are_noted_once_and_minor_ones_never():
    noted: dict[str, None] = {}
    assumptions = noting(Assumptions(http_vary="never"), noted)
    assert (assumptions.http_vary, assumptions.http_lists, assumptions.rest_header_values, assumptions.http_lists) == (
        "never",
        "configured",
        "refused",
        "configured",
    )
    assert list(noted) == ["http_lists", "rest_header_values"]
    assert set(Assumptions.__struct_fields__) > MINOR


def test_what_is_remembered_is_bounded():
    built = []
    remember = Remembered(lambda key: built.append(key) or len(built), 2)
    first, second, third = ["a"], ["a"], ["a"]
    assert [remember(each) for each in (first, second, first, second)] == [1, 2, 1, 2]
    assert (remember(third), remember(second), remember(first), remember(third)) == (3, 2, 4, 3)
    assert len(remember._entries) == 2


def test_identifiers():
    assert identifier("Api") == identifier("Api")
    assert identifier("Api") != identifier("Other")
    assert (len(identifier("Api")), len(identifier("Api", 32))) == (10, 32)
    assert identifier("Api", 32).isalnum()
    assert api_host("Api") == f"{identifier('Api')}.execute-api.us-east-1.amazonaws.com"


def test_stage_names():
    assert stage_name(Stage(Known("prod"))) == "prod"
    assert stage_name(Stage(Unknown("?"))) == "stage"
    assert stage_name(Stage(OneOf((Known("a"), Known("b")), "?"))) == "a"
    assert stage_name(Stage(OneOf((), "?"))) == "stage"


def test_addresses():
    assert base_url(rest_api()) == f"https://{api_host('Rest')}/Prod"
    assert base_url(rest_api(), "dev") == f"https://{api_host('Rest')}/dev"
    assert base_url(http_api()) == f"https://{api_host('Http')}"
    assert base_url(http_api(stages=())) == f"https://{api_host('Http')}"
    assert base_url(http_api(stages=(Stage(Known("v1")),))) == f"https://{api_host('Http')}/v1"
    assert base_url(function_url()) == f"https://{identifier('Url', 32)}.lambda-url.us-east-1.on.aws"


def test_list_settings():
    partly = Known((Known("a"), Unknown("second?"), Known("c")))
    assert names(partly, lambda item: item == "c")
    with pytest.raises(Undecided, match="second"):
        names(partly, lambda item: item == "x")
    assert not names(None, lambda item: True)
    assert not names(Known(()), lambda item: True)
    assert (holds(partly, "a"), holds(partly, "x"), holds(None, "a")) == (True, False, False)
    with pytest.raises(Undecided):
        holds(Unknown("?"), "a")
    assert (joined(None), joined(known_texts("A", "B")), joined(known_texts("A", "B"), str.lower)) == ("", "A,B", "a,b")
    assert (is_true(None), is_true(Known(True)), is_true(Known(False))) == (False, True, False)
    assert (exposed(None), exposed(known_texts()), exposed(Unknown("?"))) == ((), (), ())
    assert exposed(known_texts("X-A")) == (("access-control-expose-headers", "x-a"),)
