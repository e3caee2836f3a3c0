"""What no function answers is refused with a clear answer, and the front door still does its part."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

API = """\
openapi: 3.0.1
info: {title: api, version: '1'}
%s
paths:
  /proxied:
    get:
      responses: {default: {description: x}}
      x-amazon-apigateway-integration:
        type: http_proxy
        httpMethod: GET
        uri: https://backend.example/proxied
"""
CORS = "x-amazon-apigateway-cors: {allowOrigins: ['https://app.example.com'], allowMethods: [GET]}"
SERVICE = """\
  /queue:
    post:
      responses: {'200': {description: x}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:eu-west-1:sqs:path/123456789012/queue
        responses: {default: {statusCode: '200'}}
"""
OPTIONS = """\
    options:
      responses: {'200': {description: x, headers: {Access-Control-Allow-Origin: {schema: {type: string}}}}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default:
            statusCode: '200'
            responseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}
"""


@pytest.fixture
def gateway(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalGateway]:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "api.yaml").write_text(request.param)
    monkeypatch.chdir(folder)
    with LocalGateway("api.yaml") as running:
        yield running


def ask(gateway: LocalGateway, method: str, path: str, **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
    place = urlsplit(gateway.addresses[0].url)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, place.path + path, headers={"Origin": "https://app.example.com", **named})
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body, answer.headers


@pytest.mark.parametrize("gateway", [API % CORS], indirect=True)
def test_an_http_apis_configuration_lies_over_the_refusal(gateway: LocalGateway) -> None:
    status, body, headers = ask(gateway, "GET", "/proxied")
    assert (status, headers["x-corsmith"]) == (501, "undecided")
    assert headers["access-control-allow-origin"] == "https://app.example.com"
    assert "https://backend.example/proxied was not called" in json.loads(body)["message"]
    status, _, headers = ask(gateway, "OPTIONS", "/proxied", Access_Control_Request_Method="GET")
    assert (status, headers["access-control-allow-methods"]) == (204, "GET")


@pytest.mark.parametrize("gateway", [API % "" + OPTIONS + SERVICE], indirect=True)
def test_a_rest_api_refuses_by_itself_and_its_mocks_answer(gateway: LocalGateway) -> None:
    status, body, headers = ask(gateway, "GET", "/proxied")
    assert (status, headers["x-corsmith"], headers["access-control-allow-origin"]) == (501, "undecided", None)
    assert "https://backend.example/proxied was not called" in json.loads(body)["message"]
    assert any("it leads to https://backend.example/proxied" in message for message in gateway.told)
    status, body, _ = ask(gateway, "POST", "/queue")
    assert (status, "was not called" in body) == (501, True)
    status, _, headers = ask(gateway, "OPTIONS", "/proxied", Access_Control_Request_Method="GET")
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
