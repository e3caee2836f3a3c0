"""The processes of one function: kept warm, and more of them where calls have to wait.

On AWS every call that comes while others run gets an environment of its own. Here a call first waits for `PATIENCE`:
a handler that answers in milliseconds then needs one process only, a slow one gets more, up to `MOST`. Where no handler is
slow, it is the machine that is busy: then more processes would only make it busier, and a call waits up to `LONGEST`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any

from msgspec import Struct
from msgspec.json import Encoder

from corsmith.gateways.asks import InvokeResult, Slow, Throttled

from .alarms import Alarms
from .eager import Answer
from .logs import Logs
from .process import Command, FunctionProcess
from .repeated import request_id
from .runtime_api import Event

PATIENCE = 0.1
"""Seconds."""

SLOW = 0.05
"""Seconds after which a handler counts as slow."""

LONGEST = 0.5
"""Seconds after which a call gets a process in any case."""

MOST = 10
"""Processes of one function."""

TIDY_AFTER = 30.0
"""Seconds; processes that were not needed for so long are ended, all but one."""

MOST_WAITING = 1000
"""Calls of one function that wait for a process; more are throttled."""

_ENCODER = Encoder()


class _Call(Struct, frozen=True, eq=False):
    body: bytes
    answer: Answer[InvokeResult]


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
        self._ending: set[FunctionProcess] = set()
        self._waiting: deque[_Call] = deque()
        self._limits: Alarms[_Call] = Alarms(lambda call: _settle(call.answer, Slow()))
        self._starting: set[asyncio.Task[None]] = set()
        self._unused = 0
        self._tidying: asyncio.TimerHandle | None = None
        self._retired = False

    @property
    def running(self) -> int:
        """How many processes there are."""
        return len(self._all)

    async def invoke(self, event: dict[str, Any], limit: float) -> InvokeResult:
        """Run the function with `event`.

        `limit` is the caller's own, in seconds: after it the caller hears `Slow`, and the function runs on.
        """
        if len(self._waiting) >= MOST_WAITING:
            return Throttled()
        loop = asyncio.get_running_loop()
        call = _Call(_as_json(event), Answer())
        self._limits.set(call, loop.time() + limit)
        if self._idle:
            self._run(self._idle.pop(), call)
            self._unused = min(self._unused, len(self._idle))
        else:
            self._waiting.append(call)
            if self._all:
                loop.call_later(PATIENCE, self._consider, call, loop.time())
            else:
                self._grow(call)
        try:
            return await call.answer
        finally:
            self._limits.clear(call)

    def _run(self, process: FunctionProcess, call: _Call) -> None:
        deadline = int((time.time() + self._timeout) * 1000)
        process.invoke(Event(request_id(), self._arn, call.body, deadline), self._timeout, call.answer)

    def _consider(self, call: _Call, since: float) -> None:
        if call.answer.done() or call not in self._waiting:
            return
        now = asyncio.get_running_loop().time()
        if now - since >= LONGEST or any(process.busy_for(now) >= SLOW for process in self._all):
            self._grow(call)
        else:
            asyncio.get_running_loop().call_later(PATIENCE, self._consider, call, since)

    def _grow(self, call: _Call) -> None:
        if call in self._waiting and not call.answer.done() and len(self._all) < MOST:
            process = FunctionProcess(self.logs, self._free, self._gone)
            self._all.add(process)
            if self._tidying is None and len(self._all) > 1:
                self._tidying = asyncio.get_running_loop().call_later(TIDY_AFTER, self._tidy)
            task = asyncio.get_running_loop().create_task(self._start(process))
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self, process: FunctionProcess) -> None:
        failed = await process.start(self._command)
        if failed is not None:
            process.kill()
            self._all.discard(process)
            if process.alive:
                self._ending.add(process)
            # Whoever waits would meet the same.
            while self._waiting:
                _settle(self._waiting.popleft().answer, failed)

    def _free(self, process: FunctionProcess) -> None:
        while self._waiting:
            call = self._waiting.popleft()
            if not call.answer.done():
                self._run(process, call)
                return
        if self._retired:
            process.kill()
        else:
            self._idle.append(process)

    def _gone(self, process: FunctionProcess) -> None:
        self._all.discard(process)
        self._ending.discard(process)
        if process in self._idle:
            self._idle.remove(process)
        if not self._all:
            for call in tuple(self._waiting):
                # The first that still waits starts the next process; it is there for the others too.
                if not call.answer.done():
                    self._grow(call)
                    return

    def _tidy(self) -> None:
        # The last that became idle is taken first, so the first ones of the list are those that nobody needed.
        for process in self._idle[: min(self._unused, len(self._all) - 1)]:
            process.kill()
        self._unused = len(self._idle)
        more = len(self._all) > 1 and not self._retired
        self._tidying = asyncio.get_running_loop().call_later(TIDY_AFTER, self._tidy) if more else None

    def retire(self) -> None:
        """Let calls that are under way end, and take no process further than that."""
        self._retired = True
        while self._idle:
            self._idle.pop().kill()

    async def close(self) -> None:
        """Kill every process and wait until it is gone."""
        self._retired = True
        if self._tidying is not None:
            self._tidying.cancel()
        self._limits.close()
        self._waiting.clear()
        processes = (*self._all, *self._ending)
        for task in tuple(self._starting):
            task.cancel()
        for process in processes:
            process.kill()
        for process in processes:
            await process.gone()


def _as_json(event: dict[str, Any]) -> bytes:
    try:
        return _ENCODER.encode(event)
    except UnicodeEncodeError:
        # Half a surrogate pair, which only a header or path of odd bytes can hold.
        return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _settle(answer: asyncio.Future[InvokeResult], result: InvokeResult) -> None:
    if not answer.done():
        answer.set_result(result)
