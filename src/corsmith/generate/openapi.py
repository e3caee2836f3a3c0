"""An OpenAPI definition with API Gateway's extensions. Source: the API Gateway developer guide, "OpenAPI extensions"."""

from __future__ import annotations

from lambda_cors import Policy

from . import rest
from .cannot import CannotSay
from .comments import hash_comments
from .yaml_text import Data, Tagged, yaml_text

URI = "arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION-ARN/invocations"
"""What stands for the function: its region and its ARN."""


def write(front_door: str, policy: Policy) -> str:
    """Return a definition with the extensions: take them into yours."""
    head: dict[str, Data] = {"openapi": "3.0.1", "info": {"title": "api", "version": Tagged('"1.0"')}}
    if front_door == "function_url":
        raise CannotSay(
            "a Function URL has no OpenAPI definition; `--for sam`, cloudformation, terraform write its Cors"
        )
    if front_door == "http_api":
        lines: tuple[str, ...] = ("Take x-amazon-apigateway-cors to the top of your definition.",)
        settings = policy.settings_for(front_door)
        cors: dict[str, Data] = {key[:1].lower() + key[1:]: value for key, value in settings.items()}
        return hash_comments(lines) + yaml_text({**head, "paths": {}, "x-amazon-apigateway-cors": cors})
    lines = (*rest.remarks(policy), "Write `options` once for each path.")
    parameters: dict[str, Data] = {
        f"gatewayresponse.header.{name}": said for name, said in rest.quoted(rest.of_errors(policy)).items()
    }
    options = _mock(rest.preflight(policy)) if rest.constant(policy) else _function()
    return hash_comments(lines) + yaml_text(
        {
            **head,
            "paths": {"/items": {"options": options}},
            "x-amazon-apigateway-gateway-responses": {
                name: {"responseParameters": parameters} for name in rest.DEFAULTS
            },
        }
    )


def _mock(headers: dict[str, str]) -> Data:
    declared: dict[str, Data] = {name: {"schema": {"type": "string"}} for name in headers}
    values: dict[str, Data] = {f"method.response.header.{name}": said for name, said in rest.quoted(headers).items()}
    return {
        "security": [],
        "responses": {"204": {"description": "the answer to a preflight", "headers": declared}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "contentHandling": "CONVERT_TO_TEXT",
            "responses": {"default": {"statusCode": "204", "responseParameters": values}},
        },
    }


def _function() -> Data:
    return {
        "security": [],
        "responses": {"204": {"description": "the answer to a preflight"}},
        "x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": URI},
    }
