"""A server in a thread of its own, for commands that run an event loop themselves. Kept connections, scripted answers."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Answers = Callable[[bytes], bytes]
"""From a request's head to the bytes that answer it; b"" closes the connection."""


class Background:
    """What was heard so far. `url` is where the server is; `connections` counts those that were opened."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.connections = 0
        self.port = 0
        self.url = ""


@contextmanager
def serving(answers: Answers, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[Background]:
    """Serve until the block ends. A body that was announced is read and forgotten."""
    background = Background()
    loop = asyncio.new_event_loop()
    open_now: set[asyncio.StreamWriter] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        background.connections += 1
        open_now.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                background.heard.append(head)
                _, found, length = head.lower().partition(b"\r\ncontent-length: ")
                if found:
                    await reader.readexactly(int(length.split(b"\r\n")[0]))
                data = answers(head)
                if not data:
                    break
                writer.write(data)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            open_now.discard(writer)

    server = loop.run_until_complete(asyncio.start_server(answer, host, 0, ssl=tls))
    background.port = server.sockets[0].getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    background.url = f"{'https' if tls else 'http'}://{shown}:{background.port}"
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def ended() -> None:
        # A server that closes between taking a connection and giving it a transport leaves it open (python/cpython#109564).
        for _ in range(3):
            await asyncio.sleep(0)
        server.close()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for writer in tuple(open_now):
                writer.transport.abort()
            await asyncio.gather(*tasks, return_exceptions=True)
        # Transports that were aborted close their sockets in the next turn.
        await asyncio.sleep(0)

    try:
        yield background
    finally:
        asyncio.run_coroutine_threadsafe(ended(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
