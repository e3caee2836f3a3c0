"""One process that runs one function, and talks to a Runtime API of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from msgspec import Struct

from corsmith.gateways.asks import Failed, InvokeResult, TimedOut

from .alarms import Alarms
from .logs import Logs
from .runtime_api import Event, RuntimeApi

INIT_LIMIT = 10.0
"""Seconds that a module may take to load (AWS, "Lambda runtime environment", init phase)."""


class Command(Struct, frozen=True):
    """How a function is started: arguments, working folder and the whole environment."""

    argv: tuple[str, ...]
    folder: str
    environment: tuple[tuple[str, str], ...]


class _Life(asyncio.SubprocessProtocol):
    """What is heard of a process: its output, its end, and the end of its output, which whatever it started may hold open."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.silent: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Keep what it wrote."""
        del fd
        self._logs.add(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Hear that nobody writes any more."""
        del fd, exc
        if not self.silent.done():
            self.silent.set_result(None)

    def process_exited(self) -> None:
        """Hear that it has ended."""
        if not self.ended.done():
            self.ended.set_result(None)


class FunctionProcess:
    """A running process. `on_idle` is called with it whenever it waits for an event, `on_exit` once when it has ended."""

    def __init__(
        self,
        logs: Logs,
        on_idle: Callable[[FunctionProcess], None],
        on_exit: Callable[[FunctionProcess], None],
    ) -> None:
        self._logs = logs
        self._on_exit = on_exit
        self._api = RuntimeApi(lambda: on_idle(self), self._posted)
        self._process: asyncio.SubprocessTransport | None = None
        self._exit: asyncio.Task[int] | None = None
        self._alarms: Alarms[FunctionProcess] = Alarms(FunctionProcess._time_over)
        self._since: float | None = None

    @property
    def alive(self) -> bool:
        """Whether the process is running."""
        return self._exit is not None and not self._exit.done()

    async def start(self, command: Command) -> Failed | None:
        """Start the process and wait until its module has loaded; return what went wrong."""
        address = await self._api.start()
        try:
            self._process, life = await asyncio.get_running_loop().subprocess_exec(
                lambda: _Life(self._logs),
                *command.argv,
                cwd=command.folder,
                env={**dict(command.environment), "AWS_LAMBDA_RUNTIME_API": address},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            await self._api.close()
            return Failed("init", f"{command.argv[0]} cannot be started: {error.strerror or error}")
        except asyncio.CancelledError:
            await self._api.close()
            raise
        self._exit = asyncio.get_running_loop().create_task(self._ended(self._process, life))
        await asyncio.wait((self._api.ready, self._exit), timeout=INIT_LIMIT, return_when=asyncio.FIRST_COMPLETED)
        if self._api.ready.done():
            return self._api.ready.result()
        if self._exit.done():
            return Failed("exit", f"the process ended with status {self._exit.result()} while it loaded the module")
        self.kill()
        return Failed("init", f"the module did not load within {INIT_LIMIT:g} s")

    def invoke(self, event: Event, timeout: float, answer: asyncio.Future[InvokeResult]) -> None:
        """Run the handler once, and put what comes of it into `answer`; after `timeout` seconds the process is killed."""
        self._since = asyncio.get_running_loop().time()
        self._alarms.set(self, self._since + timeout)
        self._api.send(event, answer)

    def busy_for(self, now: float) -> float:
        """Return for how many seconds the handler has been running at the loop's time `now`."""
        return 0.0 if self._since is None else now - self._since

    def _posted(self) -> None:
        self._since = None
        self._alarms.clear(self)

    def _time_over(self) -> None:
        self._api.settle(TimedOut())
        self.kill()

    def kill(self) -> None:
        """End the process and whatever it started."""
        if self._process is not None and self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.get_pid(), signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until the process has ended and its address is closed."""
        if self._exit is not None:
            await asyncio.wait((self._exit,))

    async def _ended(self, process: asyncio.SubprocessTransport, life: _Life) -> int:
        try:
            await life.ended
            status = process.get_returncode() or 0
            self._since = None
            self._alarms.close()
            self._api.settle(Failed("exit", f"the process ended with status {status} before it answered"))
            # What it started may live on and hold the pipe open.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.get_pid(), signal.SIGKILL)
            await asyncio.wait((life.silent,), timeout=0.5)
        finally:
            process.close()
        await self._api.close()
        self._on_exit(self)
        return status
