"""Services of the Serverless Framework."""

from __future__ import annotations

import random
from typing import Any

from . import code, edge
from .cloudformation import POOL
from .lists import SERVERLESS, members
from .plan import ALB, CREDENTIALS, HEADERS, HTTP, MAX_AGE, METHODS, ORIGIN, REST, Plan, Preflight
from .yaml_text import as_yaml

_LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/front/50dc6c495c0c9188/0467ef3c8400ae65"


def files(plan: Plan, dice: random.Random) -> dict[str, str]:
    """Return the service of a plan."""
    provider: dict[str, Any] = {"name": "aws", "runtime": code.RUNTIMES[plan.language], "region": "eu-west-1"}
    api: dict[str, Any] = {}
    if plan.door == HTTP and plan.lists is not None and not plan.stray:
        api["cors"] = members(plan.lists, SERVERLESS)
    if plan.door == HTTP and plan.authorizer:
        api["authorizers"] = {
            "tokens": {
                "type": "jwt",
                "identitySource": "$request.header.Authorization",
                "issuerUrl": "https://id.example.com",
                "audience": ["shop"],
            }
        }
    if api:
        provider["httpApi"] = api
    gateway: dict[str, Any] = {}
    if plan.keyed:
        gateway["apiKeys"] = ["pages"]
    if plan.binary:
        gateway["binaryMediaTypes"] = list(plan.binary)
    if gateway:
        provider["apiGateway"] = gateway
    service: dict[str, Any] = {"service": "shop", "frameworkVersion": "3", "provider": provider}
    if plan.language == "typescript":
        service["plugins"] = ["serverless-esbuild"]
    service["functions"] = {"items": _function(plan)}
    resources = {**_answers(plan), **edge.resources(plan)}
    if resources:
        service["resources"] = {"Resources": resources}
    return {"serverless.yml": as_yaml(service, dice)}


def _function(plan: Plan) -> dict[str, Any]:
    own: dict[str, Any] = {"handler": f"{code.folder(plan)}/{code.handler(plan)}"}
    if plan.door == REST:
        own["events"] = [{"http": _event(plan)}]
    elif plan.door == HTTP:
        own["events"] = [_http_event(plan)]
    elif plan.door == ALB:
        conditions: dict[str, Any] = {"path": ["/*"]}
        if plan.listener_methods:
            conditions["method"] = list(plan.listener_methods)
        alb: dict[str, Any] = {"listenerArn": _LISTENER, "priority": 1}
        if plan.multi_value:
            alb["multiValueHeaders"] = True
        own["events"] = [{"alb": {**alb, "conditions": conditions}}]
    else:
        url: dict[str, Any] = {"authorizer": "aws_iam"} if plan.signed else {}
        if plan.lists is not None and not plan.stray:
            url["cors"] = members(plan.lists, SERVERLESS)
        own["url"] = url or True
    return own


def _event(plan: Plan) -> dict[str, Any]:
    path = "{proxy+}" if plan.catch_all else plan.path.lstrip("/")
    own: dict[str, Any] = {"path": path, "method": "any" if plan.catch_all else plan.method.lower()}
    if plan.authorizer:
        own["authorizer"] = {"name": "pool", "arn": POOL}
    for left_out, _ in plan.extra:
        del own[left_out]
    if plan.keyed:
        own["private"] = True
    if plan.preflight is not None:
        own["cors"] = cors_map(plan.preflight)
    return own


def cors_map(preflight: Preflight) -> dict[str, Any]:
    """Return the setting cors of an http event: Serverless adds the quotes."""
    found: dict[str, Any] = {}
    for name, value in preflight.parameters:
        text = value.strip("'")
        if name == ORIGIN:
            found["origin"] = text
        elif name in (HEADERS, METHODS):
            found["headers" if name == HEADERS else "methods"] = text.split(",")
        elif name == CREDENTIALS:
            found["allowCredentials"] = True
        elif name == MAX_AGE:
            found["maxAge"] = int(text)
    return found


def _http_event(plan: Plan) -> dict[str, Any]:
    if plan.catch_all and not plan.authorizer:
        return {"httpApi": "*"}
    own: dict[str, Any] = {"method": "*", "path": "*"} if plan.catch_all else {"method": plan.method, "path": plan.path}
    for left_out, _ in plan.extra:
        del own[left_out]
    if plan.authorizer:
        own["authorizer"] = {"name": "tokens"}
    if plan.stray:
        return {"httpApi": own, "cors": True}
    return {"httpApi": own}


def _answers(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX") if plan.door == REST and plan.gateway_responses else ():
        found[kind.title().replace("_", "")] = {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": {"Ref": "ApiGatewayRestApi"},
                "ResponseType": kind,
                "ResponseParameters": {f"gatewayresponse.header.{key}": value for key, value in plan.gateway_responses},
            },
        }
    return found
