"""What is generated, put into a project with a function behind the front door: as whoever pastes it would."""

from __future__ import annotations

import re

from lambda_cors import Policy

from corsmith.api.caller import CallerFlags
from corsmith.api.report import Report
from corsmith.api.tree import Memory, Tree
from corsmith.generate import generate
from corsmith.project.check import Question
from corsmith.project.report import report

PLAIN = 'def handler(event, context):\n    return {"statusCode": 200, "body": "{}"}\n'
CODE = "      Runtime: python3.13\n      Handler: app.handler\n      CodeUri: .\n"

SAM = {
    "http_api": """\
  Items:
    Type: AWS::Serverless::Function
    Properties:
@CODE      Events:
        Call: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /items, Method: @METHOD}}
""",
    "rest_api": """\
  Items:
    Type: AWS::Serverless::Function
    Properties:
@CODE      Events:
        Call: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /items, Method: @METHOD}}
""",
    "function_url": "",
}

FUNCTION = """\
  Function:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: ., Role: arn:aws:iam::123456789012:role/r}
"""
CLOUDFORMATION = {
    "http_api": FUNCTION
    + """\
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Function.Arn
      PayloadFormatVersion: "2.0"
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: @METHOD /items, Target: !Sub "integrations/${Integration}"}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: $default, AutoDeploy: true}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
""",
    "function_url": FUNCTION
    + """\
  MayInvokeUrl:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunctionUrl, Principal: "*", FunctionUrlAuthType: NONE}
  MayInvoke:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunction, Principal: "*", InvokedViaFunctionUrl: true}
""",
    "rest_api": FUNCTION
    + """\
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: api}
  ItemsResource:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: items}
  Call:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref ItemsResource
      HttpMethod: @METHOD
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [Call, OptionsMethod, Default4XX, Default5XX]
    Properties: {RestApiId: !Ref Api, StageName: prod}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
""",
}

TERRAFORM_FUNCTION = """\
resource "aws_lambda_function" "function" {
  function_name = "items"
  role          = "arn:aws:iam::123456789012:role/r"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
}
"""
TERRAFORM_PERMISSION = """\
resource "aws_lambda_permission" "api" {
  function_name = aws_lambda_function.function.function_name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
}
"""
TERRAFORM = {
    "http_api": TERRAFORM_FUNCTION
    + TERRAFORM_PERMISSION
    + """\
resource "aws_apigatewayv2_integration" "items" {
  api_id                 = aws_apigatewayv2_api.api.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.function.invoke_arn
  payload_format_version = "2.0"
}
resource "aws_apigatewayv2_route" "items" {
  api_id    = aws_apigatewayv2_api.api.id
  route_key = "@METHOD /items"
  target    = "integrations/${aws_apigatewayv2_integration.items.id}"
}
resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.api.id
  name        = "$default"
  auto_deploy = true
}
""",
    "function_url": TERRAFORM_FUNCTION,
    "rest_api": TERRAFORM_FUNCTION
    + TERRAFORM_PERMISSION
    + """\
resource "aws_api_gateway_rest_api" "api" {
  name = "api"
}
resource "aws_api_gateway_resource" "items" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  parent_id   = aws_api_gateway_rest_api.api.root_resource_id
  path_part   = "items"
}
resource "aws_api_gateway_method" "call" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_resource.items.id
  http_method   = "@METHOD"
  authorization = "NONE"
}
resource "aws_api_gateway_integration" "call" {
  rest_api_id             = aws_api_gateway_rest_api.api.id
  resource_id             = aws_api_gateway_resource.items.id
  http_method             = aws_api_gateway_method.call.http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = aws_lambda_function.function.invoke_arn
}
resource "aws_api_gateway_deployment" "prod" {
  rest_api_id = aws_api_gateway_rest_api.api.id
  triggers = {
    redeployment = sha1(jsonencode([
      aws_api_gateway_method.call, aws_api_gateway_integration.call, aws_api_gateway_method.items_options,
      aws_api_gateway_integration.items_options@MOCK, aws_api_gateway_gateway_response.default_4xx,
      aws_api_gateway_gateway_response.default_5xx,
    ]))
  }
}
resource "aws_api_gateway_stage" "prod" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  deployment_id = aws_api_gateway_deployment.prod.id
  stage_name    = "prod"
}
""",
}
MOCK_RESPONSES = (
    ",\n      aws_api_gateway_method_response.items_options, aws_api_gateway_integration_response.items_options"
)


