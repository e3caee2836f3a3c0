"""The pages under /__corsmith: the last exchanges, any call from any origin, and the deployment that was held back.

A page's own script cannot choose its Origin. So the call is made here: `corsmith.browser` plays the browser, and the
front door answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.model import FrontDoor
from corsmith.browser import Page, PageRequest, Verdict, fetch

from .gateway import Gateway
from .listing import listing
from .message import Incoming, Outgoing
from .opinions import Opinions
from .stream import StreamCut
from .verdict import Opinion, opinion

SHOWN = 2000
"""Characters of a body that are shown."""

PATIENCE = 10.0
"""Seconds that a call waits for the cause of what was blocked."""


class Shown(Struct, frozen=True):
    """What the page shows: the last exchanges, the newest first, and opinions of them; and how to deploy what waits.

    `deploy` returns how many APIs that were.
    """

    exchanges: tuple[tuple[FrontDoor, Request, Response], ...]
    opinions: Opinions
    deploy: Callable[[], int]


_PAGE = Path(__file__).with_name("inspector.html")
_HOSTS = frozenset({"127.0.0.1", "localhost"})


def respond(incoming: Incoming, page: str, gateway: Gateway, shown: Shown) -> Outgoing | Awaitable[Outgoing]:
    """Answer a request for `page`: "", "/state", "/call" or "/deploy"."""
    host = next(iter(values(incoming.headers, "host")), "").partition(":")[0]
    if host not in _HOSTS:
        # A name of somebody else's that leads here (DNS rebinding) must not read what passed.
        return _json(403, {"error": "ask for 127.0.0.1 or localhost"})
    asked = incoming.method, page
    if asked in {("GET", ""), ("GET", "/")}:
        return Outgoing(200, (("content-type", "text/html; charset=utf-8"),), _PAGE.read_bytes())
    if asked == ("GET", "/state"):
        routes = list(listing(gateway.front_door))
        return _json(200, {"routes": routes, "exchanges": [_judged(shown.opinions, *each) for each in shown.exchanges]})
    if asked == ("POST", "/deploy"):
        return Outgoing(200, (("content-type", "text/plain"),), b"deployed: %d\n" % shown.deploy())
    if asked == ("POST", "/call"):
        return _called(incoming.body, gateway, shown.opinions)
    return _json(404, {"error": "no such page"})


async def _called(body: bytes, gateway: Gateway, opinions: Opinions) -> Outgoing:
    try:
        origin, call = _call(json.loads(body), gateway.address)
    except (ValueError, TypeError, KeyError) as error:
        return _json(400, {"error": f"not a call: {error}"})
    made: list[dict[str, Any]] = []
    asking = fetch(Page(origin), call)
    try:
        ask = next(asking)
        while True:
            response = await _sent(ask.request, gateway)
            judged = await _opinion(opinions, gateway.front_door, ask.request, response)
            made.append(_exchange(gateway.front_door, ask.request, response, judged))
            ask = asking.send(response)
    except StopIteration as stop:
        verdict: Verdict = stop.value
    told = {"allowed": verdict.allowed, "error": verdict.error, "console": verdict.console, "step": verdict.step}
    return _json(200, {**told, "exchanges": made})


def _call(asked: dict[str, Any], address: str) -> tuple[str, PageRequest]:
    path = str(asked["path"])
    if not path.startswith("/"):
        raise ValueError("the path begins with /")
    headers = tuple((str(name), str(value)) for name, value in asked.get("headers", []))
    body = asked.get("body")
    return str(asked["origin"]), PageRequest(
        address + path,
        method=str(asked.get("method", "GET")),
        headers=headers,
        credentials="include" if asked.get("credentials") else "same-origin",
        body=None if body is None else str(body).encode(),
    )


async def _sent(request: Request, gateway: Gateway) -> Response:
    target = request.url.removeprefix(gateway.address)
    host = ("Host", gateway.address.removeprefix("http://"))
    answer = gateway.handle(Incoming(request.method, target, (host, *request.headers), request.body or b""))
    outgoing = answer if isinstance(answer, Outgoing) else await answer
    return Response(outgoing.status, outgoing.headers, await _read(outgoing.body))


async def _read(body: bytes | AsyncIterator[bytes]) -> bytes:
    if isinstance(body, bytes):
        return body
    pieces = bytearray()
    try:
        async for piece in body:
            pieces += piece
    except StreamCut:
        pieces += b" [cut]"
    return bytes(pieces)


async def _opinion(opinions: Opinions, front_door: FrontDoor, request: Request, response: Response) -> Opinion | None:
    judged = opinion(request, response)
    if judged is None or judged.allowed:
        return judged
    loop = asyncio.get_running_loop()
    told: asyncio.Future[Opinion] = loop.create_future()

    def tell(found: Opinion) -> None:
        loop.call_soon_threadsafe(_settle, told, found)

    opinions.ask(front_door, request, response, tell)
    done, _ = await asyncio.wait((told,), timeout=PATIENCE)
    return told.result() if done else judged


def _settle(told: asyncio.Future[Opinion], found: Opinion) -> None:
    if not told.done():
        told.set_result(found)


def _judged(opinions: Opinions, front_door: FrontDoor, request: Request, response: Response) -> dict[str, Any]:
    """Return the exchange with the opinion of it, as far as there is one by now; the next look finds it."""
    judged = opinions.known(request, response)
    if judged is None:
        judged = opinion(request, response)
        if judged is not None:
            opinions.ask(front_door, request, response, lambda _: None)
    return _exchange(front_door, request, response, judged)


def _exchange(
    front_door: FrontDoor, request: Request, response: Response, judged: Opinion | None = None
) -> dict[str, Any]:
    return {
        "api": front_door.name,
        "request": {"method": request.method, "url": request.url, "headers": _pairs(request.headers)},
        "response": {
            "status": response.status,
            "headers": _pairs(response.headers),
            "body": response.body.decode("utf-8", "replace")[:SHOWN],
        },
        "verdict": None if judged is None else _told(judged),
    }


def _told(judged: Opinion) -> dict[str, Any]:
    told: dict[str, Any] = {"allowed": judged.allowed, "console": judged.console, "step": judged.step}
    if judged.cause is not None:
        told["cause"] = {
            "rule": judged.cause.rule,
            "message": judged.cause.message,
            "place": judged.cause.place,
        }
    return told


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _json(status: int, value: dict[str, Any]) -> Outgoing:
    return Outgoing(
        status, (("content-type", "application/json"), ("cache-control", "no-store")), json.dumps(value).encode()
    )
