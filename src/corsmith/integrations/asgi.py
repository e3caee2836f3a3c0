"""ASGI applications, run in this process. Their lifespan is not: what they set up there has to be there already."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote, urlsplit

from corsmith.api.exchange import Request, Response

from .served import INTERNAL_ERROR, crashed
from .waiting import waited

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_HEAD_WITHIN, _BODY_WITHIN = 30.0, 2.0
"""Seconds. A body that goes on and on, such as a stream of events, is cut: only the head is judged."""


def respond(app: Application, request: Request, raised: list[str]) -> Response:
    """Return what an ASGI server sends for `request`. What the application raises is noted; before the head it is a 500."""
    return waited(_Exchange(app, request, raised).run())


class _Exchange:
    """One request under way."""

    def __init__(self, app: Application, request: Request, raised: list[str]) -> None:
        self.app, self.request, self.raised = app, request, raised
        self.head: Message | None = None
        self.body: list[bytes] = []
        self.begun, self.over = asyncio.Event(), asyncio.Event()
        self.read = False

    async def run(self) -> Response:
        task = asyncio.ensure_future(self._app())
        try:
            await _first(task, self.begun, _HEAD_WITHIN)
            if self.head is None and not task.done():
                self.raised.append(f"the application did not answer within {_HEAD_WITHIN:g} s")
            await _first(task, self.over, _BODY_WITHIN)
        finally:
            self.over.set()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self.head is None:
            return INTERNAL_ERROR
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.head["headers"])
        return Response(self.head["status"], headers, b"".join(self.body))

    async def _app(self) -> None:
        try:
            await self.app(scope_of(self.request), self._receive, self._send)
            if self.head is None:
                self.raised.append("the application ended without an answer")
        except Exception as error:  # noqa: BLE001 - whatever an application raises, its server answers 500
            self.raised.append(crashed(error))

    async def _receive(self) -> Message:
        if not self.read:
            self.read = True
            return {"type": "http.request", "body": self.request.body or b"", "more_body": False}
        await self.over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.head = {"status": message["status"], "headers": list(message.get("headers", ()))}
            self.begun.set()
        elif message["type"] == "http.response.body":
            self.body.append(bytes(message.get("body", b"")))
            if not message.get("more_body", False):
                self.over.set()


async def _first(task: asyncio.Future[None], event: asyncio.Event, seconds: float) -> None:
    """Wait until the application ends, the event is set, or the time is over."""
    waiter = asyncio.ensure_future(event.wait())
    await asyncio.wait((task, waiter), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()


def scope_of(request: Request) -> Message:
    """Return the connection scope of a request (ASGI specification, "HTTP Connection Scope")."""
    url = urlsplit(request.url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path or "/"),
        "raw_path": (url.path or "/").encode("ascii", "replace"),
        "query_string": url.query.encode("ascii", "replace"),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
        "client": ("127.0.0.1", 50_000),
        "server": (url.hostname or "", url.port or {"https": 443}.get(url.scheme, 80)),
        "state": {},
    }
