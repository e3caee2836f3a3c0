"""Accounts to test with: what AWS returns of small APIs, and what it exports of them."""

from __future__ import annotations

import copy
from typing import Any

from corsmith.account.snapshot import (
    DistributionState,
    DomainState,
    FunctionState,
    HttpApiState,
    Place,
    RestApiState,
)
from corsmith.account.unit import Unit

Json = dict[str, Any]
ACCOUNT = "123456789012"
PLACE = Place("aws", ACCOUNT, "eu-west-1")
PAGE = "https://shop.example.com"
HEADER = "method.response.header."


def function_arn(name: str) -> str:
    return f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"


def invocation(name: str) -> str:
    return f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{function_arn(name)}/invocations"


def proxy(verb: str = "POST", function: str = "orders", **more: Any) -> Json:
    """A method with a Lambda proxy integration."""
    integration = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": invocation(function), "timeoutInMillis": 29000}
    return {
        "httpMethod": verb,
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodIntegration": integration,
        **more,
    }


def preflight(origin: str = PAGE, headers: str = "content-type", methods: str = "POST,PUT", **more: Any) -> Json:
    """An OPTIONS mock that answers with these values; None leaves a header out."""
    given = {"Origin": origin, "Headers": headers, "Methods": methods}
    parameters = {
        f"{HEADER}Access-Control-Allow-{name}": f"'{value}'" for name, value in given.items() if value is not None
    }
    return {
        "httpMethod": "OPTIONS",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodResponses": {"200": {"statusCode": "200", "responseParameters": dict.fromkeys(parameters, False)}},
        "methodIntegration": {
            "type": "MOCK",
            "requestTemplates": {"application/json": '{"statusCode": 200}'},
            "passthroughBehavior": "WHEN_NO_MATCH",
            "integrationResponses": {"200": {"statusCode": "200", "responseParameters": parameters}},
        },
        **more,
    }


def rest(id_: str = "abc123def4", methods: Json | None = None, **more: Any) -> Json:
    """A REST API with one resource, /items, deployed to the stage prod as it is."""
    found: Json = {
        "api": {"id": id_, "name": "shop", "createdDate": 1700000000, "endpointConfiguration": {"types": ["REGIONAL"]}},
        "resources": [
            {"id": "root", "path": "/"},
            {
                "id": "items",
                "parentId": "root",
                "pathPart": "items",
                "path": "/items",
                "resourceMethods": methods if methods is not None else {"POST": proxy(), "OPTIONS": preflight()},
            },
        ],
        "gateway_responses": [gateway_response("DEFAULT_4XX"), gateway_response("DEFAULT_5XX")],
        "stages": [{"stageName": "prod", "deploymentId": "d1"}],
        **more,
    }
    return deployed(found)


def gateway_response(type_: str, origin: str = PAGE) -> Json:
    return {
        "responseType": type_,
        "responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{origin}'"},
        "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
        "defaultResponse": False,
    }


def deployed(api: Json) -> Json:
    """Return a REST API of which every stage serves what is defined now."""
    return {**api, "exports": {each["stageName"]: exported(api) for each in api["stages"]}}


def changed(api: Json, path: tuple[Any, ...], value: Any) -> Json:
    """Return an API with one thing of its working copy changed; what its stages serve stays."""
    made = copy.deepcopy(api)
    node: Any = made
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return made


