"""What the fixture asserts, on applications and handlers that are right and wrong in known ways."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest
from lambda_cors import Policy
from lambda_cors import cors as wrapped
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from corsmith.integrations.pages import Cors, Undecided
from corsmith.integrations.served import way_of

ORIGIN = "https://app.example.com"
PAGE = Cors().page(ORIGIN)


async def items(request: Request) -> JSONResponse:
    body = await request.body()
    return JSONResponse({"got": body.decode(), "path": request.url.path}, headers={"etag": "1"})


async def crash(request: Request) -> JSONResponse:
    raise RuntimeError("out of mugs")


async def endless(request: Request) -> StreamingResponse:
    async def ticks() -> Any:
        while True:
            yield b"tick\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(ticks())


def starlette(*origins: str, methods: tuple[str, ...] = ("GET", "PUT")) -> Starlette:
    middleware = [
        Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=list(methods), allow_headers=["content-type"]
        )
    ]
    routes = [Route("/items", items, methods=["GET", "PUT"]), Route("/crash", crash), Route("/endless", endless)]
    return Starlette(routes=routes, middleware=middleware)


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Methods", "PUT")]
    start_response("200 OK", [*headers, ("X-Path", environ["PATH_INFO"])])
    return [environ["wsgi.input"].read()]


@wrapped(Policy(origins=[ORIGIN], methods=["PUT"], request_headers=["content-type"], response_headers=["etag"]))
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"statusCode": 201, "headers": {"etag": "7", "x-hidden": "1"}, "body": json.dumps(event.get("body"))}


def bare(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"statusCode": 200, "body": "{}"}


def test_an_asgi_application_that_lets_the_page_in() -> None:
    read = PAGE.reads(starlette(ORIGIN), "/items", method="PUT", json={"name": "mug"})
    assert (read.status, read.preflight_sent) == (200, True)
    assert json.loads(read.body) == {"got": '{"name": "mug"}', "path": "/items"}
    assert "etag" not in read.headers
    assert "content-type" in read.headers


def test_the_failure_says_what_the_browser_says_and_what_was_answered() -> None:
    with pytest.raises(AssertionError) as failed:
        PAGE.reads(starlette("https://other.example.com"), "/items", method="PUT", json={})
    text = str(failed.value)
    assert text.startswith(f"a page at {ORIGIN} cannot read PUT https://api.example.net/items\n")
    assert "the browser prints: Access to fetch at 'https://api.example.net/items' from origin" in text
    assert "preflight: OPTIONS https://api.example.net/items -> 400" in text
    assert "stopped at CORS check" in text
    assert "[CORS check]" in text


def test_an_exception_of_the_application_is_told_with_its_line() -> None:
    read = PAGE.cannot_read(starlette(ORIGIN), "/crash", error="MissingAllowOriginHeader")
    assert "raised: RuntimeError: out of mugs (" in read.told
    assert "-> 500" in read.told


def test_an_endless_answer_is_judged_by_its_head() -> None:
    assert PAGE.reads(starlette(ORIGIN), "/endless").body.startswith(b"tick\n")


def test_a_wsgi_application() -> None:
    read = PAGE.reads(wsgi, "/caf%C3%A9", method="PUT", data="mug")
    assert read.body == b"mug"
    PAGE.cannot_read(wsgi, "/", method="DELETE", error="MethodDisallowedByPreflightResponse")
    Cors().page("https://evil.example").cannot_read(wsgi, error="AllowOriginMismatch")


def test_a_wsgi_application_that_raises_or_says_nothing() -> None:
    def raising(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ValueError("no")

    def silent(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return []

    assert "raised: ValueError: no" in PAGE.cannot_read(raising).told
    assert "never called start_response" in PAGE.cannot_read(silent).told


@pytest.mark.parametrize("door", ["http_api", "rest_api", "function_url", "alb"])
def test_a_handler_behind_each_front_door(door: str) -> None:
    call = {"method": "PUT", "json": {"name": "mug"}, "served_by": door}
    read = PAGE.reads(handler, "/items", **call)
    assert (read.status, read.headers["etag"]) == (201, "7")
    assert "x-hidden" not in read.headers
    PAGE.cannot_read(bare, "/items", error="PreflightMissingAllowOriginHeader", **call)
    PAGE.cannot_read(bare, "/items", served_by=door, error="MissingAllowOriginHeader")


def test_a_handler_that_raises_is_the_front_doors_error() -> None:
    def raising(event: dict[str, Any], context: Any) -> dict[str, Any]:
        raise KeyError(event["rawPath"])

    read = PAGE.cannot_read(raising, "/items")
    assert "raised: KeyError: '/items'" in read.told
    assert "-> 500" in read.told


def test_a_handler_that_nobody_awaits_is_what_it_is_at_aws() -> None:
    async def coroutine(event: dict[str, Any], context: Any) -> dict[str, Any]:
        return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}

    assert "is no JSON" in PAGE.cannot_read(coroutine, served_by="rest_api").told


def test_cookies_travel_only_from_a_page_with_credentials() -> None:
    def open_to_all(event: dict[str, Any], context: Any) -> dict[str, Any]:
        headers = {"Access-Control-Allow-Origin": "*", "content-type": "application/json"}
        return {"statusCode": 200, "headers": headers, "body": json.dumps(event.get("cookies"))}

    PAGE.reads(open_to_all)
    Cors().page(ORIGIN, credentials=True).cannot_read(open_to_all, error="WildcardOriginNotAllowed")

    def own(event: dict[str, Any], context: Any) -> dict[str, Any]:
        headers = {"Access-Control-Allow-Origin": ORIGIN, "Access-Control-Allow-Credentials": "true"}
        return {"statusCode": 200, "headers": headers, "body": json.dumps(event.get("cookies"))}

    with_cookie = {"headers": {"Cookie": "sid=1"}}
    assert Cors().page(ORIGIN, credentials=True).reads(own, **with_cookie).body == b'["sid=1"]'
    assert PAGE.reads(own, **with_cookie).body == b"null"


def test_what_should_be_blocked_and_is_not_fails() -> None:
    with pytest.raises(AssertionError, match="should be blocked, and is not so"):
        PAGE.cannot_read(starlette(ORIGIN), "/items")
    with pytest.raises(AssertionError, match=r"should be blocked \(InsecureX\)"):
        PAGE.cannot_read(bare, error="InsecureX")


def test_inside_a_running_loop() -> None:
    async def within() -> int | None:
        return PAGE.reads(starlette(ORIGIN), "/items").status

    assert asyncio.run(within()) == 200


@pytest.mark.parametrize("page", ["app.example.com", "", "https://"])
def test_an_origin_that_is_none(page: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        Cors().page(page)


def test_an_origin_is_read_as_its_owner_meant_it() -> None:
    assert Cors().page("https://App.example.com/").origin == ORIGIN


@pytest.mark.parametrize("target", [None, 3, object()])
def test_what_cannot_be_called(target: object) -> None:
    with pytest.raises(TypeError, match="no URL, no ASGI or WSGI application and no handler"):
        PAGE.reads(target)


def test_a_way_that_is_not_known() -> None:
    with pytest.raises(ValueError, match="one of asgi, wsgi, http_api"):
        PAGE.reads(bare, served_by="websocket")


async def asgi_function(
    scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Answer nothing."""


class Application:
    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return []


class Adapter:
    def __call__(self, event: Any, context: Any) -> Any:
        return {}


@pytest.mark.parametrize(
    ("target", "way"),
    [
        (asgi_function, "asgi"),
        (Starlette(), "asgi"),
        (wsgi, "wsgi"),
        (Application(), "wsgi"),
        (bare, "http_api"),
        (handler, "http_api"),
        (Adapter(), "http_api"),
        (lambda event, context=None: {}, "http_api"),
        (lambda *given: {}, "http_api"),
    ],
)
def test_the_way_is_told_from_the_parameters(target: Any, way: str) -> None:
    assert way_of(target) == way


def test_an_application_that_answers_nothing() -> None:
    assert "ended without an answer" in PAGE.cannot_read(asgi_function).told


def test_a_server_that_is_not_there_is_undecided() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Undecided, match="cannot be reached"):
            PAGE.reads(f"http://127.0.0.1:{port}", "/items")
