"""Request headers: dropped, safelisted, or asked for in a preflight (Fetch Standard, tables of the safelist)."""

from __future__ import annotations

import pytest

from corsmith.api.exchange import Headers
from corsmith.browser import PROFILES, PageRequest
from corsmith.browser.fields import bad_token, is_token, read, tokens
from corsmith.browser.methods import is_forbidden as is_forbidden_method
from corsmith.browser.methods import normalise
from corsmith.browser.mime import essence
from corsmith.browser.request_headers import (
    combined,
    is_client_hint,
    is_forbidden,
    is_safelisted,
    page_headers,
    unsafe_names,
)

STANDARD, CHROMIUM, FIREFOX = PROFILES["standard"], PROFILES["chromium"], PROFILES["firefox"]


@pytest.mark.parametrize(
    ("name", "value", "safe"),
    [
        ("accept", "*/*", True),
        ("accept", "a" * 128, True),
        ("accept", "a" * 129, False),
        ("accept", "a\tb\x80", True),
        *(("accept", f"a{char}b", False) for char in '\x00\x08\x0a\x1f"():<>?@[\\]{}\x7f'),
        *(("accept", f"a{char}b", True) for char in "!#$%&'*+,-./;=^_`|~ \t"),
        ("accept-language", "en-US,en;q=0.5 *", True),
        ("content-language", "en_US", False),
        ("accept-language", "é", False),
        ("content-type", "text/plain", True),
        ("content-type", "TEXT/PLAIN; charset=UTF-8", True),
        ("content-type", "multipart/form-data;boundary=x", True),
        ("content-type", "application/x-www-form-urlencoded", True),
        ("content-type", "application/json", False),
        ("content-type", 'text/plain;charset="x"', False),
        ("content-type", "text/plain,text/plain", False),
        ("content-type", "text /plain", False),
        ("content-type", "text", False),
        ("content-type", "", False),
        ("range", "bytes=0-", True),
        ("range", "bytes=0-0", True),
        ("range", "bytes=1-0", False),
        ("range", "bytes=-1", False),
        ("range", "bytes=0-1,2-3", False),
        ("range", "Bytes=0-1", False),
        ("range", "bytes=" + "9" * 60 + "-1" + "0" * 60, True),
        ("range", "bytes=" + "9" * 60 + "-1" + "0" * 61, False),
        ("x-a", "1", False),
        ("cache-control", "no-cache", False),
    ],
)
def test_the_safelist(name: str, value: str, safe: bool) -> None:
    assert is_safelisted(name, value) is safe


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("dpr", "2.5", True),
        ("dpr", "2", True),
        ("dpr", ".5", False),
        ("dpr", "2.", False),
        ("dpr", "x", False),
        ("dpr", "1" * 129, False),
        ("width", "640", True),
        ("width", "6.4", False),
        ("save-data", "On", True),
        ("save-data", "off", False),
        ("ect", "4g", True),
        ("ect", "4G", False),
        ("rtt", "50", True),
        ("downlink", "1.5", True),
        ("intervention", "", True),
        ("lang", "en", False),
    ],
)
def test_client_hints(name: str, value: str, hint: bool) -> None:
    assert is_client_hint(name, value) is hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, "x")
            for name in ("accept-charset", "cookie", "host", "origin", "referer", "set-cookie", "via", "dnt", "date")
        ),
        ("sec-fetch-mode", "cors"),
        ("proxy-x", "1"),
        ("x-http-method", "trace"),
        ("x-method-override", "GET, \tTRACK"),
        ("x-http-method-override", "connect,"),
    ],
)
def test_what_a_page_cannot_set(name: str, value: str) -> None:
    assert is_forbidden(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("user-agent", "x"), ("authorization", "x"), ("x-http-method", "PUT"), ("x-sec-a", "1"), ("secret", "1")],
)
def test_what_a_page_can_set(name: str, value: str) -> None:
    assert not is_forbidden(name, value)


def _asked(headers: Headers, **more: str) -> PageRequest:
    return PageRequest("https://api.example.net/", headers=headers, **more)  # type: ignore[arg-type]


def test_values_lose_the_white_space_around_them() -> None:
    assert page_headers(_asked((("X-A", " \t\r\n1 2\n"), ("Cookie", "a"))), STANDARD) == (("X-A", "1 2"),)


def test_no_headers_are_none() -> None:
    assert page_headers(_asked(()), CHROMIUM) == ()
    assert unsafe_names((), CHROMIUM) == ()


def test_chromium_ignores_a_user_agent() -> None:
    asked = _asked((("User-Agent", "x"), ("X-A", "1")))
    assert page_headers(asked, CHROMIUM) == (("X-A", "1"),)
    assert page_headers(asked, FIREFOX) == asked.headers


def test_repeated_headers_are_one_in_chromium_and_in_xmlhttprequest() -> None:
    asked: Headers = (("Accept", "a"), ("X-A", "1"), ("ACCEPT", "b"))
    one = (("Accept", "a, b"), ("X-A", "1"))
    assert combined(asked) == one
    assert page_headers(_asked(asked), CHROMIUM) == one
    assert page_headers(_asked(asked), FIREFOX) == asked
    assert page_headers(_asked(asked, via="xhr"), FIREFOX) == one


def test_without_cors_four_names_are_left() -> None:
    asked = _asked(
        (
            ("Accept", "a"),
            ("X-A", "1"),
            ("Range", "bytes=0-"),
            ("Content-Type", "application/json"),
            ("Accept-Language", "en"),
        ),
        mode="no-cors",
    )
    assert page_headers(asked, STANDARD) == (("Accept", "a"), ("Accept-Language", "en"))
    assert len(page_headers(_asked(asked.headers, mode="no-cors", via="xhr"), STANDARD)) == 5


