"""A connection to a server: one exchange after another, with a time limit for each part of the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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
        self._loop = asyncio.get_running_loop()
        self._done: Callable[[], None] | None = None
        self._late = False
        self._body_within = 0.0
        self._deadline = 0.0
        self._alarm: asyncio.TimerHandle | None = None

    async def ask(self, raw: bytes, method: str, *, head_within: float, body_within: float) -> Incoming:
        """Send a request's bytes and return the answer: its head, and what came of its body in time (seconds).

        Raises `NotHttp`, `Closed` and `TimeoutError` where no head comes.
        """
        waiter = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not waiter.done():
                waiter.set_result(None)

        self.begin(raw, method, head_within, body_within, wake)
        try:
            await waiter
        finally:
            self._done = None
        return self.answer()

    def begin(self, raw: bytes, method: str, head_within: float, body_within: float, done: Callable[[], None]) -> None:
        """Send a request's bytes; `done` is called when no more of the answer comes, or is waited for."""
        assert self._transport is not None, "the connection was made"
        self._incoming = Incoming(method)
        self._late = False
        self._body_within = body_within
        self._done = done
        if self.lost:
            self._finish()
            return
        self._transport.write(raw)
        self._set_alarm(head_within)

    def answer(self) -> Incoming:
        """Return what came of the request before. Raises `NotHttp`, `Closed` and `TimeoutError` where no head did."""
        incoming = self._incoming
        if self._broken is not None:
            raise self._broken
        if incoming is None or incoming.head is None:
            raise TimeoutError if self._late else Closed
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
        if self._broken is not None or incoming.done:
            self._finish()
        elif incoming.head is not None and not had_head:
            self._set_alarm(self._body_within)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        del exc
        self.lost = True
        self._silence()
        if self._incoming is not None:
            self._incoming.end()
        self._finish()

    def eof_received(self) -> bool:
        """The other side sends no more: the connection is over."""
        return False

    def _finish(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            done()

    def _set_alarm(self, seconds: float) -> None:
        # One alarm serves many exchanges: most end long before it rings.
        loop = self._loop
        self._deadline = loop.time() + seconds
        if self._alarm is None or self._alarm.when() > self._deadline:
            self._silence()
            self._alarm = loop.call_at(self._deadline, self._ring)

    def _ring(self) -> None:
        self._alarm = None
        if self._done is None:
            return
        if self._loop.time() < self._deadline:
            self._alarm = self._loop.call_at(self._deadline, self._ring)
        else:
            self._late = True
            self._finish()

    def _silence(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
