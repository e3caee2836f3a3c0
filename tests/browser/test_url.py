"""URLs and hosts, as the URL Standard reads them; what Chromium does with odd ones was measured."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.browser.origin import Origin, is_loopback, is_private, is_trustworthy, parse_origin, same_origin
from corsmith.browser.url import parse_url, resolve


@pytest.mark.parametrize(
    ("text", "shown", "origin"),
    [
        ("https://a.example", "https://a.example/", "https://a.example"),
        ("https://a.example:443/x?y#z", "https://a.example/x?y", "https://a.example"),
        ("https://a.example:00444", "https://a.example:444/", "https://a.example:444"),
        ("https://a.example:65535/", "https://a.example:65535/", "https://a.example:65535"),
        ("HTTP://A.Example:80/B", "http://a.example/B", "http://a.example"),
        ("http:a.example", "http://a.example/", "http://a.example"),
        ("https:\\\\a.example\\x", "https://a.example/x", "https://a.example"),
        ("https:////a.example//x", "https://a.example//x", "https://a.example"),
        ("https://a.example:/", "https://a.example/", "https://a.example"),
        ("https://u:p@a.example/", "https://a.example/", "https://a.example"),
        ("https://a@b@c.example/", "https://c.example/", "https://c.example"),
        ("https://[::1]:3000/", "https://[::1]:3000/", "https://[::1]:3000"),
        ("https://[0:0:0:0:0:0:0:1]/", "https://[::1]/", "https://[::1]"),
        ("https://127.1/", "https://127.0.0.1/", "https://127.0.0.1"),
        ("https://0x7f.0.0.01/", "https://127.0.0.1/", "https://127.0.0.1"),
        ("https://0x/", "https://0.0.0.0/", "https://0.0.0.0"),
        ("https://256/", "https://0.0.1.0/", "https://0.0.1.0"),
        ("https://1.2.3.4./", "https://1.2.3.4/", "https://1.2.3.4"),
        ("https://%61.example/", "https://a.example/", "https://a.example"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
        ("https://BÜCHER。example/", "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example"),
        ("https://xn--a/", "https://xn--a/", "https://xn--a"),
        ("https://a*b_c.example/", "https://a*b_c.example/", "https://a*b_c.example"),
        ("https://a.example/x/./y/../z", "https://a.example/x/z", "https://a.example"),
        ("https://a.example/%2e%2E/../x/..", "https://a.example/", "https://a.example"),
        ("https://a.example/é?é b", "https://a.example/%C3%A9?%C3%A9%20b", "https://a.example"),
        ('https://a.example/<"`{}^>', "https://a.example/%3C%22%60%7B%7D%5E%3E", "https://a.example"),
        (" \thttps://a.example/\n", "https://a.example/", "https://a.example"),
        ("ht\ntps://a.example/", "https://a.example/", "https://a.example"),
        ("wss://a.example:443/", "wss://a.example/", "wss://a.example"),
        ("chrome-extension://abc", "chrome-extension://abc", "null"),
        ("foo://u@h:7/x?y", "foo://h:7/x?y", "null"),
        ("foo:bar", "foo:bar", "null"),
        ("file:///x", "file:///x", "null"),
        ("file://host/x", "file://host/x", "null"),
        ("data:,x", "data:,x", "null"),
        ("foo://[::1]", "foo://[::1]", "null"),
        ("foo://", "foo://", "null"),
    ],
)
def test_a_url(text: str, shown: str, origin: str) -> None:
    url = parse_url(text)
    assert url is not None
    assert (str(url), url.origin) == (shown, origin)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a.example",
            "//a.example",
            "/x",
            "1a:b",
            "https://",
            "https:",
            "https://:80",
            "https://x@",
            "https://a:b/",
        ),
        *("https://a:65536", "https://a:123456", "https://a:+80", "https://a:٣", "https://[::1", "https://[::1]x"),
        *(
            "https://[::g]",
            "https://[::1%eth0]",
            "https://[1.2.3.4]",
            "https://1.2.3.4.5",
            "https://1.256.1.1",
            "https://08.1",
        ),
        *(
            "https://4294967296",
            "https://1.2.65536",
            "https://a.0x1g.5x.9z.1.2.3.09",
            "https://a%00b",
            "https://a#b%",
            "https://%",
        ),
        *(
            "https://a<b",
            "https://a^b",
            "https://a|b",
            "https://a\x7fb",
            "https://%ff",
            "https://a⒈b",
            "https://א1a",
            "https://\u0300a",
        ),
        *("https://\u200e", "foo://a b", "foo://h:x", "foo://[", "foo://u@", "foo://:1", "file://%/", "https://\u00ad"),
    ],
)
def test_no_url(text: str) -> None:
    if text == "https://a#b%":  # the fragment is not looked at
        assert parse_url(text) is not None
    else:
        assert parse_url(text) is None


def test_userinfo_is_noticed() -> None:
    known = {
        text: parse_url(text) for text in ("https://u@a/", "https://:@a/", "https://@a/", "https://:p@a/", "foo://u@h")
    }
    assert {text: url.has_userinfo for text, url in known.items() if url} == {
        "https://u@a/": True,
        "https://:@a/": False,
        "https://@a/": False,
        "https://:p@a/": True,
        "foo://u@h": True,
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/x", "https://a.example/x"),
        ("x", "https://a.example/b/x"),
        ("../x?y", "https://a.example/x?y"),
        ("?q", "https://a.example/b/c?q"),
        ("?", "https://a.example/b/c"),
        ("", "https://a.example/b/c?d"),
        ("#f", "https://a.example/b/c?d"),
        ("//h.example/x", "https://h.example/x"),
        ("\\\\h.example\\x", "https://h.example/x"),
        ("https:x", "https://a.example/b/x"),
        ("https:/x", "https://a.example/x"),
        ("http:x", "http://x/"),
        ("http://h.example", "http://h.example/"),
        ("data:,x", "data:,x"),
        ("x y", "https://a.example/b/x%20y"),
    ],
)
def test_a_location(text: str, shown: str) -> None:
    base = parse_url("https://a.example/b/c?d")
    assert base is not None
    assert str(resolve(base, text)) == shown


def test_a_location_without_a_host_is_none() -> None:
    base = parse_url("https://a.example/b")
    assert base is not None
    assert resolve(base, "https://") is None
    assert resolve(base, "//") is None


@given(st.text(max_size=40))
def test_parsing_never_raises(text: str) -> None:
    base = parse_url("https://a.example/b/c?d")
    assert base is not None
    for url in (parse_url(text), parse_url("https://" + text), parse_url("foo://" + text), resolve(base, text)):
        assert url is None or parse_url(str(url)) is not None or url.has_userinfo or not url.is_http


@given(
    st.sampled_from(("http", "https")),
    st.one_of(
        st.from_regex(r"([a-z][a-z0-9-]{0,6}\.){0,2}[a-z][a-z0-9]{0,6}", fullmatch=True),
        st.just("[::1]"),
        st.just("10.0.0.1"),
    ),
    st.one_of(st.none(), st.integers(1, 65535)),
)
def test_an_origin_survives_being_sent(scheme: str, host: str, port: int | None) -> None:
    shown = None if port == {"http": 80, "https": 443}[scheme] else port
    origin = Origin(scheme, host, shown)
    assert parse_origin(str(origin)) == origin


@pytest.mark.parametrize(
    "text", ["null", "", "https://a/", "https://A", "https://a:443", "wss://a", "foo:", "https://u@a"]
)
def test_what_no_browser_sends_is_no_origin(text: str) -> None:
    assert parse_origin(text) is None


def test_opaque_origins_are_the_same_as_nothing() -> None:
    assert same_origin("https://a", "https://a")
    assert not same_origin("null", "null")
    assert not same_origin("https://a", "https://b")


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "localhost.", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_this_machine(host: str) -> None:
    url = parse_url(f"http://{host}/")
    assert url is not None
    assert is_loopback(host)
    assert is_trustworthy(url)
    assert not is_private(host)


@pytest.mark.parametrize(
    "host",
    [
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "172.31.0.1",
        "169.254.1.1",
        "100.64.0.1",
        "100.127.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "x.local",
    ],
)
def test_the_local_network(host: str) -> None:
    assert is_private(host)
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "172.32.0.1",
        "172.15.0.1",
        "11.0.0.1",
        "100.128.0.1",
        "100.63.0.1",
        "192.169.0.1",
        "a.example",
        "local",
        "[2001::1]",
    ],
)
def test_the_world(host: str) -> None:
    url = parse_url(f"http://{host}/")
    assert url is not None
    assert not is_private(host)
    assert not is_loopback(host)
    assert not is_trustworthy(url)


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("", "http://a.example:8080/b/c?d"),
        ("#x", "http://a.example:8080/b/c?d"),
        ("?", "http://a.example:8080/b/c"),
        ("?e", "http://a.example:8080/b/c?e"),
        ("e", "http://a.example:8080/b/e"),
        ("/e", "http://a.example:8080/e"),
        ("//b.example", "http://b.example/"),
        ("http:e", "http://a.example:8080/b/e"),
        ("https:e", "https://e/"),
    ],
)
def test_relative_to_a_port(location: str, text: str) -> None:
    base = parse_url("http://a.example:8080/b/c?d")
    assert base is not None
    assert str(resolve(base, location)) == text


def test_what_utf_8_cannot_hold_is_replaced() -> None:
    assert str(parse_url("https://a.example/\ud800?\udfff")) == "https://a.example/%3F?%3F"


@pytest.mark.parametrize(("text", "good"), [("file:ab|c", True), ("file://ab|c/", False), ("file:///ab|c", True)])
def test_a_file_s_host(text: str, good: bool) -> None:
    assert (parse_url(text) is not None) is good