def project(target: str, front_door: str, policy: Policy, method: str) -> dict[str, str]:
    """Return the files of a project that holds what is generated."""
    text = generate(target, front_door, policy)
    code = generate("python", front_door, policy) if front_door == "rest_api" else PLAIN
    if target == "sam":
        filled = re.sub(r"(?m)(Function\n    Properties:\n)", rf"\g<1>{CODE}", text)
        return {
            "template.yaml": filled + SAM[front_door].replace("@CODE", CODE).replace("@METHOD", method),
            "app.py": code,
        }
    if target == "cloudformation":
        return {"template.yaml": text + CLOUDFORMATION[front_door].replace("@METHOD", method), "app.py": code}
    if target == "terraform":
        mock = MOCK_RESPONSES if "integration_response" in text else ""
        return {
            "main.tf": text + TERRAFORM[front_door].replace("@METHOD", method).replace("@MOCK", mock),
            "app.py": code,
        }
    if target == "serverless":
        return {"serverless.yml": _service(text, front_door, method), "app.py": code}
    assert target == "openapi"
    return {"api.yaml": _definition(text, front_door, method), "app.py": code}


def behind_a_distribution(target: str, policy: Policy) -> dict[str, str]:
    """Return the files of a project with what is generated for CloudFront in front of an HTTP API without CORS."""
    text = generate(target, "cloudfront", policy)
    if target == "sam":
        text += "  Api: {Type: AWS::Serverless::HttpApi}\n" + SAM["http_api"].replace("@CODE", CODE)
        return {"template.yaml": text.replace("@METHOD", "ANY"), "app.py": PLAIN}
    if target == "cloudformation":
        text += "  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: api, ProtocolType: HTTP}}\n"
        return {"template.yaml": text + CLOUDFORMATION["http_api"].replace("@METHOD", "ANY"), "app.py": PLAIN}
    api = 'resource "aws_apigatewayv2_api" "api" {\n  name          = "api"\n  protocol_type = "HTTP"\n}\n'
    return {"main.tf": text + api + TERRAFORM["http_api"].replace("@METHOD", "ANY"), "app.py": PLAIN}


def _service(text: str, front_door: str, method: str) -> str:
    text = text.replace("  name: aws\n", "  name: aws\n  runtime: python3.13\n")
    if front_door == "http_api":
        event = f"httpApi: {{path: /items, method: {method.lower()}}}"
        return f"{text}functions:\n  items:\n    handler: app.handler\n    events:\n      - {event}\n"
    return text.replace("method: get", f"method: {method.lower()}")


def _definition(text: str, front_door: str, method: str) -> str:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:items/invocations"
    payload = ', payloadFormatVersion: "2.0"' if front_door == "http_api" else ""
    call = (
        f"    {method.lower()}:\n      responses: {{}}\n      x-amazon-apigateway-integration: "
        f"{{type: aws_proxy, httpMethod: POST, uri: '{uri}'{payload}}}\n"
    )
    if front_door == "http_api":
        return text.replace("paths: {}\n", f"paths:\n  /items:\n{call}")
    return text.replace("  /items:\n", f"  /items:\n{call}")


def judged(files: dict[str, str], policy: Policy, method: str) -> Report:
    """Return the report for every page that the policy lets in, with all that it may send."""
    flags = CallerFlags(
        origins=tuple(origin for origin in policy.origins if "*" not in origin) or ("https://any.example",),
        methods=(method,),
        headers=tuple((name, "1") for name in policy.request_headers if name != "*"),
        credentials=policy.credentials,
    )
    targets = tuple(name for name in files if name != "app.py")
    return report(Question(targets, flags), Tree(Memory(files)))
