"""What a stage serves, as GetExport and ExportApi write it: OpenAPI 3.0 with API Gateway's extensions."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_HEADER = "method.response.header."


def rest_export(snapshot: Json) -> Json:
    """Return the OpenAPI document of a REST API's deployment."""
    paths: Json = {}
    schemes: Json = {}
    for resource in snapshot["resources"].values():
        for verb, method in resource["resourceMethods"].items():
            key = "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()
            paths.setdefault(resource["path"], {})[key] = _operation(method, snapshot["authorizers"], schemes)
    gateway = {
        type_: {key: each[key] for key in ("statusCode", "responseParameters", "responseTemplates") if each.get(key)}
        for type_, each in snapshot["gateway"].items()
    }
    document: Json = {"openapi": "3.0.1", "info": {"title": snapshot["api"].get("name")}, "paths": paths}
    if schemes:
        document["components"] = {"securitySchemes": schemes}
    if gateway:
        document["x-amazon-apigateway-gateway-responses"] = gateway
    if snapshot["api"].get("binaryMediaTypes"):
        document["x-amazon-apigateway-binary-media-types"] = snapshot["api"]["binaryMediaTypes"]
    return document


def _operation(method: Json, authorizers: Json, schemes: Json) -> Json:
    made: Json = {"responses": {}}
    for status, response in (method.get("methodResponses") or {}).items():
        headers = {
            name.removeprefix(_HEADER): {"schema": {"type": "string"}}
            for name in response.get("responseParameters") or {}
        }
        made["responses"][status] = {"description": f"{status} response", **({"headers": headers} if headers else {})}
    security = list(_security(method, authorizers, schemes))
    if security:
        made["security"] = security
    own = method["methodIntegration"]
    names = (
        "type",
        "httpMethod",
        "uri",
        "requestTemplates",
        "passthroughBehavior",
        "contentHandling",
        "timeoutInMillis",
    )
    integration = {name: own[name] for name in names if own.get(name)}
    integration["type"] = integration["type"].lower()
    responses: Json = {}
    for status, each in (own.get("integrationResponses") or {}).items():
        kept = ("statusCode", "responseParameters", "responseTemplates", "contentHandling")
        responses[each.get("selectionPattern") or "default"] = {
            "statusCode": status,
            **{n: each[n] for n in kept if each.get(n)},
        }
    if responses:
        integration["responses"] = responses
    made["x-amazon-apigateway-integration"] = integration
    return made


def _security(method: Json, authorizers: Json, schemes: Json) -> list[Json]:
    found: list[Json] = []
    kind = method["authorizationType"]
    if kind == "AWS_IAM":
        schemes["sigv4"] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "awsSigv4",
        }
        found.append({"sigv4": []})
    elif kind != "NONE":
        own = authorizers[method["authorizerId"]]
        schemes[own["name"]] = {
            "type": "apiKey",
            "name": "Authorization",
            "in": "header",
            "x-amazon-apigateway-authtype": "cognito_user_pools" if kind == "COGNITO_USER_POOLS" else "custom",
            "x-amazon-apigateway-authorizer": {
                "type": own["type"].lower(),
                "authorizerUri": own.get("authorizerUri"),
                "identitySource": own.get("identitySource"),
            },
        }
        found.append({own["name"]: []})
    if method.get("apiKeyRequired"):
        schemes["api_key"] = {"type": "apiKey", "name": "x-api-key", "in": "header"}
        found.append({"api_key": []})
    return found


def http_export(snapshot: Json) -> Json:
    """Return the OpenAPI document of an HTTP API's deployment."""
    paths: Json = {}
    schemes: Json = {}
    for route in snapshot["routes"].values():
        verb, _, path = route["RouteKey"].partition(" ")
        target = (route.get("Target") or "").removeprefix("integrations/")
        own = snapshot["integrations"][target]
        operation: Json = {
            "responses": {"default": {"description": "Default response"}},
            "x-amazon-apigateway-integration": {
                "type": own["IntegrationType"].lower(),
                "httpMethod": own.get("IntegrationMethod"),
                "uri": own.get("IntegrationUri"),
                "payloadFormatVersion": own.get("PayloadFormatVersion"),
            },
        }
        if route.get("AuthorizerId"):
            named = snapshot["authorizers"][route["AuthorizerId"]]
            jwt = named["JwtConfiguration"]
            schemes[named["Name"]] = {
                "type": "oauth2",
                "x-amazon-apigateway-authorizer": {
                    "type": "jwt",
                    "identitySource": ",".join(named["IdentitySource"]),
                    "jwtConfiguration": {"issuer": jwt["Issuer"], "audience": jwt["Audience"]},
                },
            }
            operation["security"] = [{named["Name"]: []}]
        if verb == "$default":
            paths.setdefault("/$default", {})["x-amazon-apigateway-any-method"] = {**operation, "isDefaultRoute": True}
        else:
            paths.setdefault(path, {})["x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()] = operation
    document: Json = {"openapi": "3.0.1", "info": {"title": snapshot["api"].get("Name")}, "paths": paths}
    if schemes:
        document["components"] = {"securitySchemes": schemes}
    cors = snapshot["api"].get("CorsConfiguration")
    if cors:
        document["x-amazon-apigateway-cors"] = {key[0].lower() + key[1:]: each for key, each in cors.items()}
    return document