def test_unsafe_names_are_lower_case_sorted_and_unique() -> None:
    headers = (("X-B", "1"), ("x-a", "1"), ("Accept", "a"), ("X-A", "2"), ("Content-Type", "application/json"))
    assert unsafe_names(headers, STANDARD) == ("content-type", "x-a", "x-b")
    assert unsafe_names(headers, FIREFOX) == ("content-type", "x-a", "x-a", "x-b")


def test_many_safelisted_bytes_are_unsafe() -> None:
    eight = (("Accept", "a" * 128),) * 8
    assert unsafe_names(eight, STANDARD) == ()
    assert unsafe_names((*eight, ("Accept-Language", "e")), STANDARD) == ("accept", "accept-language")
    assert unsafe_names((*eight, ("Accept-Language", "e")), FIREFOX) == ()


def test_what_browsers_take_differently() -> None:
    hint, high = (("DPR", "1"),), (("Accept", "é"),)
    assert unsafe_names(hint, CHROMIUM) == ()
    assert unsafe_names(hint, STANDARD) == ("dpr",)
    assert unsafe_names(high, FIREFOX) == ("accept",)
    assert unsafe_names(high, CHROMIUM) == ()


@pytest.mark.parametrize(
    ("written", "sent"),
    [("get", "GET"), ("Put", "PUT"), ("delete", "DELETE"), ("options", "OPTIONS"), ("post", "POST"), ("head", "HEAD")]
    + [(name, name) for name in ("patch", "PATCH", "query", "GET", "x")],
)
def test_six_methods_are_normalised(written: str, sent: str) -> None:
    assert normalise(written) == sent


def test_forbidden_methods() -> None:
    assert [name for name in ("TRACE", "track", "Connect", "GET", "PATCH") if is_forbidden_method(name)] == [
        "TRACE",
        "track",
        "Connect",
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a/b", "a/b"),
        (" A/B ; c", "a/b"),
        ("a/b c", None),
        ("/b", None),
        ("a/", None),
        ("a", None),
        ("a/b,", None),
    ],
)
def test_the_essence_of_a_mime_type(value: str, found: str | None) -> None:
    assert essence(value) == found


@pytest.mark.parametrize(
    ("value", "found", "bad"),
    [
        (None, (), ""),
        ("", (), ""),
        ("a", ("a",), ""),
        ("a, b\t,c", ("a", "b", "c"), ""),
        (",, a ,", ("a",), ""),
        (" , ", (), ""),
        ("*", ("*",), ""),
        ("a b", None, "a b"),
        ("a, b c, (", None, "b c"),
        ("é", None, "é"),
        ("a\x0b", None, "a\x0b"),
        ('"a"', None, '"a"'),
    ],
)
def test_a_list(value: str | None, found: tuple[str, ...] | None, bad: str) -> None:
    assert tokens(value) == found
    assert bad_token(value or "") == bad


def test_tokens() -> None:
    assert is_token("!#$%&'*+-.^_`|~09azAZ")
    assert not any(is_token(text) for text in ("", " ", "a b", "a/b", "é", "a\n"))


def test_fields_are_joined() -> None:
    headers = (("A", " 1\t"), ("b", ""), ("a", "2"), ("C", "x\r\n y\n\tz"), ("D", "x\r\n "))
    assert read(headers) == {"a": "1, 2", "b": "", "c": "x y z", "d": "x"}


@pytest.mark.parametrize(
    ("values", "joined", "without_empty"),
    [
        (("", "x"), ", x", "x"),
        (("x", ""), "x, ", "x"),
        (("", "", "x", " ", "y"), ", , x, , y", "x, y"),
        (("", ""), ", ", ""),
        (("x", "y"), "x, y", "x, y"),
        ((" x\t",), "x", "x"),
    ],
)
def test_empty_values(values: tuple[str, ...], joined: str, without_empty: str) -> None:
    headers = tuple(("A", value) for value in values)
    assert read(headers) == {"a": joined}
    assert read(headers, empty_counts=False) == {"a": without_empty}


@pytest.mark.parametrize(
    ("names", "value"),
    [
        (("Access-Control-Allow-Origin", "Access-Control-Allow-Origin"), ", x"),
        (("Access-Control-Allow-Origin", "access-control-allow-origin"), "x"),
        (("access-control-allow-origin", "access-control-allow-origin"), "x"),
        (("ACCESS-CONTROL-ALLOW-ORIGIN", "Access-Control-Allow-Origin"), "x"),
    ],
)
def test_firefox_counts_empty_origins(names: tuple[str, str], value: str) -> None:
    headers = ((names[0], "\t"), (names[1], " x "))
    assert read(headers, empty_counts=False) == {"access-control-allow-origin": value}


@pytest.mark.parametrize(
    ("value", "firefox"),
    [
        ("text/plain;a,b", False),
        ("text/plain; charset=utf-8, text/plain", False),
        ("text/plain;,", False),
        ("text/plain;a='b,c'", False),
        ("text/plain;a=b;c", True),
    ],
)
def test_a_comma_makes_several_types_in_firefox(value: str, firefox: bool) -> None:
    headers = (("Content-Type", value),)
    assert unsafe_names(headers, PROFILES["standard"]) == unsafe_names(headers, PROFILES["chromium"]) == ()
    assert (unsafe_names(headers, PROFILES["firefox"]) == ()) is firefox
    assert unsafe_names((("Accept", "a,b"), ("Accept-Language", "a,b")), PROFILES["firefox"]) == ()
    without_cors = PageRequest("https://a.example/", "POST", headers, mode="no-cors")
    assert (page_headers(without_cors, PROFILES["firefox"]) == headers) is firefox
    assert page_headers(without_cors, PROFILES["chromium"]) == headers
