"""Servers for the live client: the recorded cases over real HTTP, and one that misbehaves as it is told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache

from msgspec import Struct, field

from corsmith.browser.url import Url
from corsmith.live.connection import Connection


class Everywhere(Struct, frozen=True, dict=True):
    """Takes every host for one port of this machine, as the browsers of the tests do. Certificates are not looked at."""

    port: int

    async def connect(self, url: Url) -> Connection:
        context, name = (_unverified(), (url.host or "").strip("[]")) if url.scheme == "https" else (None, None)
        _, connection = await asyncio.get_running_loop().create_connection(
            Connection, "127.0.0.1", self.port, ssl=context, server_hostname=name
        )
        return connection


@cache
def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Scripted(Struct, dict=True):
    """A server that answers each request with the next piece of its script, and then waits or closes."""

    answers: list[bytes]
    waits: bool = False
    port: int = 0
    heard: list[bytes] | None = None
    connections: list[asyncio.Task[None]] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.connections.append(task)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heard = [*(self.heard or []), head]
            writer.write(self.answers.pop(0) if self.answers else b"")
            await writer.drain()
            if self.waits:
                await reader.read()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    @asynccontextmanager
    async def serving(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[Scripted]:
        server = await asyncio.start_server(self.answer, "127.0.0.1", self.port, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self
            # Whoever called has let go; what is left of the connections ends by itself.
            await asyncio.wait_for(asyncio.gather(*self.connections, return_exceptions=True), 10)
