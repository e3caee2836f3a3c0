"""One front door of the local gateway: HTTP requests in, what AWS would answer out."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Generator

from msgspec import Struct

from corsmith.api.exchange import Request, Response
from corsmith.api.model import FrontDoor
from corsmith.api.value import Undecided
from corsmith.gateways import Answered, Ask, Authorize, Circumstances, Told, answer

from .authorize import Judge
from .functions import Functions, Tell
from .message import Incoming, Limits, Outgoing

_LOG = logging.getLogger(__name__)
_TOO_LARGE = bytes(Limits().body + 1)
"""Stands in for a body that was not kept: the front door only asks for its length."""

_PLAIN = (("content-type", "text/plain; charset=utf-8"),)

Seen = Callable[[FrontDoor, Request, Response], None]
"""Is told of every exchange."""


class Services(Struct, frozen=True):
    """What front doors call on: functions to invoke, a judge of callers, and who is told what happened."""

    functions: Functions
    judge: Judge
    tell: Tell
    watchers: tuple[Seen, ...]


class Gateway:
    """Answers for `front_door`, which may be exchanged at any time. `address` is `http://127.0.0.1:PORT`.

    `withdrawn`: the front door is no longer in the template.
    """

    def __init__(self, front_door: FrontDoor, services: Services) -> None:
        self.front_door = front_door
        self.withdrawn = False
        self.address = ""
        self._services = services

    def handle(self, incoming: Incoming) -> Outgoing | Awaitable[Outgoing]:
        """Return the answer: at once where the front door alone decides, else when the functions have run."""
        if self.withdrawn:
            return Outgoing(404, _PLAIN, f"{self.front_door.name} is no longer in the template\n".encode())
        request = self._request(incoming)
        asking = answer(self.front_door, request, self._circumstances())
        try:
            ask = next(asking)
        except StopIteration as stop:
            return self._answered(request, stop.value)
        except Undecided as undecided:
            return self._undecided(request, undecided)
        return self._drive(request, asking, ask)

    async def _drive(self, request: Request, asking: Generator[Ask, Told, Answered], ask: Ask) -> Outgoing:
        try:
            while True:
                ask = asking.send(await self._do(ask))
        except StopIteration as stop:
            return self._answered(request, stop.value)
        except Undecided as undecided:
            return self._undecided(request, undecided)

    async def _do(self, ask: Ask) -> Told:
        if isinstance(ask, Authorize):
            return await self._services.judge.decide(self.front_door, ask)
        return await self._services.functions.invoke(ask.function, ask.event, ask.timeout_ms / 1000)

    def _request(self, incoming: Incoming) -> Request:
        target = incoming.target
        if not target.startswith("/"):
            # The absolute form, which any server has to accept (RFC 9112, 3.2.2).
            _, _, rest = target.partition("://")
            target = "/" + rest.partition("/")[2]
        body = _TOO_LARGE if incoming.too_large else incoming.body
        return Request(incoming.method, self.address + target, incoming.headers, body)

    def _circumstances(self) -> Circumstances:
        return Circumstances(
            api_keys=self._services.judge.api_keys(self.front_door),
            source_ip="127.0.0.1",
            request_id=str(uuid.uuid4()),
            time_ms=int(time.time() * 1000),
        )

    def _answered(self, request: Request, answered: Answered) -> Outgoing:
        response = answered.response
        try:
            for seen in self._services.watchers:
                seen(self.front_door, request, response)
        except Exception:  # noqa: BLE001 - whoever only watches must not change the answer
            _LOG.exception("the exchange could not be logged")
        return Outgoing(response.status, response.headers, response.body)

    def _undecided(self, request: Request, undecided: Undecided) -> Outgoing:
        path = request.url.removeprefix(self.address)
        self._services.tell(f"{request.method} {path} cannot be answered: {undecided.because}")
        body = json.dumps({"message": f"corsmith dev does not know the answer: {undecided.because}"}).encode()
        return Outgoing(500, (("content-type", "application/json"), ("x-corsmith", "undecided")), body)
