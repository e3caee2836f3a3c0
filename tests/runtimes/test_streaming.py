"""Streamed responses of the Node runtime in the official client: the prelude is there, and holds the policy's headers."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from clients import node_client
from runtime_api import Posted, RuntimeApi

pytestmark = pytest.mark.node
APP = "https://app.example.com"
CORS = {"Access-Control-Allow-Origin": APP, "Vary": "Origin"}
JSON = {"content-type": "application/json"}
CRASH = '{"message":"Internal Server Error"}'
PRELUDE = "application/vnd.awslambda.http-integration-response"


@pytest.fixture(scope="module")
def client() -> Iterator[RuntimeApi]:
    with node_client("streams_node.handler") as running:
        yield running


def ask(client: RuntimeApi, does: str, method: str = "GET", **headers: str) -> tuple[dict[str, Any], str, Posted]:
    """The metadata and the body that were streamed."""
    http = {"method": method, "path": "/"}
    event = {"version": "2.0", "does": does, "headers": {"origin": APP, **headers}, "requestContext": {"http": http}}
    posted = client.invoke(event)
    assert posted.headers["lambda-runtime-function-response-mode"] == "streaming"
    assert posted.headers["content-type"] == PRELUDE
    metadata, separator, body = posted.body.partition(b"\0" * 8)
    assert separator
    return json.loads(metadata), body.decode(), posted


@pytest.mark.parametrize(
    ("does", "metadata", "body"),
    [
        ("metadata", {"statusCode": 201, "headers": {"x-own": "1", **CORS}, "cookies": ["a=b"]}, "one,two"),
        ("empty", {"statusCode": 302, "headers": {"location": "/x", **CORS}}, ""),
        ("plain", {"statusCode": 200, "headers": {"content-type": "text/html", **CORS}}, "<p>"),
        ("nothing", {"statusCode": 200, "headers": {"content-type": "application/octet-stream", **CORS}}, ""),
        ("piped", {"statusCode": 200, "headers": {"content-type": "text/plain", **CORS}}, "ab"),
        ("early", {"statusCode": 500, "headers": {**JSON, **CORS}}, CRASH),
    ],
)
def test_the_prelude_is_written_whatever_the_body(
    client: RuntimeApi, does: str, metadata: dict[str, Any], body: str
) -> None:
    assert ask(client, does)[:2] == (metadata, body)


def test_a_preflight_is_answered_with_a_prelude_and_no_body(client: RuntimeApi) -> None:
    metadata, body, _ = ask(client, "nothing", "OPTIONS", **{"access-control-request-method": "PUT"})
    assert metadata["statusCode"] == 204
    assert metadata["headers"]["Access-Control-Allow-Methods"] == "PUT"
    assert metadata["headers"]["Access-Control-Max-Age"] == "0"
    assert body == ""


def test_metadata_that_cannot_be_a_response_becomes_a_500(client: RuntimeApi) -> None:
    metadata, _, _ = ask(client, "wrong")
    assert metadata == {"statusCode": 500, "headers": {**JSON, **CORS}}


def test_an_error_after_the_first_byte_is_lambdas_to_tell(client: RuntimeApi) -> None:
    metadata, body, posted = ask(client, "late")
    assert metadata["headers"]["Access-Control-Allow-Origin"] == APP
    assert body == "begun"
    assert posted.trailers["lambda-runtime-function-error-type"] == "Error"
