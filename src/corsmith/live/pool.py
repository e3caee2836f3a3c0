"""Connections that wait for another exchange, as browsers keep them."""

from __future__ import annotations

from collections import OrderedDict

from corsmith.browser.url import Url

from .connection import Connection
from .dial import Dials


class Pool:
    """Opens connections, and keeps those that can be used again: at most `most`, the ones used last."""

    def __init__(self, dialer: Dials, most: int = 64) -> None:
        self._dialer = dialer
        self._most = most
        self._idle: OrderedDict[str, list[Connection]] = OrderedDict()
        self._count = 0

    def waiting(self, url: Url) -> Connection | None:
        """Take a connection to the server of `url` that waits, None where none does."""
        idle = self._idle.get(url.origin)
        while idle:
            connection = idle.pop()
            self._count -= 1
            if not idle:
                del self._idle[url.origin]
            if connection.reusable:
                return connection
            connection.close()
        return None

    async def fresh(self, url: Url) -> Connection:
        """Open a connection to the server of `url`. Raises `Unreachable`."""
        return await self._dialer.connect(url)

    def give_back(self, url: Url, connection: Connection) -> None:
        """Keep a connection if it can be used again, close it otherwise."""
        if not connection.reusable:
            connection.close()
            return
        self._idle.setdefault(url.origin, []).append(connection)
        self._idle.move_to_end(url.origin)
        self._count += 1
        if self._count > self._most:
            self._close_oldest()

    def close(self) -> None:
        """Close every connection that waits."""
        while self._count:
            self._close_oldest()

    def _close_oldest(self) -> None:
        origin, idle = next(iter(self._idle.items()))
        idle.pop(0).close()
        self._count -= 1
        if not idle:
            del self._idle[origin]
