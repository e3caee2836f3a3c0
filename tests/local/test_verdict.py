"""What the log says of an exchange is what a browser does with it."""

from __future__ import annotations

import pytest

from corsmith.api.exchange import Headers, Request, Response
from corsmith.local.verdict import ALLOWED, opinion

ORIGIN = "https://app.example.com"
URL = "http://127.0.0.1:3000/items"


def preflight(method: str = "PUT", headers: str | None = "content-type,x-a") -> Request:
    asked = (("Origin", ORIGIN), ("Access-Control-Request-Method", method))
    return Request("OPTIONS", URL, (*asked, ("Access-Control-Request-Headers", headers)) if headers else asked)


def allowing(**more: str) -> Headers:
    named = (("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Methods", "PUT"))
    return (*named, *((f"Access-Control-{name.replace('_', '-')}", value) for name, value in more.items()))


@pytest.mark.parametrize(
    ("request_", "response"),
    [
        (preflight(), Response(204, allowing(Allow_Headers="content-type, x-a"))),
        (preflight(headers=None), Response(200, allowing())),
        (Request("GET", URL, (("Origin", ORIGIN),)), Response(404, (("access-control-allow-origin", "*"),))),
        (
            Request("PUT", URL, (("origin", ORIGIN), ("X-A", "1"))),
            Response(200, (("access-control-allow-origin", ORIGIN),)),
        ),
        (
            Request("GET", URL, (("Origin", ORIGIN), ("Cookie", "a=1"))),
            Response(200, allowing(Allow_Credentials="true")),
        ),
        (Request("OPTIONS", URL, (("Origin", ORIGIN),)), Response(200, allowing())),
    ],
)
def test_allowed(request_: Request, response: Response) -> None:
    assert opinion(request_, response) == ALLOWED


@pytest.mark.parametrize(
    ("request_", "response", "console"),
    [
        (preflight(), Response(403), "No 'Access-Control-Allow-Origin' header"),
        (preflight(), Response(204, allowing()), "content-type is not allowed by Access-Control-Allow-Headers"),
        (preflight("DELETE", None), Response(204, allowing()), "DELETE is not allowed by Access-Control-Allow-Methods"),
        (preflight(), Response(401, allowing(Allow_Headers="*")), "HTTP ok status"),
        (Request("GET", URL, (("Origin", ORIGIN),)), Response(200), "No 'Access-Control-Allow-Origin' header"),
        (
            Request("GET", URL, (("Origin", ORIGIN),)),
            Response(200, (("access-control-allow-origin", "*"), ("access-control-allow-origin", ORIGIN))),
            "multiple values",
        ),
        (
            Request("GET", URL, (("Origin", ORIGIN), ("Cookie", "a=1"))),
            Response(200, (("access-control-allow-origin", "*"),)),
            "credentials mode",
        ),
    ],
)
def test_blocked(request_: Request, response: Response, console: str) -> None:
    judged = opinion(request_, response)
    assert judged is not None
    assert not judged.allowed
    assert console in judged.console
    assert judged.step


def test_what_carries_no_origin_is_not_judged() -> None:
    assert opinion(Request("GET", URL), Response(200)) is None
