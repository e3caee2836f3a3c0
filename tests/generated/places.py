"""Where a fault stands, by the rule that reports it, where the fault itself does not say: texts that the line may hold."""

from __future__ import annotations

_API = ("Shop:", '"Shop"', "aws_apigatewayv2_api", "aws_api_gateway_rest_api", "httpApi:", "- http", "path:", "method:")
_LISTS = ("AllowOrigins", "allowOrigins", "allowedOrigins", "Cors", "cors", "CORS")
_OPTIONS = ("Preflight:", '"Preflight"', '"preflight"', "options:", "Cors", "AllowOrigin", "AllowMethods", "origin:")
_MOCK = ("application/json", "MOCK", "mock", '"Integration"', '"preflight"')
_BEHAVIOR = ("TargetOriginId", "DefaultCacheBehavior", "default_cache_behavior", "allowed_methods")
_CODE = ("Access-Control-", "headers[", "respond(", "HEADERS", "Headers", "allowed(")
_URL = ("ItemsUrl", "FunctionUrlConfig", "url:", "aws_lambda_function_url")

PLACES: dict[str, tuple[str, ...]] = {
    "allow-headers-missing-header": (*_LISTS, *_OPTIONS, "x-other"),
    "allow-headers-wildcard-authorization": ("*", "headers:"),
    "allow-list-joined-in-one-item": _CODE,
    "allow-methods-missing": ("GET",),
    "cloudfront-caches-without-origin": _BEHAVIOR,
    "cloudfront-drops-origin-header": _BEHAVIOR,
    "cloudfront-forwards-host": (*_BEHAVIOR, "216adef6"),
    "cloudfront-options-not-allowed": _BEHAVIOR,
    "cloudfront-replaces-errors": ("ErrorCode", "custom_error_response", "{"),
    "cookie-not-sent": ("s=1",),
    "cors-config-on-wrong-resource": _LISTS,
    "credentials-header-missing": (*_LISTS, *_OPTIONS, *_CODE, "return response"),
    "function-url-no-cors-config": _URL,
    "function-url-permission-missing": ("MayCall", "may_call"),
    "function-url-requires-iam": ("AWS_IAM", "aws_iam"),
    "httpapi-default-route-authorizer-catches-options": (
        "Route:",
        '"Route"',
        "any-method",
        "Call:",
        "httpApi:",
        "aws_apigatewayv2_route",
    ),
    "httpapi-no-cors-config": _API,
    "httpapi-stage-not-deployed": ("Stage:", '"Stage"', "aws_apigatewayv2_stage"),
    "httpapi-wildcard-credentials-rejected": ("*",),
    "insecure-http-origin-with-credentials": ("http://www.example.org", *_CODE),
    "insecure-null-origin": ("null", *_CODE),
    "insecure-reflects-origin-with-credentials": _CODE,
    "insecure-regex-origin-bypass": _CODE,
    "insecure-suffix-origin-match": _CODE,
    "insecure-wildcard-with-credentials": ("*",),
    "lambda-permission-missing": (
        "Group",
        "aws_lb_target_group",
        "Route",
        "aws_apigatewayv2_route",
        "any-method",
        "Method",
        "aws_api_gateway_method",
        "patch:",
        "put:",
        "post:",
        "delete:",
    ),
    "local-network-access": ("Listener", "aws_lb_listener"),
    "malformed-proxy-response": ("async def handler",),
    "missing-vary-origin": _CODE,
    "origin-header-case": _CODE,
    "preflight-blocked-in-front": (
        "ThrottlingBurstLimit: 0",
        '"ThrottlingBurstLimit": 0',
        "throttling_burst_limit",
        "Acl",
        "acl",
    ),
    "preflight-needs-status-ok": ("401", "404", "405"),
    "preflight-not-cached": (*_LISTS, *_OPTIONS, *_CODE),
    "rest-method-missing-response-parameters": ("StatusCode", "default:", "{", "aws_api_gateway_integration_response"),
    "rest-missing-gateway-responses": (*_API, "apiKeys:", "binaryMediaTypes:"),
    "rest-mock-options-broken": _MOCK,
    "rest-options-missing-response-parameters": ("StatusCode", "statusCode", "default:", "{", '"preflight"'),
    "rest-options-requires-api-key": (*_OPTIONS, "ApiKeyRequired"),
    "rest-options-requires-auth": (
        *_OPTIONS,
        "AuthorizationType",
        "authorization =",
        "tokens: []",
        "security",
        "Authorizer",
    ),
    "wildcard-with-credentials": ("*",),
}
