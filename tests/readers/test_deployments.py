"""What the snapshots of a REST API hold."""

from __future__ import annotations

import pytest

from corsmith.api.rest_api import Deployment, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.readers import read

API = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: shop
      Body:
        openapi: 3.0.1
        paths:
          /body:
            get:
              x-amazon-apigateway-integration: {type: mock}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration: {Type: MOCK}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration: {Type: MOCK}
  Refused:
    Type: AWS::ApiGateway::GatewayResponse
    DependsOn: Options
    Properties:
      RestApiId: !Ref Api
      ResponseType: DEFAULT_4XX
"""


def deployments(text: str) -> tuple[tuple[Deployment, ...], dict[object, str]]:
    """The deployments, and the names of the API's parts by their spans."""
    api = read(Tree(Memory({"t.yaml": API + text})), "t.yaml")
    assert api is not None
    door = api.front_doors[0]
    assert isinstance(door, RestApi)
    names: dict[object, str] = {method.span: f"{method.verb} {method.path}" for method in door.methods}
    return door.deployments, names | {each.span: each.type for each in door.gateway_responses}


def deployment(also: str) -> str:
    return f"  Deployed: {{Type: AWS::ApiGateway::Deployment, {also}}}\n"


@pytest.mark.parametrize(
    ("also", "held"),
    [
        ("Properties: {RestApiId: !Ref Api, StageName: prod}", {"GET /body"}),
        ("DependsOn: Post, Properties: {RestApiId: !Ref Api, StageName: prod}", {"GET /body", "POST /"}),
        (
            "DependsOn: [Post, Options], Properties: {RestApiId: !Ref Api, StageName: prod}",
            {"GET /body", "POST /", "OPTIONS /"},
        ),
        (
            "DependsOn: Refused, Properties: {RestApiId: !Ref Api, StageName: prod}",
            {"GET /body", "OPTIONS /", "DEFAULT_4XX"},
        ),
        (
            "Properties: {RestApiId: !Ref Api, StageName: prod, Description: !Sub 'of ${Options}'}",
            {"GET /body", "OPTIONS /"},
        ),
    ],
)
def test_a_snapshot_holds_what_it_waits_for(also: str, held: set[str]) -> None:
    (found,), names = deployments(deployment(also))
    assert found.name == "Deployed"
    assert {names[span] for span in found.holds} == held
    assert found.renewed.get() is False


def test_a_deployment_without_a_stage_serves_nothing() -> None:
    assert deployments(deployment("Properties: {RestApiId: !Ref Api}"))[0] == ()


def test_a_stage_names_its_deployment() -> None:
    stage = "  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployed}}\n"
    found, _ = deployments(deployment("Properties: {RestApiId: !Ref Api}") + stage)
    assert [each.name for each in found] == ["Deployed"]


def test_a_construct_makes_a_new_snapshot_for_each_change() -> None:
    metadata = "Metadata: {'aws:cdk:path': App/Api/Deployment}, "
    found, _ = deployments(deployment(metadata + "Properties: {RestApiId: !Ref Api, StageName: prod}"))
    assert [each.renewed.get() for each in found] == [True]


def test_circles_of_resources_end() -> None:
    circle = """
  Deployed:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [One, Missing, {Odd: 1}]
    Properties: {RestApiId: !Ref Api, StageName: prod}
  One: {Type: Custom::Thing, DependsOn: Deployed}
"""
    found, names = deployments(circle)
    assert {names[span] for span in found[0].holds} == {"GET /body"}
