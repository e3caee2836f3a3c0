"""What the local server reads and writes, byte for byte."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from corsmith.live.browsers.case import prepare
from corsmith.live.browsers.site import Reply, Site, Upstream
from corsmith.live.browsers.wire import Heard, answer_bytes, read_request

ORIGIN = "https://app.example.com"
CASE: dict[str, Any] = {
    "name": "a",
    "origin": ORIGIN,
    "request": {"method": "PUT", "headers": []},
    "preflight": {"status": 204, "headers": [["Access-Control-Allow-Origin", ORIGIN]]},
    "response": {
        "status": 200,
        "headers": [["ACCESS-control-allow-origin", " * "], ["Access-Control-Allow-Origin", "*"]],
    },
}


@pytest.mark.parametrize(
    ("answer", "method", "raw"),
    [
        ({"status": 200, "headers": []}, "GET", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"),
        ({"status": 200, "headers": []}, "HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"),
        ({"status": 204, "headers": []}, "OPTIONS", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ({"status": 304, "headers": []}, "GET", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
        ({"status": 299, "headers": []}, "GET", b"HTTP/1.1 299 Status\r\ncontent-length: 2\r\n\r\nok"),
        ({"status": 200, "headers": [["A-b", " * "], ["a-B", "*"]]}, "PUT",
         b"HTTP/1.1 200 OK\r\nA-b:  * \r\na-B: *\r\ncontent-length: 2\r\n\r\nok"),
        ({"status": 200, "headers": [["A", "\x0b\x80\xff"]]}, "GET",
         b"HTTP/1.1 200 OK\r\nA: \x0b\x80\xff\r\ncontent-length: 2\r\n\r\nok"),
        ({"status": 200, "headers": [["A", "€"]]}, "GET",
         b"HTTP/1.1 200 OK\r\nA: \xe2\x82\xac\r\ncontent-length: 2\r\n\r\nok"),
        ({"status": 200, "headers": [["Content-Length", "0"]]}, "GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nok"),
    ],
)  # fmt: skip
def test_an_answer_goes_out_as_it_is_written(answer: dict[str, Any], method: str, raw: bytes) -> None:
    assert answer_bytes(answer, method) == raw


def heard(method: str, path: str, host: str = "api.example.net", scheme: str = "https", **headers: str) -> Heard:
    pairs = (("Host", host), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Heard(scheme, method, path, pairs, b"")


def test_a_case_is_answered_by_its_key_and_written_down() -> None:
    site = Site()
    case = site.cases["k1"] = prepare(CASE, "k1")
    preflight = site.reply(heard("OPTIONS", "/c/k1/0", Access_Control_Request_Method="PUT", Origin=ORIGIN))
    request = site.reply(heard("PUT", "/c/k1/0", Origin=ORIGIN, User_Agent="x"))
    assert isinstance(preflight, Reply)
    assert preflight.raw.startswith(b"HTTP/1.1 204")
    assert isinstance(request, Reply)
    assert request.raw.startswith(b"HTTP/1.1 200")
    assert case.wire == [
        {"hop": 0, "method": "OPTIONS", "access-control-request-method": "PUT", "origin": ORIGIN},
        {"hop": 0, "method": "PUT", "origin": ORIGIN},
    ]


@pytest.mark.parametrize("path", ["/", "/c/k2/0", "/c/k1/1", "/c/k1/x", "/c/k1", "/c/k1/-1", "/k1/0"])
def test_what_is_no_case_is_not_found(path: str) -> None:
    reply = Site({"k1": prepare(CASE, "k1")}).reply(heard("GET", path))
    assert isinstance(reply, Reply)
    assert reply.raw.startswith(b"HTTP/1.1 404")


def test_an_options_call_of_the_page_itself_gets_the_response() -> None:
    reply = Site({"k1": prepare(CASE, "k1")}).reply(heard("OPTIONS", "/c/k1/0", Origin=ORIGIN))
    assert isinstance(reply, Reply)
    assert reply.raw.startswith(b"HTTP/1.1 200")


def test_a_connection_is_closed_where_the_case_says_so() -> None:
    case = prepare(
        {**CASE, "preflight": {"close": True}, "response": {"status": 200, "headers": [["Content-Length", "9"]]}}, "k"
    )
    site = Site({"k": case})
    assert site.reply(heard("OPTIONS", "/c/k/0", Access_Control_Request_Method="PUT")) == Reply(b"", closes=True)
    answer = site.reply(heard("PUT", "/c/k/0"))
    assert isinstance(answer, Reply)
    assert answer.closes


@pytest.mark.parametrize(
    ("scheme", "host", "path", "there"),
    [
        ("https", "api.example.net", "/c/k1/0", True),
        ("https", "API.Example.Net", "/", True),
        ("http", "api.example.net", "/", False),
        ("https", "api.example.net:8443", "/", False),
        ("https", "api.example.net", "/__page", False),
        ("https", "api.example.net", "/__page?null", False),
    ],
)
def test_an_upstream_has_its_origin_for_itself_but_for_pages(scheme: str, host: str, path: str, *, there: bool) -> None:
    upstream = Upstream("127.0.0.1", 3000)
    site = Site(upstreams={"https://api.example.net": upstream})
    assert (site.reply(heard("GET", path, host, scheme)) is upstream) is there
    assert len(site.heard) == there


def test_pages_of_an_opaque_origin_are_sandboxed() -> None:
    page, sandboxed = (Site().reply(heard("GET", path)) for path in ("/__page", "/__page?null"))
    assert isinstance(page, Reply)
    assert isinstance(sandboxed, Reply)
    assert b"Content-Security-Policy" not in page.raw
    assert b"Content-Security-Policy: sandbox allow-scripts\r\n" in sandboxed.raw


def test_redirects_lead_from_hop_to_hop() -> None:
    def to(place: str) -> dict[str, Any]:
        return {"status": 302, "headers": [["Location", place], ["X", "{next}"]]}

    hops = [
        {"response": to("{next}")},
        {"base": "https://b.example.org", "response": to("{self}?again")},
        {"response": to("{origin}/x")},
    ]
    case = prepare({**CASE, "base": "http://localhost:8000", "hops": hops}, "k7")
    assert [hop.url for hop in case.hops] == [
        "http://localhost:8000/c/k7/0",
        "https://b.example.org/c/k7/1",
        "https://api.example.net/c/k7/2",
    ]
    assert [hop.response["headers"][0][1] for hop in case.hops] == [
        "https://b.example.org/c/k7/1",
        "https://b.example.org/c/k7/1?again",
        f"{ORIGIN}/x",
    ]
    assert case.hops[0].response["headers"][1][1] == "{next}"
    assert case.hops[0].preflight == {"status": 404, "headers": []}
    assert case.job["url"] == case.hops[0].url
    assert case.mark in case.job["url"]


def read(raw: bytes) -> Heard | None:
    async def reading() -> Heard | None:
        reader = asyncio.StreamReader()
        reader.feed_data(raw)
        reader.feed_eof()
        return await read_request(reader, "http")

    return asyncio.run(reading())


def test_a_request_is_read_with_its_bytes() -> None:
    raw = b"POST /items?a=1 HTTP/1.1\r\nHost: LOCALHOST:3000\r\nContent-Length: 2\r\n\r\n{}"
    request = read(raw + b"GET")
    assert request is not None
    assert (request.method, request.path, request.raw) == ("POST", "/items?a=1", raw)
    assert request.origin == "http://localhost:3000"
    assert request.header("x") is None


@pytest.mark.parametrize(
    "raw", [b"", b"GET / HTTP/1.1\r\nHost: a\r\n", b"junk\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"]
)
def test_what_is_no_whole_request_ends_the_connection(raw: bytes) -> None:
    assert read(raw) is None
