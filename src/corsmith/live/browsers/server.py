"""One local server on one port that speaks TLS and plain HTTP, for every host that the browser asks for."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Coroutine
from contextlib import closing, suppress
from typing import Any

from .site import Reply, Site, Upstream
from .wire import HEAD_LIMIT, Heard, read_request

_TLS_HANDSHAKE = b"\x16"


class LocalServer:
    """Serves a `Site` on loopback. All of its work happens in the event loop that started it."""

    def __init__(self, site: Site, context: ssl.SSLContext) -> None:
        self._site = site
        self._context = context
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1, and on the same port of ::1 where this machine has it."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = listener.getsockname()[1]
        self._listeners.append(listener)
        # Firefox connects to literal addresses itself, and a page may be at http://[::1]:3000.
        with suppress(OSError):
            self._listeners.append(socket.create_server(("::1", self.port), family=socket.AF_INET6, backlog=512))
        for each in self._listeners:
            each.settimeout(0)
            self._spawn(self._accept(each))

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self._listeners:
            listener.close()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            connection, _ = await loop.sock_accept(listener)
            # asyncio sets this only on sockets it made itself; without it every TLS answer waits some 40 ms.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._spawn(self._connection(connection))

    async def _connection(self, connection: socket.socket) -> None:
        # A browser may drop a connection at any point; that ends it and nothing else.
        with closing(connection), suppress(OSError, ssl.SSLError):
            secure = await _first_byte(connection) == _TLS_HANDSHAKE
            reader = asyncio.StreamReader(limit=HEAD_LIMIT)
            protocol = asyncio.StreamReaderProtocol(reader)
            loop = asyncio.get_running_loop()
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol, connection, ssl=self._context if secure else None
            )
            writer = asyncio.StreamWriter(transport, protocol, reader, loop)
            try:
                await self._serve(reader, writer, "https" if secure else "http")
            finally:
                transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        while (request := await read_request(reader, scheme)) is not None:
            reply = self._site.reply(request)
            if isinstance(reply, Upstream):
                await self._forward(reply, request, reader, writer)
                return
            writer.write(reply.raw)
            await writer.drain()
            if reply.closes:
                await _finish(writer)
                return

    async def _forward(
        self, upstream: Upstream, request: Heard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Hand this and every later request of the connection to the upstream, and its bytes back."""
        try:
            back, forth = await asyncio.open_connection(upstream.host, upstream.port)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            self._site.unreachable.append(f"{upstream.host}:{upstream.port} ({why.lower()})")
            return
        returning = self._spawn(_pump(back, writer))
        following: Heard | None = request
        try:
            while following is not None:
                forth.write(following.raw)
                await forth.drain()
                following = await _next_request(reader, following.scheme, returning)
                # A page asked for over a connection that an API owns: dropped, so that the browser opens another.
                if following is not None and isinstance(self._site.reply(following), Reply):
                    return
            await _finish(writer)
        finally:
            returning.cancel()
            forth.close()


async def _next_request(reader: asyncio.StreamReader, scheme: str, until: asyncio.Task[None]) -> Heard | None:
    """Read the next request, or return None once the upstream has ended the connection."""
    reading = asyncio.ensure_future(read_request(reader, scheme))
    await asyncio.wait((reading, until), return_when=asyncio.FIRST_COMPLETED)
    if reading.done():
        return reading.result()
    reading.cancel()
    return None


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()


async def _finish(writer: asyncio.StreamWriter) -> None:
    """Send what is still to be sent, then end the connection."""
    writer.close()
    with suppress(OSError, ssl.SSLError):
        await writer.wait_closed()


async def _first_byte(connection: socket.socket) -> bytes:
    """Look at the first byte without taking it, so that TLS can start from the beginning."""
    loop = asyncio.get_running_loop()
    connection.settimeout(0)
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)
