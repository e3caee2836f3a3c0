"""SAM projects: with SAM's own settings, or with an OpenAPI definition inside the template."""

from __future__ import annotations

import random
from typing import Any

from . import cloudformation, code, edge, openapi
from .lists import CLOUDFORMATION, members
from .plan import (
    CREDENTIALS,
    HEADERS,
    HTTP,
    MAX_AGE,
    METHODS,
    OPENAPI,
    ORIGIN,
    REST,
    Plan,
    Preflight,
)
from .yaml_text import Ref, as_yaml

_CORS = {ORIGIN: "AllowOrigin", METHODS: "AllowMethods", HEADERS: "AllowHeaders", MAX_AGE: "MaxAge"}
_TOKENS = {
    "IdentitySource": "$request.header.Authorization",
    "JwtConfiguration": {"issuer": "https://id.example.com", "audience": ["shop"]},
}


def files(plan: Plan, dice: random.Random) -> dict[str, str]:
    """Return the template of a plan."""
    template: dict[str, Any] = {"Transform": "AWS::Serverless-2016-10-31"}
    if plan.stray and plan.dialect != OPENAPI:
        template["Globals"] = _stray(plan)
    api = _openapi(plan) if plan.dialect == OPENAPI else _api(plan)
    found = {**api, "Items": _function(plan), **edge.resources(plan)}
    if plan.dialect == OPENAPI:
        found |= cloudformation._allowed(plan, "*/*/*" if plan.door == REST else "*/*")
    template["Resources"] = found
    return {"template.yaml": as_yaml(template, dice)}


def _stray(plan: Plan) -> dict[str, Any]:
    if plan.door == REST:
        return {"HttpApi": {"CorsConfiguration": {"AllowOrigins": [plan.origin], "AllowHeaders": list(plan.sent)}}}
    return {"Api": {"Cors": f"'{plan.origin}'"}}


def _function(plan: Plan) -> dict[str, Any]:
    own: dict[str, Any] = {
        "Runtime": code.RUNTIMES[plan.language],
        "Handler": code.handler(plan),
        "CodeUri": f"{code.folder(plan)}/",
    }
    found: dict[str, Any] = {"Type": "AWS::Serverless::Function", "Properties": own}
    if plan.language == "typescript":
        found["Metadata"] = {
            "BuildMethod": "esbuild",
            "BuildProperties": {"EntryPoints": ["app.ts"], "Target": "es2022"},
        }
    if plan.dialect == OPENAPI:
        return found
    if plan.door in (REST, HTTP):
        kind, key = ("Api", "RestApiId") if plan.door == REST else ("HttpApi", "ApiId")
        event: dict[str, Any] = {key: Ref("Shop")}
        if not (plan.catch_all and plan.door == HTTP):
            event |= (
                {"Path": "/{proxy+}", "Method": "ANY"} if plan.catch_all else {"Path": plan.path, "Method": plan.method}
            )
        own["Events"] = {"Call": {"Type": kind, "Properties": event}}
    else:
        settings: dict[str, Any] = {"AuthType": "AWS_IAM" if plan.signed else "NONE"}
        if plan.lists is not None and not plan.stray:
            settings["Cors"] = members(plan.lists, CLOUDFORMATION)
        own["FunctionUrlConfig"] = settings
    return found


def _api(plan: Plan) -> cloudformation.Resources:
    if plan.door == REST:
        return {"Shop": {"Type": "AWS::Serverless::Api", "Properties": _rest(plan)}}
    if plan.door == HTTP:
        properties = _http(plan)
        return {"Shop": {"Type": "AWS::Serverless::HttpApi", **({"Properties": properties} if properties else {})}}
    return {}


def _rest(plan: Plan) -> dict[str, Any]:
    own: dict[str, Any] = {"StageName": "prod"}
    if plan.preflight is not None:
        own["Cors"] = cors_map(plan.preflight)
    auth: dict[str, Any] = {}
    if plan.authorizer:
        auth |= {"DefaultAuthorizer": "Pool", "Authorizers": {"Pool": {"UserPoolArn": cloudformation.POOL}}}
        if plan.preflight is not None and not plan.preflight.authorized:
            auth["AddDefaultAuthorizerToCorsPreflight"] = False
    if plan.keyed:
        auth["ApiKeyRequired"] = True
        if plan.preflight is not None and not plan.preflight.keyed:
            auth["AddApiKeyRequiredToCorsPreflight"] = False
    if auth:
        own["Auth"] = auth
    if plan.binary:
        own["BinaryMediaTypes"] = [each.replace("/", "~1") for each in plan.binary]
    if plan.gateway_responses:
        made = {"ResponseParameters": {"Headers": dict(plan.gateway_responses)}}
        own["GatewayResponses"] = {"DEFAULT_4XX": made, "DEFAULT_5XX": made}
    if plan.throttled:
        own["MethodSettings"] = [
            {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingBurstLimit": 0, "ThrottlingRateLimit": 0}
        ]
    return {**own, **dict(plan.extra)}


def cors_map(preflight: Preflight) -> dict[str, Any]:
    """Return SAM's Cors of a REST API."""
    found: dict[str, Any] = {}
    for name, value in preflight.parameters:
        if name == CREDENTIALS:
            found["AllowCredentials"] = True
        else:
            found[_CORS.get(name, name.replace("Access-Control-", "").replace("-", ""))] = value
    return found


def _http(plan: Plan) -> dict[str, Any]:
    own: dict[str, Any] = {}
    if plan.lists is not None and not plan.stray:
        own["CorsConfiguration"] = members(plan.lists, CLOUDFORMATION)
    if plan.authorizer:
        own["Auth"] = {"DefaultAuthorizer": "Tokens", "Authorizers": {"Tokens": _TOKENS}}
    if plan.throttled:
        own["DefaultRouteSettings"] = {"ThrottlingBurstLimit": 0, "ThrottlingRateLimit": 0}
    return {**own, **dict(plan.extra)}


def _openapi(plan: Plan) -> cloudformation.Resources:
    body = openapi.definition(plan)
    if plan.door == REST:
        properties: dict[str, Any] = {"StageName": "prod", "DefinitionBody": body}
        return {"Shop": {"Type": "AWS::Serverless::Api", "Properties": properties}}
    return {"Shop": {"Type": "AWS::Serverless::HttpApi", "Properties": {"DefinitionBody": body}}}
