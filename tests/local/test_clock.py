"""A clock that runs faster brings time limits nearer: those of integrations, of functions and of authorizers."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.13, CodeUri: .}
Resources:
  Rest:
    Type: AWS::Serverless::Api
    Properties: {StageName: v1, Auth: {Authorizers: {Slow: {FunctionArn: !GetAtt Judge.Arn}}}}
  Http:
    Type: AWS::Serverless::HttpApi
  Judge:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.naps, Timeout: 900}
  Naps:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.naps
      Timeout: 900
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Rest: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /naps, Method: get}}
        Judged: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /judged, Method: get, Auth: {Authorizer: Slow}}}
        Http: {Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /naps, Method: get}}
  Short:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.naps, Timeout: 20, FunctionUrlConfig: {AuthType: NONE}}
  Tells:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.tells, Timeout: 500, FunctionUrlConfig: {AuthType: NONE}}
"""
CODE = """\
import time


def naps(event, context):
    time.sleep(1.2)
    return {"statusCode": 200, "body": "awake"}


def tells(event, context):
    return {"statusCode": 200, "body": str(context.get_remaining_time_in_millis())}
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGateway]:
    folder = tmp_path_factory.mktemp("clock")
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "app.py").write_text(CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with LocalGateway(str(Path("template.yaml")), clock=50.0) as running:
            yield running


def get(url: str, **headers: str) -> tuple[int, str]:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=30)
    connection.request("GET", place.path or "/", headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_each_limit_is_reached_in_its_own_way(gateway: LocalGateway) -> None:
    # 29 s of a REST API, 30 s of an HTTP API: a fiftieth is less than the handler takes. A Function URL has no such limit.
    assert get(f"{gateway.urls['Rest']}/naps") == (504, '{"message": "Endpoint request timed out"}')
    assert get(f"{gateway.urls['Http']}/naps") == (503, '{"message":"Service Unavailable"}')
    assert get(gateway.urls["NapsUrl"]) == (200, "awake")
    # The function's own Timeout of 20 s, and the 10 s of an authorizer.
    assert get(gateway.urls["ShortUrl"]) == (502, "Internal Server Error")
    assert get(f"{gateway.urls['Rest']}/judged", Authorization="any")[0] == 500


def test_the_function_is_told_of_the_time_that_it_has(gateway: LocalGateway) -> None:
    status, left = get(gateway.urls["TellsUrl"])
    assert status == 200
    assert 0 < int(left) <= 10_000
