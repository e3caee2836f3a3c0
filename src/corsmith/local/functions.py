"""The project's functions by logical id, each with its processes."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from corsmith.api.function import Function
from corsmith.api.value import Known
from corsmith.gateways.asks import Failed, InvokeResult, Slow, TimedOut

from .launch import CannotStart, Interpreters, command, remarks
from .leftovers import end_marked
from .pool import Pool
from .stream import Streaming, whole

DEFAULT_TIMEOUT = 3
"""Seconds (AWS::Lambda::Function, Timeout)."""

MARK = "AWS_LAMBDA_LOG_STREAM_NAME"
"""The variable by which processes are known that functions started and left behind."""

_LOOKS, _QUIET_LOOKS = 50, 5

Tell = Callable[[str], None]
"""Takes a message for the person at the terminal."""


class Functions:
    """Runs functions on demand. `tell` is told what went wrong in them.

    `clock`: how many seconds of time limits pass in one.
    """

    def __init__(
        self, functions: tuple[Function, ...], interpreters: Interpreters, tell: Tell, clock: float = 1.0
    ) -> None:
        self._defined = {function.name: function for function in functions}
        self._interpreters = interpreters
        self._tell = tell
        self._clock = clock
        self._pools: dict[str, Pool] = {}
        self._retired: list[Pool] = []
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._telling: set[asyncio.Task[None]] = set()
        self._log_stream = f"[$LATEST]{secrets.token_hex(16)}"

    async def invoke(self, name: str, event: dict[str, Any], limit: float) -> InvokeResult:
        """Run the function with that logical id; return what it comes to when its response is complete."""
        result = await self.stream(name, event, limit)
        if not isinstance(result, Streaming):
            return result
        reading = asyncio.get_running_loop().create_task(whole(result))
        done, _ = await asyncio.wait((reading,), timeout=limit / self._clock)
        if done:
            return reading.result()
        reading.cancel()
        return Slow()

    async def stream(self, name: str, event: dict[str, Any], limit: float) -> InvokeResult:
        """Run the function with that logical id; a response that it streams is returned when its head is known."""
        pool = self._pools.get(name)
        if pool is None:
            try:
                pool = self._pools[name] = self._pool(name)
            except CannotStart as problem:
                self._tell(f"{name} cannot run: {problem}")
                return Failed("init", str(problem))
        mark = pool.logs.written
        result = await pool.invoke(event, limit / self._clock)
        if isinstance(result, Failed | TimedOut):
            telling = asyncio.get_running_loop().create_task(self._tell_failure(pool, result, mark))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)
        return result

    async def _tell_failure(self, pool: Pool, result: Failed | TimedOut, mark: int) -> None:
        # What the process wrote last may still be on its way through the pipe.
        quiet = 0
        for _ in range(_LOOKS):
            before = pool.logs.written
            await asyncio.sleep(0.02)
            quiet = quiet + 1 if pool.logs.written == before else 0
            if quiet == _QUIET_LOOKS:
                break
        self._tell(f"{pool.name} {_said(result)}\n{_indented(pool.logs.since(mark))}".rstrip())

    def _pool(self, name: str) -> Pool:
        function = self._defined.get(name)
        if function is None:
            raise CannotStart("the project does not define it")
        for remark in remarks(function):
            self._tell(f"{name}: {remark}")
        timeout = function.timeout.value if isinstance(function.timeout, Known) else DEFAULT_TIMEOUT
        try:
            if self._scratch is None:
                self._scratch = tempfile.TemporaryDirectory(prefix="corsmith-", ignore_cleanup_errors=True)
            how = command(function, self._interpreters, os.environ, Path(self._scratch.name))
        except OSError as error:
            raise CannotStart(f"a temporary file cannot be written: {error.strerror or error}") from None
        marked = replace(how, environment=(*how.environment, (MARK, self._log_stream)))
        return Pool(name, marked, timeout / self._clock)

    def redefine(self, functions: tuple[Function, ...], changed: frozenset[str]) -> None:
        """Take new definitions; those in `changed`, or defined otherwise than before, start afresh."""
        before, self._defined = self._defined, {function.name: function for function in functions}
        for name in tuple(self._pools):
            if name in changed or self._defined.get(name) != before.get(name):
                pool = self._pools.pop(name)
                pool.retire()
                self._retired = [*(each for each in self._retired if each.running), pool]

    async def close(self) -> None:
        """End all processes, and tell what is still to be told."""
        await asyncio.gather(*self._telling)
        await asyncio.gather(*(pool.close() for pool in (*self._pools.values(), *self._retired)))
        if self._pools or self._retired:
            await asyncio.to_thread(end_marked, f"{MARK}={self._log_stream}")
        if self._scratch is not None:
            self._scratch.cleanup()


def _said(result: Failed | TimedOut) -> str:
    if isinstance(result, TimedOut):
        return "ran into its Timeout and was ended"
    return f"failed ({result.kind}): {result.message or 'no message'}"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
