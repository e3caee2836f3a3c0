"""Working a list off: a bounded number of calls at a time, and a bounded number that were read and wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Generic, TypeVar

from msgspec import Struct

from corsmith.browser.origin import is_loopback

from ..record import Heard
from .lane import Left
from .listed import Listed, listed
from .turns import Turns

Result = TypeVar("Result")
_is_this_machine = lru_cache(maxsize=1024)(is_loopback)
Rest = Callable[[Listed, float], Awaitable[None]]
"""Waits so many seconds, in which nobody calls the server of this call."""


class Limits(Struct, frozen=True):
    """`concurrency`: calls at a time in all; `per_host`: for one server, unless it is this machine."""

    concurrency: int = 32
    per_host: int = 6
    """As many as a browser opens to one server."""

    def most(self, host: str) -> int | None:
        """Return how many calls a server takes at a time, None for as many as there are."""
        return None if _is_this_machine(host) else self.per_host

    @property
    def window(self) -> int:
        """How many calls may wait: a list that names one server many times in a row must not stop the others."""
        return self.concurrency * 32


Over = Callable[[Listed, Result], Listed | None]
"""Takes what came of a call, and returns the next one whose server is free, None where no more waits."""
Lanes = Callable[[Over[Result]], Callable[[Listed], Awaitable[Left]]]
"""Gives what makes calls without judging them, as far as it can."""
Judges = Callable[[Listed, list[Heard], Rest], Awaitable[Result]]
"""Makes a call, going on from what it was answered. It may let the server rest."""


async def run(
    source: AsyncIterator[list[str]],
    limits: Limits,
    judge: Judges[Result],
    emit: Callable[[Result], None],
    wants: Callable[[Listed], bool],
    lanes: Lanes[Result] | None = None,
) -> None:
    """Judge every call of the list that `wants` says yes to; `emit` takes each result when it is there.

    What `judge` or `emit` raises ends the run.
    """
    work = _Work(limits, judge, emit, lanes)
    async with asyncio.TaskGroup() as group:
        async for lines in source:
            for line in lines:
                call = listed(line)
                if call is not None and wants(call):
                    await work.add(call, group)


async def _none(call: Listed) -> Left:
    """Leave every call to be judged."""
    return call, []


class _Work(Generic[Result]):
    """Calls under way."""

    def __init__(
        self,
        limits: Limits,
        judge: Judges[Result],
        emit: Callable[[Result], None],
        lanes: Lanes[Result] | None,
    ) -> None:
        self._limits = limits
        self._judge = judge
        self._emit = emit
        self._lanes = lanes
        self._turns = Turns(limits.most)
        self._running = 0
        self._room = asyncio.Event()

    async def add(self, call: Listed, group: asyncio.TaskGroup) -> None:
        """Begin a call, or let it wait; come back when there is room for another one."""
        self._turns.add(call)
        while self._running < self._limits.concurrency:
            turn = self._turns.next()
            if turn is None:
                break
            self._running += 1
            group.create_task(self._calls(turn))
        while self._turns.waiting >= self._limits.window:
            self._room.clear()
            await self._room.wait()

    async def _calls(self, call: Listed | None) -> None:
        """Make one call after the other while any waits whose server is free."""
        lane = _none if self._lanes is None else self._lanes(self._over)
        try:
            while call is not None:
                call, heard = await lane(call)
                if call is not None:
                    call = self._over(call, await self._judge(call, heard, self._rest))
        finally:
            self._running -= 1

    def _over(self, call: Listed, result: Result) -> Listed | None:
        self._emit(result)
        self._turns.done(call)
        following = self._turns.next()
        if self._turns.waiting < self._limits.window:
            self._room.set()
        return following

    async def _rest(self, call: Listed, seconds: float) -> None:
        self._turns.rest(call.host)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._turns.wake(call.host)
