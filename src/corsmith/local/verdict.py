"""What a browser makes of one exchange that passed through the local gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from corsmith.api.exchange import Headers, Request, Response, values
from corsmith.browser import Page, PageRequest, Verdict, fetch

if TYPE_CHECKING:
    from .cause import Cause


class Opinion(Struct, frozen=True):
    """Whether the page may go on. `console` is what the browser prints, `step` the reason; "" when it may.

    `error` is Chromium's name of what it objects to; `cause` what `corsmith check` finds at fault, where it does.
    """

    allowed: bool
    console: str = ""
    step: str = ""
    error: str | None = None
    cause: Cause | None = None


ALLOWED = Opinion(allowed=True)


def opinion(request: Request, response: Response) -> Opinion | None:
    """Return what today's browsers make of the exchange; None when it carries no Origin.

    A preflight is judged for the call that it announces, without credentials: it does not say whether they follow. A
    request is judged as if its preflight had passed: that one was judged when it came.
    """
    origin = next(iter(values(request.headers, "origin")), None)
    if origin is None:
        return None
    announced = next(iter(values(request.headers, "access-control-request-method")), None)
    if request.method == "OPTIONS" and announced is not None:
        names = ",".join(values(request.headers, "access-control-request-headers")).split(",")
        headers = tuple((name.strip(), _sample(name)) for name in names if name.strip())
        call = PageRequest(request.url, method=announced, headers=headers)
        return _judge(origin, call, {"preflight": response})
    credentials = "include" if values(request.headers, "cookie") else "same-origin"
    call = PageRequest(request.url, method=request.method, credentials=credentials)
    return _judge(origin, call, {"preflight": _permissive(origin, request.method), "request": response})


def _judge(origin: str, call: PageRequest, known: dict[str, Response]) -> Opinion:
    asking = fetch(Page(origin), call)
    try:
        ask = next(asking)
        while True:
            if ask.hop or ask.kind not in known:
                # So far it passed; what the browser sends next is another exchange.
                asking.close()
                return ALLOWED
            ask = asking.send(known[ask.kind])
    except StopIteration as stop:
        verdict: Verdict = stop.value
        if verdict.allowed:
            return ALLOWED
        return Opinion(allowed=False, console=verdict.console or "", step=verdict.step, error=verdict.error)


def _sample(name: str) -> str:
    # A value that makes the browser ask for it: as a safelisted one it would not be announced.
    return "application/json" if name.strip().lower() == "content-type" else "x"


def _permissive(origin: str, method: str) -> Response:
    headers: Headers = (
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", method),
    )
    return Response(204, headers)
