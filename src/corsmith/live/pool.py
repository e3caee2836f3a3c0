"""Connections that wait for another exchange, as browsers keep them, and the exchanges on them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser.url import Url

from .connection import Closed, Connection
from .dial import Dials, Unreachable
from .exchange import WITHOUT_EFFECTS, Guard, not_followed
from .wire import NotHttp, decoded

Told = Callable[[Response | NetworkFailure | None, str], None]
"""Takes an answer, and the address that it came from."""
_BODY_WITHIN = 2.0
"""Seconds that a body may still take once the head is there: a stream without end is no failure."""


class Pool:
    """Opens connections, and keeps those that can be used again: at most `most`, the ones used last."""

    def __init__(self, dialer: Dials, most: int = 64) -> None:
        self._dialer = dialer
        self._most = most
        self._idle: OrderedDict[str, list[Connection]] = OrderedDict()
        self._count = 0

    async def carry(self, url: Url, method: str, raw: bytes, timeout: float, guard: Guard) -> Response | NetworkFailure:
        """Send a request's bytes on a connection that waits, or on a new one, and return the answer."""
        waiting = self._waiting(url)
        if waiting is not None and method not in WITHOUT_EFFECTS:
            # It may just have been closed, and what may have effects is not sent into that doubt. Nor is it left open: a
            # server that serves one connection at a time would not see the next.
            waiting.close()
            waiting = None
        if waiting is not None:
            answer = await self._talk(url, method, waiting, raw, timeout, guard)
            if not (isinstance(answer, NetworkFailure) and waiting.lost and waiting.silent):
                return answer
        try:
            async with asyncio.timeout(timeout):
                connection = await self._dialer.connect(url)
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not accept a connection within {timeout:g} s.")
        except Unreachable as error:
            return NetworkFailure(str(error))
        return await self._talk(url, method, connection, raw, timeout, guard)

    def begin(self, url: Url, method: str, raw: bytes, timeout: float, told: Told) -> bool:
        """Do the same without waiting, for a method without effects, on a connection that waits; False where none does.

        `told` gets the answer, or None where the server has closed that connection meanwhile.
        """
        connection = self._waiting(url)
        if connection is None:
            return False

        def done() -> None:
            answer = self._answer(url, method, connection, timeout)
            closed = isinstance(answer, NetworkFailure) and connection.lost and connection.silent
            told(None if closed else answer, connection.peer)

        connection.begin(raw, method, timeout, min(_BODY_WITHIN, timeout), done)
        return True

    def close(self) -> None:
        """Close every connection that waits."""
        while self._count:
            self._close_oldest()

    async def _talk(
        self, url: Url, method: str, connection: Connection, raw: bytes, timeout: float, guard: Guard
    ) -> Response | NetworkFailure:
        inward = guard(connection.peer)
        if inward:
            connection.close()
            return not_followed(url, inward)
        try:
            with suppress(TimeoutError, NotHttp, Closed):
                await connection.ask(raw, method, head_within=timeout, body_within=min(_BODY_WITHIN, timeout))
        except asyncio.CancelledError:
            connection.close()
            raise
        return self._answer(url, method, connection, timeout)

    def _answer(self, url: Url, method: str, connection: Connection, timeout: float) -> Response | NetworkFailure:
        """Return what came of the last request on a connection, and keep or close that."""
        try:
            answer = connection.answer()
        except TimeoutError:
            return NetworkFailure(f"{url.host} did not answer the {method} within {timeout:g} s.")
        except NotHttp as error:
            return NetworkFailure(f"{url.host} does not answer in HTTP/1.1: {error}.")
        except Closed:
            return NetworkFailure(f"{url.host} closed the connection without answering the {method}.")
        finally:
            self._give_back(url, connection)
        assert answer.head is not None, "an answer without a head is none"
        return Response(answer.head.status, answer.head.headers, decoded(bytes(answer.body), answer.head.headers))

    def _waiting(self, url: Url) -> Connection | None:
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

    def _give_back(self, url: Url, connection: Connection) -> None:
        """Keep a connection if it can be used again, close it otherwise."""
        if not connection.reusable:
            connection.close()
            return
        idle = self._idle.get(url.origin)
        if idle is None:
            self._idle[url.origin] = [connection]
        else:
            idle.append(connection)
            self._idle.move_to_end(url.origin)
        self._count += 1
        if self._count > self._most:
            self._close_oldest()

    def _close_oldest(self) -> None:
        origin, idle = next(iter(self._idle.items()))
        idle.pop(0).close()
        self._count -= 1
        if not idle:
            del self._idle[origin]
