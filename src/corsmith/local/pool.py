"""The processes of one function: kept warm, and more of them where calls have to wait.

On AWS every call that comes while others run gets an environment of its own. Here a call first waits for `PATIENCE`:
a handler that answers in milliseconds then needs one process only, a slow one gets more, up to `MOST`.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import deque
from typing import Any

from corsmith.gateways.asks import Failed, InvokeResult, Slow, Throttled

from .logs import Logs
from .process import Command, FunctionProcess
from .runtime_api import Event

PATIENCE = 0.1
"""Seconds."""

MOST = 10
"""Processes of one function."""

MOST_WAITING = 1000
"""Calls of one function that wait for a process; more are throttled."""


class Pool:
    """Runs one function. `timeout` is the function's own limit in seconds."""

    def __init__(self, name: str, command: Command, timeout: float) -> None:
        self.name = name
        self.logs = Logs()
        self._command = command
        self._timeout = timeout
        self._arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        self._idle: list[FunctionProcess] = []
        self._all: set[FunctionProcess] = set()
        self._waiters: deque[asyncio.Future[FunctionProcess | Failed]] = deque()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._retired = False

    @property
    def running(self) -> int:
        """How many processes there are."""
        return len(self._all)

    async def invoke(self, event: dict[str, Any], limit: float) -> InvokeResult:
        """Run the function with `event`.

        `limit` is the caller's own, in seconds: after it the caller hears `Slow`, and the function runs on.
        """
        task = asyncio.get_running_loop().create_task(self._invoke(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        done, _ = await asyncio.wait((task,), timeout=limit)
        return task.result() if done else Slow()

    async def _invoke(self, event: dict[str, Any]) -> InvokeResult:
        if len(self._waiters) >= MOST_WAITING:
            return Throttled()
        process = await self._acquire()
        if isinstance(process, Failed):
            return process
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        deadline = int((time.time() + self._timeout) * 1000)
        return await process.invoke(Event(str(uuid.uuid4()), self._arn, body, deadline), self._timeout)

    async def _acquire(self) -> FunctionProcess | Failed:
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[FunctionProcess | Failed] = loop.create_future()
        self._waiters.append(waiter)
        if self._all:
            loop.call_later(PATIENCE, self._grow, waiter)
        else:
            self._grow(waiter)
        return await waiter

    def _grow(self, waiter: asyncio.Future[FunctionProcess | Failed]) -> None:
        if not waiter.done() and len(self._all) < MOST:
            process = FunctionProcess(self.logs, self._free, self._gone)
            self._all.add(process)
            task = asyncio.get_running_loop().create_task(self._start(process))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _start(self, process: FunctionProcess) -> None:
        failed = await process.start(self._command)
        if failed is not None:
            process.kill()
            self._all.discard(process)
            # Whoever waits would meet the same.
            while self._waiters:
                _settle(self._waiters.popleft(), failed)

    def _free(self, process: FunctionProcess) -> None:
        if self._retired and not self._waiters:
            process.kill()
            return
        while self._waiters:
            if _settle(self._waiters.popleft(), process):
                return
        self._idle.append(process)

    def _gone(self, process: FunctionProcess) -> None:
        self._all.discard(process)
        if process in self._idle:
            self._idle.remove(process)
        waiter = next((waiter for waiter in self._waiters if not waiter.done()), None)
        if waiter is not None and not self._all:
            self._grow(waiter)

    def retire(self) -> None:
        """Let calls that are under way end, and take no process further than that."""
        self._retired = True
        while self._idle:
            self._idle.pop().kill()

    async def close(self) -> None:
        """Kill every process and wait until it is gone."""
        self._retired = True
        processes = tuple(self._all)
        for task in tuple(self._tasks):
            task.cancel()
        for process in processes:
            process.kill()
        for process in processes:
            await process.gone()


def _settle(waiter: asyncio.Future[FunctionProcess | Failed], outcome: FunctionProcess | Failed) -> bool:
    if waiter.done():
        return False
    waiter.set_result(outcome)
    return True
