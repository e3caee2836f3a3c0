"""HTTP/1.1 heads and bodies as browsers take them, and requests as they leave."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.exchange import Headers, Request
from corsmith.browser import Ask
from corsmith.browser.url import parse_url
from corsmith.live.incoming import Incoming
from corsmith.live.sent import USER_AGENT, headers_sent
from corsmith.live.wire import (
    BODY_LIMIT,
    HEAD_LIMIT,
    Head,
    NotHttp,
    decoded,
    parse_head,
    request_bytes,
)

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("raw", "status", "headers"),
    [
        (b"HTTP/1.1 200 OK", 200, ()),
        (b"HTTP/1.0 404", 404, ()),
        (b"http/1.1  204 \tNo Content", 204, ()),
        (b"HTTP/2 200", 200, ()),
        (OK + b"A: 1\r\na:2\r\nA:\t3 \t", 200, (("A", "1"), ("a", "2"), ("A", "3"))),
        (OK + b"A: 1\nB: 2", 200, (("A", "1"), ("B", "2"))),
        (OK + b"A: 1\r\n  more\r\n\tand more\r\nB: 2", 200, (("A", "1 more and more"), ("B", "2"))),
        (OK + b"A:\r\n x", 200, (("A", "x"),)),
        (OK + b" folded into nothing\r\nB: 2", 200, (("B", "2"),)),
        (OK + b"no colon\r\n: no name\r\na b: space\r\nB : 2", 200, (("B", "2"),)),
        (OK + b"A: \x0bx\x0c\r\nB: \x80\xff\x01", 200, (("A", "\x0bx\x0c"), ("B", "\x80\xff\x01"))),
        (OK + b"A: a\x00b", 200, (("A", "a\x00b"),)),
        (OK + b"A: a:b\r\nB:", 200, (("A", "a:b"), ("B", ""))),
    ],
)
def test_heads_are_read_leniently(raw: bytes, status: int, headers: Headers) -> None:
    assert parse_head(raw) == Head(status, headers, keeps=b"/1.0" not in raw)


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK", b"HTTP/1.1 abc", b"ICY 200 OK", b"HTTP 200"]
)
def test_other_status_lines_are_not_http(raw: bytes) -> None:
    with pytest.raises(NotHttp):
        parse_head(raw)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_head_raise_anything_else(raw: bytes) -> None:
    try:
        head = parse_head(OK + raw)
    except NotHttp:
        pytest.fail("the status line is right")
    assert all("\n" not in value and value == value.strip(" \t") for _, value in head.headers)


def fed(raw: bytes, method: str = "GET", step: int = 1 << 20) -> Incoming:
    incoming = Incoming(method)
    for at in range(0, len(raw), step):
        incoming.feed(raw[at : at + step])
    return incoming


def head_of(raw: bytes) -> Head | None:
    heads = {fed(raw, step=step).head for step in (1, 7, 1 << 20)} if len(raw) < 1000 else {fed(raw).head}
    (head,) = heads
    return head


def test_informational_responses_are_passed_over() -> None:
    raw = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Created\r\nA: 1\r\n\r\nbody"
    assert head_of(raw) == Head(201, (("A", "1"),))


@pytest.mark.parametrize(
    "raw",
    [
        b"SSH-2.0-OpenSSH_9.2p1 Debian\r\n",
        b"\x15\x03\x03\x00\x02\x02\x50",
        b"<html>hello</html>",
        OK + b"A: " + b"x" * HEAD_LIMIT + b"\r\n\r\n",
        OK + b"A: 1234567890\r\n" * (HEAD_LIMIT // 14) + b"\r\n",
    ],
)
def test_what_is_not_http_is_told_from_what_ends_early(raw: bytes) -> None:
    with pytest.raises(NotHttp):
        head_of(raw)


@pytest.mark.parametrize("raw", [b"", b"HTT", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nA: 1\r\n"])
def test_a_head_that_does_not_end(raw: bytes) -> None:
    incoming = fed(raw)
    incoming.end()
    assert (incoming.head, incoming.done, incoming.silent) == (None, False, raw == b"")


def test_early_hints_without_end_are_no_answer() -> None:
    with pytest.raises(NotHttp):
        fed(b"HTTP/1.1 103 Early Hints\r\n\r\n" * HEAD_LIMIT)


def body_of(raw: bytes, *headers: tuple[str, str], status: int = 200, method: str = "GET") -> bytes:
    head = f"HTTP/1.1 {status} Some\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n"
    whole = fed(head.encode() + raw, method)
    whole.end()
    assert whole.done
    if len(raw) < 1000:
        assert fed(head.encode() + raw, method, 1).body == whole.body
    return bytes(whole.body)


CHUNKED = ("Transfer-Encoding", "Chunked")


def test_bodies_end_where_they_say() -> None:
    assert body_of(b"hello world", ("Content-Length", "5")) == b"hello"
    assert body_of(b"hello world") == b"hello world"
    assert body_of(b"hel", ("Content-Length", "5")) == b"hel"
    assert body_of(b"hello", ("Content-Length", "x")) == b"hello"
    assert body_of(b"4\r\nhell\r\n2;x=y\r\no \r\n0\r\n\r\nrest", CHUNKED) == b"hello "
    assert body_of(b"4\r\nhell\r\nzz\r\n", CHUNKED) == b"hell"
    assert body_of(b"4\r\nhell\r\n-4\r\nxxxx\r\n", CHUNKED) == b"hell"
    assert body_of(b"hello", status=204) == b""
    assert body_of(b"hello", status=304) == b""
    assert body_of(b"hello", method="HEAD") == b""


@pytest.mark.parametrize(
    ("raw", "reusable"),
    [
        (OK + b"Content-Length: 2\r\n\r\nhi", True),
        (OK + b"Content-Length: 0\r\n\r\n", True),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", True),
        (b"HTTP/1.1 204 None\r\n\r\n", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive\r\n\r\nhi", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", False),
        (OK + b"Content-Length: 2\r\nConnection: Close\r\n\r\nhi", False),
        (OK + b"Content-Length: 2\r\n\r\nhi and more", False),
        (b"HTTP/1.1 204 None\r\n\r\nmore", False),
        (OK + b"Content-Length: 3\r\n\r\nhi", False),
        (OK + b"\r\nhi", False),
        (OK + b"Content-Length: %d\r\n\r\n" % (2 * BODY_LIMIT) + b"x" * BODY_LIMIT, False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nTrailer: 1\r\n\r\n", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", False),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 5000, False),
    ],
)
def test_a_connection_is_used_again_only_after_a_whole_answer(raw: bytes, *, reusable: bool) -> None:
    incoming = fed(raw)
    assert (incoming.done and incoming.reusable) is reusable
    if reusable:
        incoming.feed(b"what nobody asked for")
        assert not incoming.reusable


def test_no_more_than_the_limit_is_read() -> None:
    much = b"x" * (BODY_LIMIT + 10)
    assert len(body_of(much)) == BODY_LIMIT
    assert len(body_of(much, ("Content-Length", "9" * 30))) == BODY_LIMIT
    assert len(body_of(b"fffffff\r\n" + much, CHUNKED)) == BODY_LIMIT
    assert len(body_of(b"10\r\n0123456789abcdef\r\n" * (BODY_LIMIT // 8), CHUNKED)) <= BODY_LIMIT + 16


def test_compression_is_undone_within_the_limit() -> None:
    text = b'{"message":"Not Found"}'
    assert decoded(gzip.compress(text), (("Content-Encoding", "GZIP"),)) == text
    assert decoded(zlib.compress(text), (("content-encoding", "deflate"),)) == text
    assert decoded(gzip.compress(text)[:-12], (("content-encoding", "gzip"),)).startswith(b"{")
    assert decoded(text, (("content-encoding", "gzip"),)) == text
    assert decoded(text, (("content-encoding", "br"),)) == text
    assert len(decoded(gzip.compress(b"\0" * (4 * BODY_LIMIT)), (("content-encoding", "gzip"),))) == BODY_LIMIT


@pytest.mark.parametrize(
    "parts",
    [
        ("GET", "/", (("A", "1\r\nB: 2"),)),
        ("GET", "/", (("A\n", "1"),)),
        ("GET", "/a\r\nb", ()),
        ("G\0T", "/", ()),
    ],
)
def test_nothing_can_break_out_of_a_request(parts: tuple[str, str, Headers]) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        request_bytes(*parts, None)


def sent(ask: Ask, page: str, cookies: Headers = ()) -> Headers:
    url = parse_url(ask.request.url)
    assert url is not None
    return headers_sent(ask, url, page, cookies)


APP = "https://app.example.com"
ASKED: Headers = (
    ("Accept", "*/*"),
    ("Access-Control-Request-Method", "PUT"),
    ("Access-Control-Request-Headers", "content-type,x-a"),
    ("Origin", APP),
)


def test_a_preflight_leaves_as_chromium_sends_it() -> None:
    ask = Ask("preflight", Request("OPTIONS", "https://api.example.net/items?a=1", ASKED))
    assert sent(ask, APP, cookies=(("Cookie", "a=b"),)) == (
        ("Host", "api.example.net"),
        ("Connection", "keep-alive"),
        *ASKED,
        ("User-Agent", USER_AGENT),
        ("Sec-Fetch-Mode", "cors"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Dest", "empty"),
        ("Referer", f"{APP}/"),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
        ("Accept-Language", "en-US,en;q=0.9"),
    )
    head = request_bytes("OPTIONS", "/items?a=1", sent(ask, APP), None)
    assert head.startswith(b"OPTIONS /items?a=1 HTTP/1.1\r\nHost: api.example.net\r\n")
    assert head.endswith(b"en;q=0.9\r\n\r\n")


@pytest.mark.parametrize(
    ("page", "relation"),
    [
        ("https://api.example.net", "same-origin"),
        ("https://app.example.net", "same-site"),
        ("https://example.net:8443", "same-site"),
        ("http://app.example.net", "cross-site"),
        (APP, "cross-site"),
        ("null", "cross-site"),
    ],
)
def test_the_relation_of_page_and_server_is_said(page: str, relation: str) -> None:
    ask = Ask("request", Request("GET", "https://api.example.net/"))
    assert dict(sent(ask, page))["Sec-Fetch-Site"] == relation


@pytest.mark.parametrize(
    ("url", "page", "names"),
    [
        ("http://api.example.net/", "http://app.example.com", {"Referer"}),
        ("http://api.example.net/", APP, set()),
        ("https://api.example.net/", "null", {"Sec-Fetch-Site"}),
        ("http://127.0.0.1:3000/", "http://localhost:5173", {"Referer", "Sec-Fetch-Site"}),
    ],
)
def test_fetch_metadata_and_referrer_go_where_browsers_send_them(url: str, page: str, names: set[str]) -> None:
    found = {name for name, _ in sent(Ask("request", Request("GET", url)), page)}
    assert found & {"Referer", "Sec-Fetch-Site"} == names


def test_a_request_carries_what_the_page_said_first() -> None:
    own: Headers = (("accept", "text/plain"), ("Content-Type", "application/json"), ("Origin", APP))
    headers = sent(
        Ask("request", Request("POST", "https://api.example.net:8443/", own, b"{}")), APP, (("Cookie", "a=b"),)
    )
    names = [name.lower() for name, _ in headers]
    assert len(names) == len(set(names))
    assert headers[:3] == (("Host", "api.example.net:8443"), ("Connection", "keep-alive"), ("Content-Length", "2"))
    assert dict(headers)["accept"] == "text/plain"
    assert headers[-1] == ("Cookie", "a=b")


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        ("GET", None, {}),
        ("POST", None, {"Content-Length": "0"}),
        ("DELETE", None, {}),
        ("POST", b"abc", {"Content-Length": "3", "Content-Type": "text/plain;charset=UTF-8"}),
    ],
)
def test_bodies_are_announced_as_browsers_do(method: str, body: bytes | None, expected: dict[str, str]) -> None:
    headers = dict(sent(Ask("request", Request(method, "https://api.example.net/", (), body)), APP))
    assert {name: headers[name] for name in headers if name.startswith("Content-")} == expected


_PIECES = st.sampled_from(
    (
        b"HTTP/1.1 200 OK", b"HTTP/1.0 204 No", b"http/1.1 200 ok", b"HTTP/1.1 100 Continue", b"HTTP/1.1 304 N", b"\r\n", b"\n",
        b"\r\n\r\n", b"\n\n", b"\n\r\n", b"X: y", b"Content-Length: 3", b"Content-Length: 0", b"Transfer-Encoding: chunked",
        b"Connection: close", b"Connection: keep-alive", b"3\r\nabc\r\n", b"0\r\n\r\n", b"abc", b" folded", b"\r",
    )
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12), st.sampled_from(("GET", "HEAD")))
def test_an_answer_is_the_same_in_one_piece_and_in_many(pieces: list[bytes], method: str) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n"):
        raw = start + b"".join(pieces)
        read = []
        for step in (1 << 20, 1):
            try:
                found = fed(raw, method, step)
                # How a connection goes on may depend on what comes with the end, and what comes after it.
                read.append((found.head, bytes(found.body), found.done))
            except NotHttp as error:
                read.append(str(error)[:10])
        assert read[0] == read[1]
