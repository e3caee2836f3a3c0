"""The pages under /__corsmith: the last exchanges, any call from any origin, and the deployment that was held back.

A page's own script cannot choose its Origin. So the call is made here: `corsmith.browser` plays the browser, and the
front door answers.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.api.model import FrontDoor
from corsmith.browser import Page, PageRequest, Verdict, fetch

from .gateway import Gateway
from .listing import listing
from .message import Incoming, Outgoing
from .verdict import opinion

SHOWN = 2000
"""Characters of a body that are shown."""

Exchanges = Iterable[tuple[FrontDoor, Request, Response]]
_PAGE = Path(__file__).with_name("inspector.html")
_HOSTS = frozenset({"127.0.0.1", "localhost"})


def respond(
    incoming: Incoming, page: str, gateway: Gateway, last: Exchanges, deploy: Callable[[], int]
) -> Outgoing | Awaitable[Outgoing]:
    """Answer a request for `page`: "", "/state", "/call" or "/deploy".

    `last` are the exchanges to show, the newest first; `deploy` deploys what is held back and returns how many APIs that
    were.
    """
    host = next(iter(values(incoming.headers, "host")), "").partition(":")[0]
    if host not in _HOSTS:
        # A name of somebody else's that leads here (DNS rebinding) must not read what passed.
        return _json(403, {"error": "ask for 127.0.0.1 or localhost"})
    asked = incoming.method, page
    if asked in {("GET", ""), ("GET", "/")}:
        return Outgoing(200, (("content-type", "text/html; charset=utf-8"),), _PAGE.read_bytes())
    if asked == ("GET", "/state"):
        routes = list(listing(gateway.front_door))
        return _json(200, {"routes": routes, "exchanges": [_exchange(*each) for each in last]})
    if asked == ("POST", "/deploy"):
        return Outgoing(200, (("content-type", "text/plain"),), b"deployed: %d\n" % deploy())
    if asked == ("POST", "/call"):
        return _called(incoming.body, gateway)
    return _json(404, {"error": "no such page"})


async def _called(body: bytes, gateway: Gateway) -> Outgoing:
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
            made.append(_exchange(gateway.front_door, ask.request, response))
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
    assert isinstance(outgoing.body, bytes)
    return Response(outgoing.status, outgoing.headers, outgoing.body)


def _exchange(front_door: FrontDoor, request: Request, response: Response) -> dict[str, Any]:
    judged = opinion(request, response)
    return {
        "api": front_door.name,
        "request": {"method": request.method, "url": request.url, "headers": _pairs(request.headers)},
        "response": {
            "status": response.status,
            "headers": _pairs(response.headers),
            "body": response.body.decode("utf-8", "replace")[:SHOWN],
        },
        "verdict": None
        if judged is None
        else {"allowed": judged.allowed, "console": judged.console, "step": judged.step},
    }


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _json(status: int, value: dict[str, Any]) -> Outgoing:
    return Outgoing(
        status, (("content-type", "application/json"), ("cache-control", "no-store")), json.dumps(value).encode()
    )
