"""OpenAPI definitions with API Gateway's extensions."""

from __future__ import annotations

from typing import Any

from . import cloudformation
from .lists import extension
from .plan import REST, Plan, Preflight
from .yaml_text import Sub

_TEXT = {"schema": {"type": "string"}}


def definition(plan: Plan) -> dict[str, Any]:
    """Return the definition of a plan's API."""
    found: dict[str, Any] = {"openapi": "3.0.1", "info": {"title": "shop", "version": "1.0"}}
    rest = plan.door == REST
    if plan.lists is not None and not plan.stray:
        found["x-amazon-apigateway-cors"] = extension(plan.lists)
    if plan.binary:
        found["x-amazon-apigateway-binary-media-types"] = list(plan.binary)
    if plan.gateway_responses:
        made = {"responseParameters": {f"gatewayresponse.header.{key}": value for key, value in plan.gateway_responses}}
        found["x-amazon-apigateway-gateway-responses"] = {"DEFAULT_4XX": made, "DEFAULT_5XX": made}
    operation: dict[str, Any] = {"responses": {"200": {"description": "done"}}}
    if plan.authorizer:
        operation["security"] = [{"tokens": []}]
    if plan.keyed:
        operation["security"] = [*operation.get("security", []), {"key": []}]
    operation |= _integration(plan) if rest else _second(plan)
    if plan.stray and plan.lists is not None:
        operation["x-amazon-apigateway-cors"] = extension(plan.lists)
    method = "x-amazon-apigateway-any-method" if plan.catch_all else plan.method.lower()
    path = ("/{proxy+}" if rest else "/$default") if plan.catch_all else plan.path
    operations = {method: operation}
    if plan.preflight is not None:
        operations["options"] = _options(plan.preflight)
    found["paths"] = {path: operations}
    schemes = _schemes(plan)
    if schemes:
        found["components"] = {"securitySchemes": schemes}
    return found


def _second(plan: Plan) -> dict[str, Any]:
    del plan
    return {
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "payloadFormatVersion": "2.0",
            "uri": Sub(cloudformation.INVOKED),
        }
    }


def _integration(plan: Plan) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "aws_proxy", "httpMethod": "POST", "uri": Sub(cloudformation.INVOKED)}
    if not plan.mapped:
        return {"x-amazon-apigateway-integration": made}
    header = "method.response.header.Access-Control-Allow-Origin"
    response: dict[str, Any] = {"statusCode": "200"}
    declared: dict[str, Any] = {"description": "done"}
    if plan.mapped != "-":
        response["responseParameters"] = {header: plan.mapped}
        declared["headers"] = {"Access-Control-Allow-Origin": _TEXT}
    return {
        "responses": {"200": declared},
        "x-amazon-apigateway-integration": {**made, "type": "aws", "responses": {"default": response}},
    }


def _options(preflight: Preflight) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "mock"}
    if preflight.template is not None:
        made["requestTemplates"] = {"application/json": preflight.template}
    if preflight.text:
        made["contentHandling"] = "CONVERT_TO_TEXT"
    response: dict[str, Any] = {"statusCode": "200"}
    declared: dict[str, Any] = {"description": "preflight"}
    if preflight.parameters:
        response["responseParameters"] = {f"method.response.header.{key}": value for key, value in preflight.parameters}
        declared["headers"] = {key: _TEXT for key, _ in preflight.parameters}
    if preflight.answers:
        made["responses"] = {"default": response}
    found: dict[str, Any] = {"responses": {"200": declared}, "x-amazon-apigateway-integration": made}
    if preflight.authorized:
        found["security"] = [{"tokens": []}]
    if preflight.keyed:
        found["security"] = [{"key": []}]
    return found


def _schemes(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if plan.authorizer and plan.door == REST:
        found["tokens"] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools",
            "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [cloudformation.POOL]},
        }
    elif plan.authorizer:
        found["tokens"] = {
            "type": "oauth2",
            "x-amazon-apigateway-authorizer": {
                "type": "jwt",
                "identitySource": "$request.header.Authorization",
                "jwtConfiguration": {"issuer": "https://id.example.com", "audience": ["shop"]},
            },
        }
    if plan.keyed:
        found["key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    return found