def exported(api: Json) -> Json:
    """Return what GetExport gives of a REST API, with API Gateway's extensions."""
    paths: Json = {}
    for resource in api["resources"]:
        for verb, method in (resource.get("resourceMethods") or {}).items():
            key = "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()
            paths.setdefault(resource["path"], {})[key] = _operation(method)
    responses = {
        each["responseType"]: {
            key: each[key] for key in ("statusCode", "responseParameters", "responseTemplates") if each.get(key)
        }
        for each in api.get("gateway_responses", ())
        if not each.get("defaultResponse")
    }
    document: Json = {
        "openapi": "3.0.1",
        "info": {"title": api["api"]["name"], "version": "2026-01-01T00:00:00Z"},
        "servers": [{"url": f"https://{api['api']['id']}.execute-api.eu-west-1.amazonaws.com/{{basePath}}"}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "sigv4": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "awsSigv4",
                },
                "api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
            }
        },
        "x-amazon-apigateway-gateway-responses": responses,
    }
    if api["api"].get("binaryMediaTypes"):
        document["x-amazon-apigateway-binary-media-types"] = api["api"]["binaryMediaTypes"]
    return document


def _operation(method: Json) -> Json:
    made = method["methodIntegration"]
    integration: Json = {
        "type": made["type"].lower(),
        "passthroughBehavior": made.get("passthroughBehavior", "WHEN_NO_MATCH").lower(),
    }
    for key in ("uri", "httpMethod", "requestTemplates", "contentHandling", "timeoutInMillis"):
        if made.get(key):
            integration[key] = made[key]
    if made.get("integrationResponses"):
        integration["responses"] = {
            each.get("selectionPattern") or "default": {
                key: each[key] for key in ("statusCode", "responseParameters", "responseTemplates") if each.get(key)
            }
            for each in made["integrationResponses"].values()
        }
    operation: Json = {
        "responses": {
            status: {
                "description": f"{status} response",
                "headers": {
                    name.removeprefix(HEADER): {"schema": {"type": "string"}}
                    for name in each.get("responseParameters") or {}
                },
            }
            for status, each in (method.get("methodResponses") or {}).items()
        },
        "x-amazon-apigateway-integration": integration,
    }
    security = [{"sigv4": []}] if method["authorizationType"] == "AWS_IAM" else []
    security += [{"api_key": []}] if method.get("apiKeyRequired") else []
    return operation | ({"security": security} if security else {})


def http(id_: str = "web456", cors: Json | None = None, **more: Any) -> Json:
    """An HTTP API with one route and a stage with auto-deploy."""
    api: Json = {
        "ApiId": id_,
        "Name": "web",
        "ProtocolType": "HTTP",
        "RouteSelectionExpression": "$request.method $request.path",
    }
    if cors is not None:
        api["CorsConfiguration"] = cors
    return {
        "api": api,
        "routes": [
            {"RouteId": "r1", "RouteKey": "PUT /things", "AuthorizationType": "NONE", "Target": "integrations/i1"}
        ],
        "integrations": [
            {
                "IntegrationId": "i1",
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": function_arn("orders"),
                "PayloadFormatVersion": "2.0",
            }
        ],
        "stages": [{"StageName": "$default", "AutoDeploy": True}],
        **more,
    }


ACL = f"arn:aws:wafv2:eu-west-1:{ACCOUNT}:regional/webacl/front/acl1"


def web_acl(*, blocks: str = "OPTIONS") -> Json:
    """A web ACL that blocks a method."""
    match = {"SearchString": blocks, "FieldToMatch": {"Method": {}}, "PositionalConstraint": "EXACTLY"}
    statement = {"ByteMatchStatement": {**match, "TextTransformations": [{"Priority": 0, "Type": "NONE"}]}}
    metrics = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    rule = {
        "Name": "verbs",
        "Priority": 0,
        "Statement": statement,
        "Action": {"Block": {}},
        "VisibilityConfig": metrics,
    }
    return {
        "Name": "front",
        "Id": "acl1",
        "ARN": ACL,
        "DefaultAction": {"Allow": {}},
        "Rules": [rule],
        "VisibilityConfig": metrics,
    }


GOOD_CORS: Json = {"AllowOrigins": [PAGE], "AllowMethods": ["PUT"], "AllowHeaders": ["content-type"]}


