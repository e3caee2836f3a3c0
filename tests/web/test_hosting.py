"""The page as a Lambda function behind a Function URL."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.exchange import Request
from corsmith.api.tree import Tree
from corsmith.gateways import Invoke, Payload, answer, base_url
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk

HOSTING = Path(__file__).parents[2] / "hosting"


@pytest.fixture(scope="module")
def handler() -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("hosted_app", HOSTING / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Mangum runs in the thread's event loop; it would make one where there is none, and leave it open.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    spec.loader.exec_module(module)
    yield module.handler
    asyncio.set_event_loop(None)
    loop.close()


class Context:
    aws_request_id = "1"
    function_name = "tester"


def served(handler: Any, method: str, path: str, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> Any:
    """Answer as the template's Function URL would, running the handler."""
    checked = check(Tree(Disk()), Question((str(HOSTING),), CallerFlags(origins=("https://app.example.com",))))
    (url,) = checked.apis[0].front_doors
    asking = answer(url, Request(method, base_url(url) + path, headers, body))
    try:
        ask = next(asking)
        while True:
            assert isinstance(ask, Invoke)
            ask = asking.send(Payload(handler(ask.event, Context())))
    except StopIteration as stop:
        return stop.value.response


def test_the_template_has_no_fault() -> None:
    checked = check(Tree(Disk()), Question((str(HOSTING),), CallerFlags()))
    assert [group.finding.rule for group in checked.groups if group.finding.severity == "error"] == []
    assert checked.problems == ()


def test_the_page_and_its_style(handler: Any) -> None:
    page = served(handler, "GET", "/")
    assert (page.status, page.made_by) == (200, "handler")
    assert b"Why does the browser block" in page.body
    style = served(handler, "GET", "/static/style.css")
    assert (style.status, b"--ink" in style.body) == (200, True)


def test_the_api_and_its_preflight(handler: Any) -> None:
    origin = ("Origin", "https://shop.example")
    asked = served(
        handler,
        "OPTIONS",
        "/api/explain",
        (origin, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")),
    )
    sent = {name.lower(): value for name, value in asked.headers}
    assert (asked.status, sent["access-control-allow-origin"]) == (204, "*")
    told = served(
        handler,
        "POST",
        "/api/explain",
        (origin, ("Content-Type", "application/json")),
        b'{"text": "OPTIONS returns 403"}',
    )
    assert told.status == 200
    assert b'"messages"' in told.body


def test_private_addresses_are_refused(handler: Any) -> None:
    body = b'{"url": "http://169.254.169.254/latest/meta-data/"}'
    told = served(handler, "POST", "/api/check", (("Content-Type", "application/json"),), body)
    assert told.status == 200
    assert b'"verdict":"undecided"' in told.body.replace(b" ", b"")
