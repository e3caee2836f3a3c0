"""A connection to a server: one exchange after another, with a time limit for each part of the answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import cast

from .incoming import Incoming
from .wire import NotHttp


class Closed(Exception):  # noqa: N818 - it names the state of the connection
    """The connection ended before the head of the answer was there."""


class Connection(asyncio.Protocol):
    """One connection. `lost`: the other side has let go."""

    def __init__(self) -> None:
        self.lost = False
        self._peer = ""
        self._transport: asyncio.Transport | None = None
        self._incoming: Incoming | None = None
        self._broken: NotHttp | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._deadline = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    async def ask(self, raw: bytes, method: str, *, head_within: float, body_within: float) -> Incoming:
        """Send a request's bytes and return the answer: its head, and what came of its body in time (seconds).

        Raises `NotHttp`, `Closed` and `TimeoutError` where no head comes.
        """
        assert self._transport is not None, "the connection was made"
        incoming = self._incoming = Incoming(method)
        self._transport.write(raw)
        await self._wait(head_within)
        if self._broken is not None:
            raise self._broken
        if incoming.head is None:
            raise Closed
        if not incoming.done:
            with suppress(TimeoutError):
                await self._wait(body_within)
        return incoming

    @property
    def reusable(self) -> bool:
        """Whether another exchange can follow on this connection."""
        incoming = self._incoming
        return not self.lost and incoming is not None and incoming.done and incoming.reusable

    @property
    def silent(self) -> bool:
        """Whether not a byte has come in answer to what was sent last."""
        return self._incoming is not None and self._incoming.silent

    @property
    def peer(self) -> str:
        """The address of the other side."""
        return self._peer

    def close(self) -> None:
        """Let go at once: how a connection ends says nothing more."""
        self.lost = True
        self._silence()
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        self._peer = str(name[0]) if name else ""

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        incoming = self._incoming
        if incoming is None or self._broken is not None:
            self.lost = True
            return
        had_head = incoming.head is not None
        try:
            incoming.feed(data)
        except NotHttp as error:
            self._broken = error
        if self._broken is not None or incoming.done or (incoming.head is not None and not had_head):
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        del exc
        self.lost = True
        self._silence()
        if self._incoming is not None:
            self._incoming.end()
        self._wake()

    def eof_received(self) -> bool:
        """The other side sends no more: the connection is over."""
        return False

    async def _wait(self, seconds: float) -> None:
        if self.lost:
            return
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        self._deadline = loop.time() + seconds
        # One alarm serves many exchanges: most end long before it rings.
        if self._alarm is None or self._alarm.when() > self._deadline:
            self._silence()
            self._alarm = loop.call_at(self._deadline, self._ring)
        try:
            await waiter
        finally:
            self._waiter = None

    def _ring(self) -> None:
        self._alarm = None
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        loop = waiter.get_loop()
        if loop.time() < self._deadline:
            self._alarm = loop.call_at(self._deadline, self._ring)
        else:
            waiter.set_exception(TimeoutError())

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
