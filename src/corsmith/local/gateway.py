"""One front door of the local gateway: HTTP requests in, what AWS would answer out."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import aclosing

from msgspec import Struct
from msgspec.structs import replace

from corsmith.api.exchange import Headers, Request, Response
from corsmith.api.model import FrontDoor
from corsmith.api.value import Undecided
from corsmith.gateways import Answered, Ask, Authorize, Circumstances, Told, answer

from .authorize import Judge
from .functions import Functions, Tell
from .inner import elsewhere
from .message import Incoming, Limits, Outgoing
from .repeated import STAMP, Again, request_id
from .stream import Stream, StreamCut, Streaming

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

    `withdrawn`: the front door is no longer in the template. `changes`: it may be exchanged, so no answer is remembered.
    """

    def __init__(self, front_door: FrontDoor, services: Services) -> None:
        self.front_door = front_door
        self.withdrawn = False
        self.changes = False
        self.address = ""
        self._services = services

    def handle(self, incoming: Incoming) -> Outgoing | Awaitable[Outgoing]:
        """Return the answer: at once where the front door alone decides, else when the functions have run."""
        if self.withdrawn:
            return Outgoing(404, _PLAIN, f"{self.front_door.name} is no longer in the template\n".encode())
        request = self._request(incoming)
        circumstances = self._circumstances()
        asking = answer(self.front_door, request, circumstances)
        try:
            ask = next(asking)
        except StopIteration as stop:
            return self._alone(request, stop.value, circumstances.request_id[:STAMP])
        except Undecided as undecided:
            return self._undecided(request, undecided)
        return self._drive(request, asking, ask)

    def _alone(self, request: Request, answered: Answered, stamp: str) -> Outgoing:
        outgoing, response = self._answered(request, answered), answered.response
        if self.changes or response.made_by == "unknown":
            return outgoing
        return replace(outgoing, again=Again(stamp, lambda: self._watched(request, response)))

    async def _drive(self, request: Request, asking: Generator[Ask, Told, Answered], ask: Ask) -> Outgoing:
        stream = None
        try:
            while True:
                told = await self._do(ask)
                stream = told.rest if isinstance(told, Streaming) else stream
                ask = asking.send(told)
        except StopIteration as stop:
            outgoing = self._answered(request, stop.value)
            if stream is None:
                return outgoing
            if stop.value.response.made_by != "handler":
                stream.drop()
                return outgoing
            return replace(outgoing, body=self._going_on(request, stop.value.response.body, stream))
        except Undecided as undecided:
            return self._undecided(request, undecided)

    async def _going_on(self, request: Request, first: bytes, stream: Stream) -> AsyncIterator[bytes]:
        try:
            yield first
            async with aclosing(stream.pieces()) as pieces:
                async for piece in pieces:
                    yield piece
        except StreamCut as cut:
            self._services.tell(f"{request.method} {self._path(request)}: {cut}, so the connection was closed")
            raise
        finally:
            stream.drop()

    async def _do(self, ask: Ask) -> Told:
        if isinstance(ask, Authorize):
            return await self._services.judge.decide(self.front_door, ask)
        if ask.unknown is not None:
            raise Undecided(ask.unknown)
        run = self._services.functions.stream if ask.streams else self._services.functions.invoke
        return await run(ask.function, ask.event, ask.timeout_ms / 1000)

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
            request_id=request_id(),
            time_ms=int(time.time() * 1000),
        )

    def _answered(self, request: Request, answered: Answered) -> Outgoing:
        response = answered.response
        if response.made_by == "unknown":
            # The front door has done its part; what the other server says to it is not known.
            status, headers, body = _not_called(elsewhere(self.front_door, request.method, request.url))
            response = Response(status, (*headers, *response.headers), body, "unknown")
        self._watched(request, response)
        return Outgoing(response.status, response.headers, response.body)

    def _watched(self, request: Request, response: Response) -> None:
        try:
            for seen in self._services.watchers:
                seen(self.front_door, request, response)
        except Exception:  # noqa: BLE001 - whoever only watches must not change the answer
            _LOG.exception("the exchange could not be logged")

    def _undecided(self, request: Request, undecided: Undecided) -> Outgoing:
        other = elsewhere(self.front_door, request.method, request.url)
        if other:
            self._services.tell(f"{request.method} {self._path(request)} is not answered: it leads to {other}")
            return Outgoing(*_not_called(other))
        self._services.tell(f"{request.method} {self._path(request)} cannot be answered: {undecided.because}")
        return Outgoing(500, _UNDECIDED, _told(f"corsmith dev does not know the answer: {undecided.because}"))

    def _path(self, request: Request) -> str:
        return request.url.removeprefix(self.address)


_UNDECIDED = (("content-type", "application/json"), ("x-corsmith", "undecided"))


def _not_called(other: str) -> tuple[int, Headers, bytes]:
    return 501, _UNDECIDED, _told(f"corsmith dev runs functions only: {other or 'another server'} was not called")


def _told(message: str) -> bytes:
    return json.dumps({"message": message}).encode()
