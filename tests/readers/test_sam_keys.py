"""API keys of REST APIs in SAM: events that waive what their API does not ask for, and switches as YAML writes them."""

from __future__ import annotations

import pytest

from corsmith.api.model import Api
from corsmith.api.rest_api import RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.readers import read

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod, Auth: {%s}}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: s3://code/items.zip
      Events:
        Call: {Type: Api, Properties: {RestApiId: !Ref Shop, Path: /items, Method: put, Auth: {%s}}}
"""


def api_of(of_api: str, of_event: str) -> Api:
    found = read(Tree(Memory({"template.yaml": TEMPLATE % (of_api, of_event)})), "template.yaml")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("of_api", "of_event", "keyed", "refused"),
    [
        ("ApiKeyRequired: true", "", True, False),
        ("ApiKeyRequired: true", "ApiKeyRequired: false", False, False),
        ("ApiKeyRequired: yes", "ApiKeyRequired: off", False, False),
        ("", "ApiKeyRequired: on", True, False),
        # Measured with aws-sam-translator 1.110: it refuses to waive what the API does not specify.
        ("", "ApiKeyRequired: false", False, True),
        ("ApiKeyRequired: false", "ApiKeyRequired: false", False, True),
    ],
)
def test_keys(of_api: str, of_event: str, keyed: bool, refused: bool) -> None:
    api = api_of(of_api, of_event)
    (door,) = api.front_doors
    assert isinstance(door, RestApi)
    (method,) = [each for each in door.methods if each.verb == "PUT"]
    assert isinstance(method.api_key_required, Known)
    assert method.api_key_required.value is keyed
    assert method.authorizer == Known(None, getattr(method.authorizer, "span", None))
    assert [each.what for each in api.refused] == (["conflict"] if refused else [])