def function(name: str = "orders", urls: list[Json] | None = None, **more: Any) -> Json:
    """A function that API Gateway may invoke for anything."""
    return {
        "configuration": {
            "FunctionName": name,
            "FunctionArn": function_arn(name),
            "Runtime": "python3.12",
            "Handler": "app.handler",
            "Timeout": 3,
        },
        "urls": urls or [],
        "policies": {"": policy(permission())},
        **more,
    }


def policy(*statements: Json) -> Json:
    return {"Version": "2012-10-17", "Id": "default", "Statement": list(statements)}


def permission(source: str | None = None, action: str = "lambda:InvokeFunction") -> Json:
    """A statement that lets API Gateway invoke a function."""
    found: Json = {
        "Sid": "a",
        "Effect": "Allow",
        "Action": action,
        "Principal": {"Service": "apigateway.amazonaws.com"},
    }
    return found | ({"Condition": {"ArnLike": {"AWS:SourceArn": source}}} if source else {})


def public_url_permissions() -> tuple[Json, Json]:
    """The two statements that a public Function URL needs."""
    url = {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}
    via = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    return (
        {"Sid": "u", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunctionUrl", "Condition": url},
        {"Sid": "i", "Effect": "Allow", "Principal": "*", "Action": "lambda:InvokeFunction", "Condition": via},
    )


def url(cors: Json | None = None, name: str = "orders", **more: Any) -> Json:
    found: Json = {
        "FunctionUrl": "https://abcdefgh.lambda-url.eu-west-1.on.aws/",
        "FunctionArn": function_arn(name),
        "AuthType": "NONE",
        "InvokeMode": "BUFFERED",
        "CreationTime": "2026-01-01T00:00:00Z",
        "LastModifiedTime": "2026-01-01T00:00:00Z",
    }
    return found | ({"Cors": cors} if cors is not None else {}) | more


def rest_state(api: Json) -> RestApiState:
    maps = {key: api[key] for key in ("api", "exports", "web_acls", "canaries") if key in api}
    parts = {key: tuple(each) for key, each in api.items() if key not in maps}
    return RestApiState(place=PLACE, read_at=0, **maps, **parts)


def http_state(api: Json) -> HttpApiState:
    parts = {key: tuple(each) for key, each in api.items() if key not in ("api", "exports")}
    return HttpApiState(place=PLACE, read_at=0, api=api["api"], exports=api.get("exports", {}), **parts)


def function_state(each: Json) -> FunctionState:
    return FunctionState(
        place=PLACE,
        read_at=0,
        configuration=each["configuration"],
        urls=tuple(each["urls"]),
        policies=each["policies"],
        tags=each.get("tags", {}),
    )


def domain_state(name: str, *mappings: Json, **more: Any) -> DomainState:
    return DomainState(place=PLACE, read_at=0, domain={"DomainName": name, **more}, mappings=mappings)


def distribution_state(distribution: Json, **more: Any) -> DistributionState:
    return DistributionState(place=Place("aws", ACCOUNT, ""), read_at=0, distribution=distribution, **more)


def distribution(origin: str, **behavior: Any) -> Json:
    """A distribution with one origin server, as ListDistributions has it."""
    default: Json = {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": {
            "Quantity": 7,
            "Items": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
            "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
        },
        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "OriginRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        **behavior,
    }
    return {
        "Id": "E1",
        "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
        "DomainName": "d111.cloudfront.net",
        "Aliases": {"Quantity": 0},
        "Origins": {"Quantity": 1, "Items": [{"Id": "o", "DomainName": origin, "OriginPath": ""}]},
        "DefaultCacheBehavior": default,
        "CacheBehaviors": {"Quantity": 0},
        "CustomErrorResponses": {"Quantity": 0},
    }


def unit(api: Json, *functions: Json, **more: Any) -> Unit:
    """The unit of an API, with its functions."""
    door = rest_state(api) if "resources" in api else http_state(api)
    return Unit(door, tuple(function_state(each) for each in functions or (function(),)), **more)


def url_unit(each: Json, **more: Any) -> Unit:
    return Unit(function_state(each), **more)
