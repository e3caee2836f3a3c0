"""The local server without a browser: one port for TLS and plain HTTP, and upstreams behind it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from corsmith.live.browsers.certificate import server_context
from corsmith.live.browsers.server import LocalServer
from corsmith.live.browsers.site import Site, Upstream

GET = b"GET /%s HTTP/1.1\r\nHost: %s\r\n\r\n"
ANSWER = b"HTTP/1.1 200 Fine\r\nX-Odd:  a \r\nx-odd: b\r\nContent-Length: 2\r\n\r\nhi"


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[LocalServer]:
    server = LocalServer(site, server_context())
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def upstream(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    async def handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await answer(reader, writer)
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@asynccontextmanager
async def opened(port: int, *, secure: bool) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    tls, host = (trusting(), "api.example.net") if secure else (None, None)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname=host)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def asked(port: int, raw: bytes, *, secure: bool) -> bytes:
    async with opened(port, secure=secure) as (reader, writer):
        writer.write(raw)
        return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)


def test_one_port_speaks_tls_and_plain() -> None:
    async def scenario() -> list[bytes]:
        async with serving(Site()) as server:
            return [await asked(server.port, GET % (b"", b"a"), secure=secure) for secure in (True, False)]

    assert [head[:12] for head in asyncio.run(scenario())] == [b"HTTP/1.1 404"] * 2


@pytest.mark.parametrize("secure", [True, False])
def test_bytes_pass_an_upstream_unchanged_in_both_directions(*, secure: bool) -> None:
    received: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            received.append(head)
            writer.write(ANSWER)

    async def scenario() -> list[bytes]:
        async with upstream(answer) as port:
            origin = ("https" if secure else "http") + "://api.example.net"
            site = Site(upstreams={origin: Upstream("127.0.0.1", port)})
            async with serving(site) as server, opened(server.port, secure=secure) as (reader, writer):
                heads = []
                for number in (b"one", b"two"):
                    writer.write(GET % (number, b"api.example.net"))
                    heads.append(await asyncio.wait_for(reader.readexactly(len(ANSWER)), 10))
                return heads

    assert asyncio.run(scenario()) == [ANSWER, ANSWER]
    assert received == [GET % (b"one", b"api.example.net"), GET % (b"two", b"api.example.net")]


def test_an_upstream_that_ends_the_connection_ends_the_browsers() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.0 200 OK\r\n\r\nall")

    async def scenario() -> bytes:
        async with (
            upstream(answer) as port,
            serving(Site(upstreams={"http://a": Upstream("127.0.0.1", port)})) as server,
            opened(server.port, secure=False) as (reader, writer),
        ):
            writer.write(GET % (b"", b"a"))
            return await asyncio.wait_for(reader.read(), 10)

    assert asyncio.run(scenario()) == b"HTTP/1.0 200 OK\r\n\r\nall"


def test_a_page_is_never_asked_of_an_upstream() -> None:
    asked_of_it: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            asked_of_it.append(head)
            writer.write(ANSWER)

    async def scenario() -> bytes:
        async with (
            upstream(answer) as port,
            serving(Site(upstreams={"http://a": Upstream("127.0.0.1", port)})) as server,
            opened(server.port, secure=False) as (reader, writer),
        ):
            writer.write(GET % (b"", b"a"))
            await asyncio.wait_for(reader.readexactly(len(ANSWER)), 10)
            writer.write(GET % (b"__page", b"a"))
            return await asyncio.wait_for(reader.read(), 10)

    assert asyncio.run(scenario()) == b""
    assert asked_of_it == [GET % (b"", b"a")]


def test_an_upstream_that_is_not_there_is_written_down() -> None:
    async def scenario() -> list[str]:
        async with upstream(_ignored) as port:
            pass
        site = Site(upstreams={"http://a": Upstream("127.0.0.1", port)})
        async with serving(site) as server, opened(server.port, secure=False) as (reader, writer):
            writer.write(GET % (b"", b"a"))
            assert await asyncio.wait_for(reader.read(), 10) == b""
        return [text.replace(str(port), "PORT") for text in site.unreachable]

    assert asyncio.run(scenario()) == ["127.0.0.1:PORT (connection refused)"]


async def _ignored(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    del reader, writer


@pytest.mark.parametrize("raw", [b"", b"\x16\x03\x01 no handshake", b"\x00\xff", b"GET"])
def test_junk_ends_its_connection_only(raw: bytes) -> None:
    async def scenario() -> bytes:
        async with serving(Site()) as server, opened(server.port, secure=False) as (_, writer):
            writer.write(raw)
            writer.write_eof()
            return await asked(server.port, GET % (b"", b"a"), secure=False)

    assert asyncio.run(scenario()).startswith(b"HTTP/1.1 404")
