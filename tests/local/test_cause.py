"""The log says why a call is blocked as `corsmith check` says it."""

from __future__ import annotations

import http.client
import json
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corsmith.api.exchange import Request, Response
from corsmith.local.background import LocalGateway
from corsmith.local.cause import Cause
from corsmith.local.opinions import Opinions
from corsmith.local.verdict import Opinion
from corsmith.readers import Settings

PROJECTS = Path(__file__).parents[1] / "fixtures" / "served"
BLOCKED = [
    ("sam-rest-handler-without-headers", "handler-missing-headers", "code/fill.py:5"),
    ("sam-url-doubled", "duplicate-headers-function-url", "quote.mjs:3"),
    ("cloudformation-rest-without-options", "rest-no-options-method", "stack.yaml:"),
    (
        "cdk-http-authorizer-on-default",
        "httpapi-default-route-authorizer-catches-options",
        "cdk.out/Orders.template.json:",
    ),
    ("openapi-rest-other-origin", "origin-mismatch", "api.yaml:26"),
    ("serverless-rest-wildcard-with-cookies", "wildcard-with-credentials", "src/me.js:3"),
    ("serverless-url-method-not-allowed", "allow-methods-missing", "serverless.yml:11"),
    ("terraform-url-without-cors", "function-url-no-cors-config", "main.tf:15"),
]


def judged(exchange: tuple[object, Request, Response]) -> Opinion:
    told: list[Opinion] = []
    opinions = Opinions(Settings())
    opinions.ask(*exchange, told.append)  # type: ignore[arg-type]
    opinions.close()
    (found,) = told
    return found


def called(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Opinion:
    """Make the call of a served project as a browser does; return what is thought of its last exchange."""
    monkeypatch.chdir(folder)
    case = json.loads(Path("case.json").read_text())
    asked = case["request"]
    headers = {"origin": asked["origin"], "user-agent": "x", "sec-fetch-mode": "cors", **asked["headers"]}
    if asked["credentials"]:
        headers["cookie"] = "a=1"
    before = {
        "origin": asked["origin"],
        "access-control-request-method": asked["method"],
        "access-control-request-headers": ",".join(sorted(asked["headers"])),
    }
    with LocalGateway(".") as gateway:
        (address,) = gateway.addresses
        for method, sent in (("OPTIONS", before), (asked["method"], headers))[case["stage"] != "preflight" :]:
            place = urlsplit(address.url)
            connection = http.client.HTTPConnection(place.netloc, timeout=30)
            connection.request(method, place.path + asked["path"], "{}" if method == "POST" else None, sent)
            connection.getresponse().read()
            connection.close()
            if case["stage"] == "preflight":
                break
        return judged(gateway.exchanges[-1])


@pytest.mark.node
@pytest.mark.parametrize(("name", "rule", "place"), BLOCKED)
def test_the_rule_and_the_line(name: str, rule: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = called(PROJECTS / name, monkeypatch)
    assert not opinion.allowed
    assert opinion.cause is not None
    assert opinion.cause.rule == rule
    assert opinion.cause.place.startswith(place)
    assert opinion.cause.message


@pytest.mark.node
def test_what_the_browser_allows_has_no_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(PROJECTS / "terraform-http-configured", monkeypatch) == Opinion(allowed=True)


def test_where_check_finds_nothing_the_browsers_own_reason_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  One:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: ., FunctionUrlConfig: {AuthType: NONE}}\n"
    )
    # What the code answers with is decided by what nobody can read.
    Path("app.py").write_text(
        "import os\n\ndef handler(event, context):\n"
        "    return {'statusCode': 200, 'headers': dict([os.environ.get('X', 'a=b').split('=')])}\n"
    )
    with LocalGateway(".") as gateway:
        place = urlsplit(gateway.urls["OneUrl"])
        connection = http.client.HTTPConnection(place.netloc, timeout=30)
        connection.request("GET", "/", headers={"Origin": "https://a.example"})
        connection.getresponse().read()
        connection.close()
        opinion = judged(gateway.exchanges[-1])
    assert (opinion.allowed, opinion.cause) == (False, None)
    assert opinion.step


def test_a_project_that_is_gone_has_no_cause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    from corsmith.api.function_url import FunctionUrl
    from corsmith.api.span import Span
    from corsmith.api.value import Known

    door = FunctionUrl("Url", Span("gone.yaml", 0, 0), Known("One"))
    request = Request("GET", "http://127.0.0.1:1/", (("Origin", "https://a.example"),))
    assert judged((door, request, Response(200))).cause is None


def test_causes_are_told_in_the_opinions_thread_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECTS / "sam-rest-handler-without-headers")
    threads: list[str] = []
    with LocalGateway(".") as gateway:
        place = urlsplit(gateway.urls["Baskets"])
        connection = http.client.HTTPConnection(place.netloc, timeout=30)
        connection.request("POST", f"{place.path}/baskets", "{}", {"Origin": "https://shop.example"})
        connection.getresponse().read()
        connection.close()
        exchange = gateway.exchanges[-1]
    opinions = Opinions(Settings())
    opinions.ask(*exchange, lambda _: threads.append(threading.current_thread().name))
    opinions.close()
    assert threads == ["corsmith opinions"]
    known = opinions.known(*exchange[1:])
    assert known is not None
    assert isinstance(known.cause, Cause)
    opinions.forget()
    assert opinions.known(*exchange[1:]) is None
