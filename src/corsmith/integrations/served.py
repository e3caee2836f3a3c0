"""Programs of this process as servers: a request goes in, and what a browser would be sent comes out."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field

from corsmith.api.exchange import Request, Response

BASE = "https://api.example.net"
"""Where a program of this process is thought to be."""
FRONT_DOORS = ("http_api", "rest_api", "function_url", "alb")
WAYS = ("asgi", "wsgi", *FRONT_DOORS)


class Server(Struct):
    """A server in this process. `base` is its address; `raised` notes the exceptions of what it runs, as sentences."""

    base: str
    respond: Callable[[Request, list[str]], Response]
    raised: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Return what a browser is sent."""
        return self.respond(request, self.raised)


def server_of(target: Any, served_by: str | None = None) -> Server:
    """Return the server that runs `target`: an ASGI or WSGI application, or a Lambda handler behind a front door.

    `served_by` is one of `WAYS`; None tells it from the parameters, a handler being served by an HTTP API without CORS
    settings. Raises `TypeError` for what is none of them, `ValueError` for a way that is not known.
    """
    if served_by is not None and served_by not in WAYS:
        raise ValueError(f"served_by is {served_by!r}; it is one of {', '.join(WAYS)}")
    way = served_by or way_of(target)
    if way == "asgi":
        from .asgi import respond as asgi

        return Server(BASE, lambda request, raised: asgi(target, request, raised))
    if way == "wsgi":
        from .wsgi import respond as wsgi

        return Server(BASE, lambda request, raised: wsgi(target, request, raised))
    from .function import address_of
    from .function import respond as function

    return Server(address_of(way), lambda request, raised: function(target, way, request, raised))


def way_of(target: Any) -> str:
    """Tell an ASGI application, which takes three things, from a WSGI one and a handler, which take two."""
    if not callable(target):
        raise TypeError(f"{target!r} is no URL, no ASGI or WSGI application and no handler")
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return "http_api"
    needed = [each for each in parameters if each.kind in _POSITIONAL and each.default is each.empty]
    if len(needed) == 3:
        return "asgi"
    return "wsgi" if len(needed) == 2 and needed[1].name == "start_response" else "http_api"


_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def crashed(error: BaseException) -> str:
    """Return an exception as a phrase: what, and the line of the program that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{where}"


INTERNAL_ERROR = Response(500, (("content-type", "text/plain; charset=utf-8"),), b"Internal Server Error")
"""What servers send for an application that raised before it answered: no header of the application's is in it."""
