"""The local gateway in a thread of its own, for tests and scripts."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from types import TracebackType
from typing import Any

from corsmith.api.exchange import Request, Response
from corsmith.api.model import FrontDoor

from .loop import run
from .opinions import Opinions
from .server import Address, Options, Server

KEPT = 200
"""Messages and exchanges that are kept; the oldest go."""


class LocalGateway:
    """Serves a project while the `with` block runs.

    ```python
    with LocalGateway("examples/storefront") as gateway:
        print(gateway.urls["ShopApi"])
    ```

    Keyword arguments are the fields of `Options`; the port is any free one unless it is given. `told` holds what the
    command would have printed for people, `exchanges` the requests with their responses, the last `KEPT` of each.
    """

    def __init__(self, target: str, **options: Any) -> None:
        self._options = Options(target, **{"port": 0, **options})
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready: Future[tuple[Address, ...]] = Future()
        self._stop: asyncio.Event | None = None
        self.addresses: tuple[Address, ...] = ()
        self.told: deque[str] = deque(maxlen=KEPT)
        self.exchanges: deque[tuple[FrontDoor, Request, Response]] = deque(maxlen=KEPT)

    @property
    def urls(self) -> dict[str, str]:
        """The address of each front door by its logical id, with the stage, without a slash at the end."""
        return {address.api: address.url for address in self.addresses}

    def __enter__(self) -> LocalGateway:
        """Start; return when every front door listens. Raises what `Server.start` raises."""
        self._thread = threading.Thread(target=lambda: run(self._serve()), name="corsmith dev", daemon=True)
        self._thread.start()
        self.addresses = self._ready.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop, and return when every function has ended."""
        assert self._loop is not None
        assert self._stop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        opinions = Opinions(self._options.settings)
        server = Server(self._options, self.told.append, lambda *exchange: self.exchanges.append(exchange), opinions)
        try:
            await server.start()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits in __enter__
            self._ready.set_exception(error)
            return
        self._ready.set_result(server.addresses)
        try:
            await self._stop.wait()
        finally:
            await server.close()
