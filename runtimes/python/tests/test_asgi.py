"""The policy around ASGI applications."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest
from lambda_cors import asgi

from vectors import named

APP = "https://app.example.com"
Lines = list[tuple[bytes, bytes]]


async def hello(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"Vary", b"Accept"), (b"ACCESS-CONTROL-ALLOW-ORIGIN", b"*"), (b"x-own", b"\xe9")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hel", "more_body": True})
    await send({"type": "http.response.body", "body": b"lo"})


async def unlabelled(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204})


async def failing(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("boom")


async def failing_late(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200})
    raise RuntimeError("boom")


def run(done: Awaitable[None]) -> None:
    """Waits for what a wrapped application gives back."""

    async def waiting() -> None:
        await done

    asyncio.run(waiting())


def sent_by(app: Any, method: str = "GET", *headers: tuple[bytes, bytes], **scope: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    made = {"type": "http", "method": method, "headers": headers, **scope}
    run(asgi.cors(named("app"))(app)(made, None, send))
    return sent


ORIGIN = (b"Origin", APP.encode())
CORS: Lines = [
    (b"access-control-allow-origin", APP.encode()),
    (b"access-control-allow-credentials", b"true"),
    (b"access-control-expose-headers", b"etag,x-request-id"),
]


def test_the_policys_headers_take_the_place_of_the_applications() -> None:
    start, *body = sent_by(hello, "GET", ORIGIN)
    assert start["headers"] == [(b"x-own", b"\xe9"), *CORS, (b"vary", b"Accept, Origin")]
    assert b"".join(message["body"] for message in body) == b"hello"
    assert body[0]["more_body"]


def test_a_denied_origin_and_none_get_vary_alone() -> None:
    for headers in ([], [(b"origin", b"https://evil.test")]):
        assert sent_by(hello, "GET", *headers)[0]["headers"] == [(b"x-own", b"\xe9"), (b"vary", b"Accept, Origin")]


def test_a_preflight_is_answered_with_all_its_lines_joined() -> None:
    asked = [ORIGIN, (b"access-control-request-method", b"PUT")]
    names = [(b"access-control-request-headers", b"authorization"), (b"Access-Control-Request-Headers", b"x-trace")]
    start, body = sent_by(failing, "OPTIONS", *asked, *names)
    assert start["status"] == 204
    assert (b"access-control-allow-origin", APP.encode()) in start["headers"]
    assert (b"access-control-allow-methods", b"GET,PUT,PATCH") in start["headers"]
    assert body == {"type": "http.response.body", "body": b""}
    evil = (b"access-control-request-headers", b"x-evil")
    start, _ = sent_by(failing, "OPTIONS", *asked, *names, evil)
    assert [name for name, _ in start["headers"]] == [b"vary"]


@pytest.mark.parametrize("missing", [0, 1])
def test_an_options_request_that_is_no_preflight_reaches_the_application(missing: int) -> None:
    asked = [ORIGIN, (b"access-control-request-method", b"PUT")]
    del asked[missing]
    assert sent_by(hello, "OPTIONS", *asked)[0]["status"] == 200
    assert sent_by(hello, "GET", ORIGIN, (b"access-control-request-method", b"PUT"))[0]["status"] == 200


def test_a_crash_becomes_a_500_with_headers(caplog: pytest.LogCaptureFixture) -> None:
    start, body = sent_by(failing, "GET", ORIGIN)
    assert start["status"] == 500
    assert start["headers"] == [
        (b"content-type", b"application/json"), (b"content-length", b"35"), *CORS, (b"vary", b"Origin")
    ]  # fmt: skip
    assert body["body"] == b'{"message":"Internal Server Error"}'
    assert caplog.messages == ["the application failed: boom"]
    assert caplog.records[0].name == "lambda_cors"
    assert caplog.records[0].exc_info[0] is RuntimeError  # type: ignore[index]


def test_a_start_may_have_no_headers() -> None:
    assert sent_by(unlabelled)[0]["headers"] == [(b"vary", b"Origin")]


def test_a_crash_after_the_start_is_raised() -> None:
    with pytest.raises(RuntimeError, match="boom"):
        sent_by(failing_late, "GET", ORIGIN)


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_what_is_not_http_passes_untouched(kind: str) -> None:
    with pytest.raises(RuntimeError, match="boom"):
        sent_by(failing, type=kind)


def test_the_application_gets_what_the_server_gave() -> None:
    given: list[Any] = []

    async def app(*arguments: Any) -> None:
        given.extend(arguments)

    for kind in ("http", "lifespan"):
        scope: dict[str, Any] = {"type": kind, "method": "GET", "headers": []}
        receive, send = object(), object()
        run(asgi.cors(named("app"))(app)(scope, receive, send))
        assert given[0] is scope
        assert given[1] is receive
        assert (given[2] is send) == (kind == "lifespan")
        given.clear()


def test_an_open_policy_needs_no_vary() -> None:
    async def bare(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": []}
    run(asgi.cors(named("open"))(bare)(scope, None, send))
    assert sent[0]["headers"] == [(b"access-control-allow-origin", b"*")]
