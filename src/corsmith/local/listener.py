"""A listening socket on the loopback interface."""

from __future__ import annotations

import asyncio

from .message import Limits
from .reading import Inflows
from .repeated import Memory
from .wire import Connection, Handle, Service, Shortcut

HOST = "127.0.0.1"
"""Never another address: what runs behind it is the developer's code, with the developer's rights."""

_SWEEP = 1.0


class Listener:
    """Accepts connections on `port` and gives every request to `handle`; `inflows` takes bodies that may not wait.

    `shortcut` is asked before; without one it is what the answers that are given again know.
    """

    def __init__(
        self, handle: Handle, limits: Limits, inflows: Inflows | None = None, shortcut: Shortcut | None = None
    ) -> None:
        self.memory = Memory()
        self._service = Service(handle, limits, self.memory, shortcut or self.memory.take, inflows)
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        """Listen on `port` (0: any free one). Raises `OSError` when it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._service, self._connections),
            HOST,
            port,
            backlog=512,
        )
        self.port = int(self._server.sockets[0].getsockname()[1])
        self._sweeper = loop.create_task(self._sweep())

    async def close(self) -> None:
        """Stop listening and end all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_SWEEP)
            now = loop.time()
            for connection in tuple(self._connections):
                if connection.expired(now):
                    connection.close()
