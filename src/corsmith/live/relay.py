"""A door on this machine to a server that may be anywhere: plain HTTP in, TLS out where the URL says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from corsmith.browser.url import Url

from .dial import Dialer, Unreachable

_MOST = 4 * 1024 * 1024
"""The most bytes of one connection's answers: a stream without end must not keep a browser waiting."""


@asynccontextmanager
async def relay(url: Url, dialer: Dialer, seconds: float) -> AsyncIterator[int]:
    """Serve the server of `url` on a port of 127.0.0.1, which is given, until the block ends.

    No byte is changed. A connection ends after `seconds`.
    """
    open_now: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, TimeoutError, Unreachable):
                async with asyncio.timeout(seconds):
                    await _joined(reader, writer, url, dialer)
        finally:
            writer.transport.abort()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        open_now.add(task)
        task.add_done_callback(open_now.discard)

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


async def _joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, url: Url, dialer: Dialer) -> None:
    back = asyncio.StreamReader()
    transport, protocol = await dialer.open(url, lambda: asyncio.StreamReaderProtocol(back))
    forth = asyncio.StreamWriter(transport, protocol, back, asyncio.get_running_loop())
    sending = asyncio.ensure_future(_pump(reader, forth, None))
    try:
        await _pump(back, writer, _MOST)
        writer.close()
        await writer.wait_closed()
    finally:
        sending.cancel()
        forth.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, most: int | None) -> None:
    passed = 0
    with suppress(OSError):
        while (most is None or passed < most) and (data := await source.read(65536)):
            passed += len(data)
            sink.write(data)
            await sink.drain()
