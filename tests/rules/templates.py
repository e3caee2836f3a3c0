"""Small templates in plain CloudFormation: the pages of the rules show SAM, these are their second dialect."""

from __future__ import annotations

import json

APP = "https://app.example.com"
INVOKED = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Items.Arn}/invocations"


def http_api(cors: str = f"AllowOrigins: ['{APP}'], MaxAge: 600", route: str = "GET /items", **more: str) -> str:
    """Return an HTTP API with one route; `cors` are the members of its configuration, none where it is empty.

    `more`: "payload", "stage", "permission", "extra" resources, "properties" of the API.
    """
    configured = f", CorsConfiguration: {{{cors}}}" if cors else ""
    return f"""\
Resources:
  Shop:
    Type: AWS::ApiGatewayV2::Api
    Properties: {{Name: shop, ProtocolType: HTTP{configured}{more.get("properties", "")}}}
  Default:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {{ApiId: !Ref Shop, StageName: $default, {more.get("stage", "AutoDeploy: true")}}}
  Code:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Shop
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Items.Arn
      PayloadFormatVersion: "{more.get("payload", "2.0")}"
  Call:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Shop, RouteKey: '{route}', Target: !Sub 'integrations/${{Code}}'{more.get("auth", "")}}}
{_permission(more.get("permission", "*/*"))}{more.get("extra", "")}{function()}"""


def rest_api(options: str = "", **more: str) -> str:
    """Return a REST API with GET /items, and an OPTIONS method whose response parameters are `options`.

    `more`: "extra" resources, "depends", "properties" of the API, "method" of the call, "deployment", "permission".
    """
    method = more.get("method", "GET")
    depends = more.get("depends", f"[Call, {'Preflight, ' if options else ''}Default4Xx, Default5Xx]")
    return f"""\
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties: {{Name: shop{more.get("properties", "")}}}
  ItemsPath:
    Type: AWS::ApiGateway::Resource
    Properties: {{RestApiId: !Ref Shop, ParentId: !GetAtt Shop.RootResourceId, PathPart: items}}
  Call:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !Ref ItemsPath
      HttpMethod: {method}
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub {INVOKED}
{_preflight(options) if options else ""}  Snapshot:
    Type: AWS::ApiGateway::Deployment
    DependsOn: {depends}
    Properties: {{RestApiId: !Ref Shop, {more.get("deployment", "StageName: prod")}}}
{_answers()}{_permission(more.get("permission", "*/*/*"))}{more.get("extra", "")}{function()}"""


def _preflight(parameters: str) -> str:
    names = [part.partition(":")[0].strip() for part in parameters.split("; ")]
    lines = [part.strip() for part in parameters.split("; ")]
    mapped = "\n".join(f"              method.response.header.{line}" for line in lines)
    declared = "\n".join(f"            method.response.header.{name}: true" for name in names)
    return f"""\
  Preflight:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Shop
      ResourceId: !Ref ItemsPath
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        RequestTemplates: {{application/json: '{{"statusCode": 200}}'}}
        IntegrationResponses:
          - StatusCode: "200"
            ResponseParameters:
{mapped}
      MethodResponses:
        - StatusCode: "200"
          ResponseParameters:
{declared}
"""


def _answers() -> str:
    made = ""
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        made += f"""\
  {kind.replace("_", "").title()}:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Shop
      ResponseType: {kind}
      ResponseParameters: {{gatewayresponse.header.Access-Control-Allow-Origin: "'{APP}'"}}
"""
    return made


def _permission(pattern: str) -> str:
    if not pattern:
        return ""
    return f"""\
  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Items
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub 'arn:aws:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Shop}}/{pattern}'
"""


def function_url(cors: str = f"AllowOrigins: ['{APP}'], MaxAge: 600", *, permissions: str = "both") -> str:
    """Return a Function URL. `permissions`: "both", "one", "none"."""
    settings = f", Cors: {{{cors}}}" if cors else ""
    given = ""
    if permissions in ("both", "one"):
        given += (
            "  MayCallUrl:\n    Type: AWS::Lambda::Permission\n    Properties: {Action: lambda:InvokeFunctionUrl, "
            "FunctionName: !Ref Items, Principal: '*', FunctionUrlAuthType: NONE}\n"
        )
    if permissions == "both":
        given += (
            "  MayInvoke:\n    Type: AWS::Lambda::Permission\n    Properties: {Action: lambda:InvokeFunction, "
            "FunctionName: !Ref Items, Principal: '*', InvokedViaFunctionUrl: true}\n"
        )
    return f"""\
Resources:
  ItemsUrl:
    Type: AWS::Lambda::Url
    Properties: {{TargetFunctionArn: !Ref Items, AuthType: NONE{settings}}}
{given}{function()}"""


def load_balancer(*, scheme: str = "internet-facing", permitted: bool = True, multi_value: bool = False) -> str:
    """Return a listener whose default action leads to the function."""
    several = (
        "\n      TargetGroupAttributes: [{Key: lambda.multi_value_headers.enabled, Value: 'true'}]"
        if multi_value
        else ""
    )
    given = (
        "  Allowed:\n    Type: AWS::Lambda::Permission\n    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref "
        "Items, Principal: elasticloadbalancing.amazonaws.com}\n"
        if permitted
        else ""
    )
    return f"""\
Resources:
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {{Scheme: {scheme}, Type: application}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{{Type: forward, TargetGroupArn: !Ref Group}}]
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      TargetType: lambda
      Targets: [{{Id: !GetAtt Items.Arn}}]{several}
{given}{function()}"""


def function(runtime: str = "python3.13") -> str:
    """Return the function that all of them lead to."""
    return f"""\
  Items:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: {runtime}
      Handler: app.handler
      Role: arn:aws:iam::123456789012:role/items
      Code: .
"""


def distribution(
    behavior: str, *, domain: str = "!Sub '${Shop}.execute-api.${AWS::Region}.amazonaws.com'", **more: str
) -> str:
    """Return a distribution whose default behavior leads to `domain`; `more`: "config", "origin" settings, "extra"."""
    origin = more.get("origin", "CustomOriginConfig: {OriginProtocolPolicy: https-only}")
    return f"""\
  Edge:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        {more.get("config", "Aliases: [api.example.com]")}
        Origins: [{{Id: shop, DomainName: {domain}, {origin}}}]
        DefaultCacheBehavior: {{TargetOriginId: shop, ViewerProtocolPolicy: redirect-to-https, {behavior}}}
{more.get("extra", "")}"""


ALL_METHODS = "AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]"
NO_CACHE = "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
CACHE = "CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER = "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3"
EXCEPT_HOST = "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac"


def handler(
    headers: str = f'{{"Access-Control-Allow-Origin": "{APP}"}}', *, before: str = "", status: int = 200
) -> str:
    """Return a handler that answers everything with the same headers."""
    return f"""\
{before}
def handler(event, context):
    return {{"statusCode": {status}, "headers": {headers}, "body": ""}}
"""


def definition(operation: str, *, extension: str = "", openapi: str = "openapi: 3.0.1") -> str:
    """Return an OpenAPI definition with GET /items."""
    return f"""\
{openapi}
info: {{title: shop, version: "1"}}
{extension}paths:
  /items:
    get:
      {operation}
"""


def as_json(template: dict[str, object]) -> str:
    """Return a template as CDK writes it."""
    return json.dumps(template, indent=1)
