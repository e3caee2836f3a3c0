"""What `debug=True` says."""

import json
import logging
from typing import Any

import pytest
from lambda_cors import cors

from vectors import CASES, named

EVENTS = {case["name"]: case["event"] for case in CASES}
GET = EVENTS["http_api: allowed"]
POLICY = named("app")
PREFLIGHT = EVENTS["http_api: preflight"]
DENIED = "Response to preflight request doesn't pass access control check: "
MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


def told(caplog: pytest.LogCaptureFixture, event: dict[str, Any], result: object = None, **options: Any) -> Any:
    """The one line that debug logs."""
    arguments = {"policy": POLICY, **options}
    cors(**arguments, debug=True)(lambda event, context: result or {"statusCode": 200})(event, None)
    assert len(caplog.messages) == 1
    assert caplog.records[0].levelno == logging.WARNING
    assert caplog.records[0].name == "lambda_cors"
    return json.loads(caplog.messages[0])


def with_headers(event: dict[str, Any], **headers: Any) -> dict[str, Any]:
    return {
        **event,
        "headers": {**event["headers"], **{name.replace("_", "-"): value for name, value in headers.items()}},
    }


@pytest.mark.parametrize(
    ("headers", "step", "console", "fix"),
    [
        (
            {"origin": "https://e.test"},
            "origin",
            DENIED + MISSING,
            "add 'https://e.test' to origins, if the page is yours",
        ),
        (
            {"access_control_request_method": "DELETE"},
            "method",
            "Method DELETE is not allowed by Access-Control-Allow-Methods in preflight response.",
            "add 'DELETE' to methods",
        ),
        (
            {"access_control_request_headers": "content-type,x-b"},
            "headers",
            "Request header field x-b is not allowed by Access-Control-Allow-Headers in preflight response.",
            "add 'x-b' to request_headers",
        ),
    ],
)
def test_debug_says_what_the_browser_will(
    caplog: pytest.LogCaptureFixture, headers: dict[str, str], step: str, console: str, fix: str
) -> None:
    event = with_headers(PREFLIGHT, **headers)
    origin, url = event["headers"]["origin"], "https://api.example.net/items"
    assert told(caplog, event) == {
        "cors": "blocked",
        "step": step,
        "origin": origin,
        "url": url,
        "console": f"Access to fetch at '{url}' from origin '{origin}' has been blocked by CORS policy: {console}",
        "fix": fix,
    }


def test_debug_says_why_a_response_is_not_read(caplog: pytest.LogCaptureFixture) -> None:
    line = told(caplog, with_headers(GET, origin="https://e.test"))
    assert (line["step"], line["fix"]) == ("origin", "add 'https://e.test' to origins, if the page is yours")
    assert line["console"].endswith(f"blocked by CORS policy: {MISSING}")


def test_debug_says_that_a_route_has_no_policy(caplog: pytest.LogCaptureFixture) -> None:
    table = {"GET /other": POLICY}
    assert told(caplog, GET, policy=table)["fix"] == "give this route, or '*', a policy"
    caplog.clear()
    line = told(caplog, PREFLIGHT, policy=table)
    assert (line["step"], line["fix"]) == ("origin", "give this route, or '*', a policy")


def test_debug_says_which_headers_were_replaced(caplog: pytest.LogCaptureFixture) -> None:
    result = {
        "statusCode": 200,
        "headers": {"Access-Control-Allow-Origin": "*", "a": "b"},
        "multiValueHeaders": {"access-control-max-age": ["1"]},
    }
    assert told(caplog, GET, result) == {
        "cors": "replaced",
        "headers": ["Access-Control-Allow-Origin", "access-control-max-age"],
        "fix": "remove them from the handler: the policy decides",
    }


@pytest.mark.parametrize("event", [GET, PREFLIGHT, EVENTS["http_api: no Origin"]])
def test_debug_is_silent_where_all_is_well(caplog: pytest.LogCaptureFixture, event: dict[str, Any]) -> None:
    cors(POLICY, debug=True)(lambda event, context: "text")(event, None)
    assert caplog.messages == []


def test_debug_is_silent_where_the_front_door_owns_cors(caplog: pytest.LogCaptureFixture) -> None:
    cors(POLICY, owner="front-door", debug=True)(lambda event, context: "text")(with_headers(GET, origin="x"), None)
    assert caplog.messages == []


def test_debug_finds_the_address_in_any_event(caplog: pytest.LogCaptureFixture) -> None:
    event = {"httpMethod": "GET", "headers": {"Origin": "https://e.test"}}
    assert told(caplog, event)["url"] == "https://unknown/"
    caplog.clear()
    assert told(caplog, {**event, "path": "/p"})["url"] == "https://unknown/p"
    caplog.clear()
    assert (
        told(caplog, {"method": "GET", "raw_path": "/r", "headers": {"origin": "x", "host": "h"}})["url"]
        == "https://h/r"
    )
