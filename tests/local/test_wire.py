"""One connection: what leaves is what the handler said, and what is no HTTP is refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.local.listener import HOST, Listener
from corsmith.local.message import Incoming, Limits, Outgoing
from corsmith.local.wire import Handle

NORMAL = Limits()
SMALL = Limits(head=500, body=100, connections=3, slow=0.3, idle=0.3)


def echo(incoming: Incoming) -> Outgoing:
    lines = [f"{incoming.method} {incoming.target} large={incoming.too_large}", *map(str, incoming.headers)]
    return Outgoing(200, (("X-Case", "kept"),), "\n".join(lines).encode() + b"|" + incoming.body)


async def later(incoming: Incoming) -> Outgoing:
    await asyncio.sleep(0.01)
    return echo(incoming)


def broken(incoming: Incoming) -> Outgoing:
    raise RuntimeError(incoming.target)


async def broken_later(incoming: Incoming) -> Outgoing:
    raise RuntimeError(incoming.target)


def talk(octets: bytes, handle: Handle = echo, limits: Limits = NORMAL) -> bytes:
    """Send `octets`, end the sending half, and return all that comes back."""

    async def run() -> bytes:
        listener = Listener(handle, limits)
        await listener.start()
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        writer.write(octets)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await listener.close()
        return answer

    return asyncio.run(run())


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("handle", [echo, later])
def test_case_order_and_duplicates_of_request_headers_survive(handle: Handle) -> None:
    answer = talk(b"GET /a?b=%7C HTTP/1.1\r\nHost: h\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\n\r\n", handle)
    assert status_of(answer) == 200
    assert b"GET /a?b=%7C large=False" in answer
    assert b"('Host', 'h')\n('X-B', '2')\n('x-a', '1')\n('X-B', '3')|" in answer


def test_case_order_and_duplicates_of_response_headers_survive() -> None:
    headers = (
        ("access-control-allow-origin", "*"),
        ("Access-Control-Allow-Origin", "https://a.example"),
        ("Vary", "Origin"),
    )
    answer = talk(b"GET / HTTP/1.0\r\n\r\n", lambda _: Outgoing(200, headers, b"x"))
    head = answer.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert head[1:4] == [
        b"access-control-allow-origin: *",
        b"Access-Control-Allow-Origin: https://a.example",
        b"Vary: Origin",
    ]


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", id="TLS"),
        pytest.param(b"hello\r\n\r\n", id="no HTTP"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", id="two Hosts"),
        pytest.param(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", id="unknown version"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX y: 1\r\n\r\n", id="space in a name"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n: 1\r\n\r\n", id="no name"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", id="NUL in a value"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", id="negative length"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", id="two lengths"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="length and chunks",
        ),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="no chunk size"),
        pytest.param(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", id="CONNECT"),
    ],
)
def test_malformed_requests_get_400_and_the_connection_ends(octets: bytes) -> None:
    answer = talk(octets)
    assert status_of(answer) == 400
    assert b"connection: close" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_large_head_behind_another_request_is_refused_and_many_small_ones_are_not() -> None:
    small = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
    large = b"GET /a HTTP/1.1\r\nHost: h\r\nX: %b\r\n\r\n" % (b"x" * SMALL.head)
    assert [int(part[:3]) for part in talk(small + large, limits=SMALL).split(b"HTTP/1.1 ")[1:]] == [200, 431]
    assert talk(small * 100, limits=SMALL).count(b"HTTP/1.1 200 ") == 100


def test_pipelined_requests_are_answered_in_their_order() -> None:
    asked = b"".join(b"GET /%d HTTP/1.1\r\nHost: h\r\n\r\n" % number for number in range(50))

    async def slower_first(incoming: Incoming) -> Outgoing:
        await asyncio.sleep(0.002 if incoming.target.endswith("0") else 0)
        return Outgoing(200, (), incoming.target.encode())

    answer = talk(asked, slower_first)
    assert [part.rpartition(b"\r\n\r\n")[2] for part in answer.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"/%d" % number for number in range(50)
    ]


def test_an_answer_that_nobody_waits_for_leaves_with_the_next() -> None:
    def handle(incoming: Incoming) -> Outgoing:
        return Outgoing(200, (), incoming.target.encode(), urgent=incoming.target != "/first")

    one = b"GET /%b HTTP/1.1\r\nHost: h\r\n\r\n"
    assert talk(one % b"first", handle).endswith(b"/first")
    both = talk(one % b"first" + one % b"second", handle)
    assert both.index(b"/first") < both.index(b"/second")


def test_a_malformed_request_behind_good_ones_does_not_eat_their_answers() -> None:
    answer = talk(b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n", later)
    assert [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]] == [200, 200, 400]


@pytest.mark.parametrize("split", [1, 7])
def test_it_does_not_matter_how_the_bytes_arrive(split: int) -> None:
    octets = (
        b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
        b"POST /y HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nfour"
    )

    async def run() -> bytes:
        listener = Listener(echo, Limits())
        await listener.start()
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        for start in range(0, len(octets), split):
            writer.write(octets[start : start + split])
            await writer.drain()
            await asyncio.sleep(0)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await listener.close()
        return answer

    answer = asyncio.run(run())
    assert b"|abcde" in answer
    assert answer.endswith(b"|four")


def test_trailers_are_kept_apart() -> None:
    octets = b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-End: 9\r\n\r\n"
    seen: list[Incoming] = []

    def keep(incoming: Incoming) -> Outgoing:
        seen.append(incoming)
        return Outgoing(200)

    talk(octets, keep)
    assert seen[0].trailers == (("X-End", "9"),)
    assert "X-End" not in dict(seen[0].headers)


def test_the_answer_to_head_has_the_length_and_no_body() -> None:
    answer = talk(b"HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, (), b"12345"))
    assert b"content-length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body_have_no_length(status: int) -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(status, (), b"dropped"))
    assert b"content-length" not in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [("Content-Length", "999"), ("Transfer-Encoding", "chunked"), ("Connection", "upgrade")],
)
def test_framing_is_not_the_handlers_business(name: str, value: str) -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, ((name, value),), b"abc"))
    assert b"content-length: 3\r\n" in answer
    assert value.encode() not in answer


def test_a_line_feed_in_a_value_does_not_begin_another_header() -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, (("X", "a\r\nSet-Cookie: b"),), b""))
    assert b"X: a  Set-Cookie: b\r\n" in answer


@pytest.mark.parametrize("name", ["", "X Y", "X:", "X\r\nY", "é"])
def test_what_is_no_header_name_is_left_out(name: str) -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, ((name, "v"), ("X", "w")), b""))
    assert b": v" not in answer
    assert b"X: w\r\n" in answer


def test_values_outside_latin_1_leave_as_utf_8() -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, (("X", "é"), ("Y", "€")), b""))
    assert b"X: \xe9\r\nY: \xe2\x82\xac\r\n" in answer


@pytest.mark.parametrize("length", [b"Content-Length: 101\r\n\r\n" + b"x" * 101, b"Content-Length: 99999999\r\n\r\nx"])
def test_a_body_over_the_limit_is_not_kept(length: bytes) -> None:
    answer = talk(b"POST / HTTP/1.1\r\nHost: h\r\n" + length, limits=SMALL)
    assert b"large=True" in answer
    assert b"connection: close" in answer


def test_a_chunked_body_over_the_limit_is_not_kept() -> None:
    chunks = b"".join(b"40\r\n" + b"x" * 64 + b"\r\n" for _ in range(3)) + b"0\r\n\r\n"
    answer = talk(b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, limits=SMALL)
    assert answer.count(b"large=True") == 1


def test_a_body_at_the_limit_is_kept() -> None:
    answer = talk(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + b"x" * 100, limits=SMALL)
    assert answer.endswith(b"|" + b"x" * 100)


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 600 + b"\r\n\r\n", id="a long line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\n" + b"X: y\r\n" * 100 + b"\r\n", id="many lines"),
        pytest.param(b"GET /" + b"p" * 600 + b" HTTP/1.1\r\nHost: h\r\n\r\n", id="a long target"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 600, id="a line that never ends"),
    ],
)
def test_a_head_over_the_limit_gets_431(octets: bytes) -> None:
    assert status_of(talk(octets, limits=SMALL)) == 431


def test_expect_100_continue_is_answered_first() -> None:
    octets = b"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"
    assert talk(octets).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("handle", [broken, broken_later])
def test_an_error_of_ours_is_a_500_and_the_server_lives(handle: Handle, caplog: pytest.LogCaptureFixture) -> None:
    assert status_of(talk(b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n", handle)) == 500
    assert "/x was not answered" in caplog.text


def test_a_streamed_body_is_sent_in_chunks() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"ab"
        yield b""
        yield b"c" * 17

    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n", lambda _: Outgoing(200, (), pieces()))
    assert b"transfer-encoding: chunked\r\n" in answer
    assert answer.endswith(b"\r\n\r\n2\r\nab\r\n11\r\n" + b"c" * 17 + b"\r\n0\r\n\r\n")


def with_clients(limits: Limits, act: Callable[[int], Awaitable[None]]) -> None:
    async def run() -> None:
        listener = Listener(echo, limits)
        await listener.start()
        try:
            await act(listener.port)
        finally:
            await listener.close()

    asyncio.run(run())


def test_connections_over_the_limit_are_turned_away_and_the_others_served() -> None:
    async def act(port: int) -> None:
        held = [await asyncio.open_connection(HOST, port) for _ in range(3)]
        await asyncio.sleep(0.05)
        reader, writer = await asyncio.open_connection(HOST, port)
        assert status_of(await reader.read()) == 503
        writer.close()
        for _, each in held:
            each.write(b"GET / HTTP/1.0\r\n\r\n")
        assert [status_of(await each.read()) for each, _ in held] == [200, 200, 200]
        for _, each in held:
            each.close()
        await asyncio.sleep(0.05)
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        assert status_of(await reader.read()) == 200
        writer.close()

    with_clients(SMALL, act)


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"])
def test_idle_and_slow_clients_are_let_go(begun: bytes) -> None:
    async def act(port: int) -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(begun)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(_all(reader), 5)
        writer.close()

    with_clients(SMALL, act)


async def _all(reader: asyncio.StreamReader) -> None:
    if await reader.read() == b"":
        raise ConnectionResetError


def test_a_client_that_does_not_read_is_not_listened_to() -> None:
    large = Outgoing(200, (), b"x" * 100_000)
    taken: list[Incoming] = []

    def handle(incoming: Incoming) -> Outgoing:
        taken.append(incoming)
        return large

    async def run() -> int:
        listener = Listener(handle, NORMAL)
        await listener.start()
        reader, writer = await asyncio.open_connection(HOST, listener.port, limit=1024)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        for _ in range(40):
            writer.write(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n" * 1000)
            await asyncio.sleep(0.01)
        writer.transport.abort()
        await listener.close()
        del reader
        return len(taken)

    # 40,000 answers would be 4 GB.
    assert asyncio.run(run()) < 200


def test_no_other_protocol_is_spoken() -> None:
    answer = talk(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x05hello")
    assert status_of(answer) == 200
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close" in answer


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_bytes_get_answers_or_silence_and_never_an_exception(octets: bytes) -> None:
    answer = talk(octets)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
