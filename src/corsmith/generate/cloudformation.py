"""CloudFormation. Source: the resource reference of AWS::ApiGatewayV2::Api, AWS::Lambda::Url, AWS::ApiGateway::Method."""

from __future__ import annotations

from lambda_cors import Policy

from . import cloudfront, distribution, rest
from .comments import hash_comments
from .yaml_text import Data, Tagged, yaml_text


def write(front_door: str, policy: Policy) -> str:
    """Return a template with the resources that carry the settings: take what is new into yours."""
    if front_door == "http_api":
        lines: tuple[str, ...] = ("Take CorsConfiguration into your AWS::ApiGatewayV2::Api.",)
        properties: dict[str, Data] = {
            "Name": "api",
            "ProtocolType": "HTTP",
            "CorsConfiguration": policy.settings_for(front_door),
        }
        resources: dict[str, Data] = {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties}}
    elif front_door == "function_url":
        lines = ("Take Cors into your AWS::Lambda::Url, and CORS headers out of the code: both would double them.",)
        properties = {
            "TargetFunctionArn": Tagged("!GetAtt Function.Arn"),
            "AuthType": "NONE",
            "Cors": policy.settings_for(front_door),
        }
        resources = {"FunctionUrl": {"Type": "AWS::Lambda::Url", "Properties": properties}}
    elif front_door == "cloudfront":
        lines = cloudfront.REMARKS
        resources = distribution.resources(policy)
    else:
        lines = (
            *rest.remarks(policy),
            "Write OptionsMethod once for each resource, Api and ItemsResource being yours, and let the",
            "AWS::ApiGateway::Deployment depend on it: what is not deployed is not served.",
        )
        resources = _rest(policy)
    return hash_comments(lines) + yaml_text({"Resources": resources})


def _rest(policy: Policy) -> dict[str, Data]:
    api = Tagged("!Ref Api")
    method: dict[str, Data] = {
        "RestApiId": api,
        "ResourceId": Tagged("!Ref ItemsResource"),
        "HttpMethod": "OPTIONS",
        "AuthorizationType": "NONE",
        **(_mock(rest.preflight(policy)) if rest.constant(policy) else _function()),
    }
    found: dict[str, Data] = {"OptionsMethod": {"Type": "AWS::ApiGateway::Method", "Properties": method}}
    for name in rest.DEFAULTS:
        parameters: dict[str, Data] = {
            f"gatewayresponse.header.{header}": value for header, value in rest.quoted(rest.of_errors(policy)).items()
        }
        found[f"Default{name[-3:]}"] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {"RestApiId": api, "ResponseType": name, "ResponseParameters": parameters},
        }
    return found


def _mock(headers: dict[str, str]) -> dict[str, Data]:
    declared: dict[str, Data] = {f"method.response.header.{name}": False for name in headers}
    values: dict[str, Data] = {f"method.response.header.{name}": said for name, said in rest.quoted(headers).items()}
    return {
        "Integration": {
            "Type": "MOCK",
            "RequestTemplates": {"application/json": '{"statusCode": 204}'},
            # With the binary media type */* a template is read as text only where it says so.
            "ContentHandling": "CONVERT_TO_TEXT",
            "IntegrationResponses": [{"StatusCode": "204", "ResponseParameters": values}],
        },
        "MethodResponses": [{"StatusCode": "204", "ResponseParameters": declared}],
    }


def _function() -> dict[str, Data]:
    uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function.Arn}/invocations"
    return {
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": Tagged(f'!Sub "{uri}"')},
    }
