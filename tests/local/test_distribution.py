"""A CloudFront distribution is served like every front door, with those behind it at addresses of their own."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corsmith.local.background import LocalGateway

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Any: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: ANY}}}
  Cdn:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: api
            DomainName: !Sub ${Api}.execute-api.${AWS::Region}.amazonaws.com
            CustomOriginConfig: {OriginProtocolPolicy: https-only}
        DefaultCacheBehavior:
          TargetOriginId: api
          ViewerProtocolPolicy: redirect-to-https
          AllowedMethods: %s
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
%s
"""
FORWARDED = "          OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac"
READ, ALL = "[GET, HEAD]", "[GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]"
CODE = """\
def handler(event, context):
    origin = event["headers"].get("origin", "none")
    return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": origin}, "body": origin}
"""
PAGE = "https://app.example.com"


def ask(url: str, method: str) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, "/items", headers={"Origin": PAGE, "Access-Control-Request-Method": "PUT"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("access-control-allow-origin"), body


@pytest.mark.parametrize(
    ("methods", "policy", "preflight", "got"),
    [
        # The distribution refuses OPTIONS by itself, and drops Origin where no policy forwards it.
        (READ, "", (403, None), "none"),
        (ALL, "", (200, "none"), "none"),
        (ALL, FORWARDED, (200, PAGE), PAGE),
    ],
)
def test_its_faults_are_there_and_the_api_behind_it_has_its_own(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    methods: str,
    policy: str,
    preflight: tuple[int, str | None],
    got: str,
) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE % (methods, policy))
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    with LocalGateway("template.yaml") as gateway:
        assert ask(gateway.urls["Cdn"], "OPTIONS")[:2] == preflight
        assert ask(gateway.urls["Cdn"], "GET") == (200, got, got.encode())
        assert ask(gateway.urls["Api"], "OPTIONS")[:2] == (200, PAGE)
        assert [address.front_door for address in gateway.addresses] == ["http_api", "cloudfront"]
