"""The application: routes, limits, and what every answer carries."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from lambda_cors import Policy
from lambda_cors.asgi import cors
from starlette.applications import Starlette
from starlette.datastructures import Headers as StarletteHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import api
from .limits import Limits, TooMuch
from .question import BadQuestion
from .recorded import recorded
from .serving import LOOPBACK_NAMES, Serving
from .stepwise import stepwise
from .tester import Tester, fields_of

LOG = logging.getLogger("corsmith.web")
_HEADERS = (
    (
        "content-security-policy",
        (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    ("x-content-type-options", "nosniff"),
    # Not no-referrer: under that policy a form of this very page is posted with `Origin: null` (Fetch Standard,
    # "append a request `Origin` header").
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)


def application(serving: Serving, limits: Limits | None = None) -> ASGIApp:
    """Return the ASGI application."""
    tester = Tester(serving, limits)
    routes = [
        Route("/", _page(tester.pages.home), methods=["GET"]),
        Route("/check", _posted(tester, _checked), methods=["POST"]),
        Route("/explain", _posted(tester, _explained), methods=["POST"]),
        Route("/recorded", partial(recorded, tester), methods=["POST"]),
        Route("/simulate", _page(tester.pages.simulate_form), methods=["GET"]),
        Route("/simulate", _posted(tester, _simulated), methods=["POST"]),
        Route("/rules", _page(tester.pages.rules), methods=["GET"]),
        Route("/rules/{rule}", _page(tester.pages.rule), methods=["GET"]),
        Route("/openapi.json", api.document, methods=["GET"]),
        Route("/healthz", _alive, methods=["GET"]),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        Mount("/api", _open_to_pages(serving, api.routes(tester))),
    ]
    app = Starlette(routes=routes, exception_handlers={404: tester.pages.missing, 500: _failed})
    return _guarded(serving, app)


async def _alive(request: Request) -> Response:
    del request
    return Response("ok\n", media_type="text/plain")


async def _failed(request: Request, error: Exception) -> Response:
    LOG.error("%s failed", request.url.path, exc_info=error)
    return Response("This page failed. It is our fault, and noted.\n", status_code=500, media_type="text/plain")


def _open_to_pages(serving: Serving, app: Starlette) -> ASGIApp:
    """Let pages of other sites use the API, except on one's own machine: they would reach what only it can reach."""
    if serving.allow_private:
        return app
    return cors(Policy(origins=("*",), request_headers=("content-type",), max_age=7200))(app)


def _page(render: Callable[[Request], HTMLResponse]) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        return render(request)

    return handle


_Posted = Callable[[Tester, Request, dict[str, str]], Awaitable[Response]]


def _posted(tester: Tester, handle: _Posted) -> Callable[[Request], Awaitable[Response]]:
    async def posted(request: Request) -> Response:
        fields: dict[str, str] = {}
        try:
            fields = await fields_of(request)
            return await handle(tester, request, fields)
        except BadQuestion as error:
            return tester.pages.refused(request, fields, error.field, str(error), 400)
        except TooMuch as error:
            return tester.pages.turned_away(request, fields, error)

    return posted


async def _checked(tester: Tester, request: Request, fields: dict[str, str]) -> Response:
    question, explained = api.read(fields)
    if question is None:
        return tester.pages.explained(request, fields, explained)
    if request.headers.get("x-part") == "steps":
        return await stepwise(tester, request, question)
    report = await tester.ask(request, question)
    return tester.pages.checked(request, question, report)


async def _explained(tester: Tester, request: Request, fields: dict[str, str]) -> Response:
    return tester.pages.explained(request, fields, api.explained_of(fields.get("paste", ""), None))


async def _simulated(tester: Tester, request: Request, fields: dict[str, str]) -> Response:
    return tester.pages.simulated(request, fields, api.simulated_form(fields))


def _guarded(serving: Serving, app: ASGIApp) -> ASGIApp:
    """Add the headers of every answer, and turn away what other sites make a visitor's browser send."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        headers = StarletteHeaders(scope=scope)
        objection = _objection(serving, scope, headers)
        if objection:
            answer = JSONResponse({"error": objection}, status_code=403)
            return await answer(scope, receive, send)

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in _HEADERS]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        return await app(scope, receive, decorated)

    return guarded


def _objection(serving: Serving, scope: Scope, headers: StarletteHeaders) -> str:
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    if serving.allow_private and name.lower() not in LOOPBACK_NAMES:
        # A name that a stranger made point to this machine (DNS rebinding).
        return "This tester answers under localhost only."
    origin = headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != host.lower()
    open_to_all = scope["path"].startswith("/api/") and not serving.allow_private
    if scope["method"] not in ("GET", "HEAD") and foreign and not open_to_all:
        return "This form belongs to another site."
    return ""
