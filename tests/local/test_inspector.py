"""The page at /__corsmith: it makes calls as a browser would, shows what passed, and answers nobody else's name."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.local.background import LocalGateway

PROJECT = Path(__file__).parents[1] / "fixtures" / "gateway" / "http-cors-configured"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    before = Path.cwd()
    os.chdir(PROJECT)
    try:
        with LocalGateway("template.yaml") as gateway:
            yield int(gateway.urls["Api"].rpartition(":")[2])
    finally:
        os.chdir(before)


def ask(port: int, method: str, page: str, body: Any = None, host: str = "127.0.0.1") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    connection.request(method, f"/__corsmith{page}", text, {"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer.status, content


def call(port: int, **asked: Any) -> dict[str, Any]:
    status, text = ask(port, "POST", "/call", {"origin": "https://app.example.com", "path": "/items", **asked})
    assert status == 200
    result: dict[str, Any] = json.loads(text)
    return result


def test_a_call_that_the_browser_lets_through(port: int) -> None:
    result = call(port)
    assert result["allowed"] is True
    (exchange,) = result["exchanges"]
    assert exchange["request"]["headers"] == [["Origin", "https://app.example.com"]]
    assert exchange["response"]["body"] == "ok"


def test_a_call_with_a_preflight(port: int) -> None:
    result = call(port, method="PUT", headers=[["X-Trace", "1"]], body="x")
    assert [each["request"]["method"] for each in result["exchanges"]] == ["OPTIONS", "PUT"]
    assert [each["response"]["status"] for each in result["exchanges"]] == [204, 404]


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"origin": "https://other.example.net"}, "MissingAllowOriginHeader"),
        ({"headers": [["X-Other", "1"]]}, "HeaderDisallowedByPreflightResponse"),
        ({"method": "DELETE"}, "MethodDisallowedByPreflightResponse"),
        ({"credentials": True}, "InvalidAllowCredentials"),
    ],
)
def test_calls_that_the_browser_blocks(port: int, asked: dict[str, Any], error: str) -> None:
    result = call(port, **asked)
    assert (result["allowed"], result["error"]) == (False, error)
    assert "blocked by CORS policy" in result["console"]


def test_the_last_exchanges_are_shown_the_newest_first(port: int) -> None:
    call(port, origin="https://other.example.net")
    status, text = ask(port, "GET", "/state")
    assert status == 200
    state = json.loads(text)
    assert "GET      /items  Items" in state["routes"]
    assert state["exchanges"][0]["verdict"]["allowed"] is False
    assert len(state["exchanges"]) <= 50


def test_the_page_itself(port: int) -> None:
    status, text = ask(port, "GET", "")
    assert status == 200
    assert "<title>corsmith dev</title>" in text
    # Nothing is fetched from elsewhere.
    assert "http://" not in text
    assert "src=" not in text


@pytest.mark.parametrize(
    ("method", "page", "body", "status"),
    [
        ("POST", "/call", "{", 400),
        ("POST", "/call", [], 400),
        ("POST", "/call", {"origin": "x"}, 400),
        ("POST", "/call", {"origin": "https://a.example", "path": "items"}, 400),
        ("GET", "/call", None, 404),
        ("GET", "/other", None, 404),
        ("POST", "/deploy", "", 200),
    ],
)
def test_other_requests(port: int, method: str, page: str, body: Any, status: int) -> None:
    assert ask(port, method, page, body)[0] == status


def test_another_name_that_leads_here_reads_nothing(port: int) -> None:
    assert ask(port, "GET", "/state", host="rebound.example")[0] == 403
    assert ask(port, "GET", "/state", host="localhost")[0] == 200
