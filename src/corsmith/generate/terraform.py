"""Terraform and OpenTofu. Source: the AWS provider's documentation of each resource."""

from __future__ import annotations

import json
from collections.abc import Iterable

from lambda_cors import Policy

from . import cloudfront, rest
from .cannot import CannotSay
from .comments import hash_comments

_KEYS = {
    "AllowOrigins": "allow_origins",
    "AllowMethods": "allow_methods",
    "AllowHeaders": "allow_headers",
    "ExposeHeaders": "expose_headers",
    "AllowCredentials": "allow_credentials",
    "MaxAge": "max_age",
}


def write(front_door: str, policy: Policy) -> str:
    """Return the resources that carry the settings: take what is new into yours."""
    if front_door == "http_api":
        lines: tuple[str, ...] = ("Take cors_configuration into your aws_apigatewayv2_api.",)
        block = _block("cors_configuration", _settings(front_door, policy))
        body = _resource("aws_apigatewayv2_api", "api", ('name          = "api"', 'protocol_type = "HTTP"', "", *block))
    elif front_door == "function_url":
        if policy.max_age == 0:
            raise CannotSay(
                "Terraform leaves out a maximal age of 0, so browsers keep answers 5 seconds: leave it out too"
            )
        lines = (
            "Take cors into your aws_lambda_function_url, and CORS headers out of the code: both would double them.",
        )
        head = ("function_name      = aws_lambda_function.function.function_name", 'authorization_type = "NONE"', "")
        body = _resource("aws_lambda_function_url", "url", (*head, *_block("cors", _settings(front_door, policy))))
    elif front_door == "cloudfront":
        lines = cloudfront.REMARKS
        body = _distribution(policy)
    else:
        lines = (
            *rest.remarks(policy),
            "Write the resources of OPTIONS once for each aws_api_gateway_resource. Name them in `triggers` of your",
            "aws_api_gateway_deployment, or it serves what was there before.",
        )
        body = _rest(policy)
    return hash_comments(lines) + body


def _settings(front_door: str, policy: Policy) -> list[tuple[str, str]]:
    return [
        (_KEYS[key], json.dumps(value, ensure_ascii=False)) for key, value in policy.settings_for(front_door).items()
    ]


def _distribution(policy: Policy) -> str:
    cloudfront.check(policy)
    items = {
        "access_control_allow_origins": list(policy.origins),
        "access_control_allow_methods": cloudfront.allowed_methods(policy),
        "access_control_allow_headers": cloudfront.allowed_headers(policy),
        "access_control_expose_headers": list(policy.response_headers),
    }
    lines = [f"access_control_allow_credentials = {json.dumps(policy.credentials)}", "origin_override = true"]
    if policy.max_age is not None:
        lines.append(f"access_control_max_age_sec = {policy.max_age}")
    for name, values in items.items():
        if values:
            lines += ["", *_block(name, [("items", json.dumps(values, ensure_ascii=False))])]
    config = ["cors_config {", *_indented(_aligned(lines)), "}"]
    policy_text = _resource("aws_cloudfront_response_headers_policy", "cors", ('name = "cors"', "", *config))
    methods = json.dumps(list(cloudfront.BEHAVIOR_METHODS))
    behavior = [
        ("target_origin_id", '"api"'),
        ("viewer_protocol_policy", '"https-only"'),
        ("allowed_methods", methods),
        ("cached_methods", '["GET", "HEAD"]'),
        ("cache_policy_id", json.dumps(cloudfront.CACHING_DISABLED)),
        ("origin_request_policy_id", json.dumps(cloudfront.ALL_VIEWER_EXCEPT_HOST)),
        ("response_headers_policy_id", "aws_cloudfront_response_headers_policy.cors.id"),
    ]
    origin = [
        "origin {",
        *_indented(
            _aligned(
                (
                    'origin_id   = "api"',
                    'domain_name = trimprefix(aws_apigatewayv2_api.api.api_endpoint, "https://")',
                    "",
                    *_block(
                        "custom_origin_config",
                        [
                            ("http_port", "80"),
                            ("https_port", "443"),
                            ("origin_protocol_policy", '"https-only"'),
                            ("origin_ssl_protocols", '["TLSv1.2"]'),
                        ],
                    ),
                )
            )
        ),
        "}",
    ]
    nowhere = ["restrictions {", "  geo_restriction {", '    restriction_type = "none"', "  }", "}"]
    certificate = _block("viewer_certificate", [("cloudfront_default_certificate", "true")])
    behaves = _block("default_cache_behavior", behavior)
    body = ("enabled = true", "", *origin, "", *behaves, "", *nowhere, "", *certificate)
    return policy_text + "\n" + _resource("aws_cloudfront_distribution", "api", body)


_PLACE = ("rest_api_id = aws_api_gateway_rest_api.api.id", "resource_id = aws_api_gateway_resource.items.id")
_OF_METHOD = (*_PLACE, "http_method = aws_api_gateway_method.items_options.http_method")
_CODE = "status_code = aws_api_gateway_method_response.items_options.status_code"


def _rest(policy: Policy) -> str:
    method = _resource(
        "aws_api_gateway_method", "items_options", (*_PLACE, 'http_method = "OPTIONS"', 'authorization = "NONE"')
    )
    parts = [method, *(_mock(rest.preflight(policy)) if rest.constant(policy) else (_function(),))]
    errors = [
        (f'"gatewayresponse.header.{name}"', json.dumps(said))
        for name, said in rest.quoted(rest.of_errors(policy)).items()
    ]
    for name in rest.DEFAULTS:
        head = ("rest_api_id   = aws_api_gateway_rest_api.api.id", f'response_type = "{name}"', "")
        parts.append(
            _resource("aws_api_gateway_gateway_response", name.lower(), (*head, *_map("response_parameters", errors)))
        )
    return "\n".join(parts)


def _mock(headers: dict[str, str]) -> Iterable[str]:
    name = '"method.response.header.{}"'.format
    templates = [('"application/json"', json.dumps('{"statusCode": 204}'))]
    integration = (
        *_OF_METHOD,
        'type = "MOCK"',
        'content_handling = "CONVERT_TO_TEXT"',
        "",
        *_map("request_templates", templates),
    )
    yield _resource("aws_api_gateway_integration", "items_options", integration)
    declared = [(name(header), "true") for header in headers]
    yield _resource(
        "aws_api_gateway_method_response",
        "items_options",
        (*_OF_METHOD, 'status_code = "204"', "", *_map("response_parameters", declared)),
    )
    values = [(name(header), json.dumps(said)) for header, said in rest.quoted(headers).items()]
    needs = "depends_on = [aws_api_gateway_integration.items_options]"
    yield _resource(
        "aws_api_gateway_integration_response",
        "items_options",
        (*_OF_METHOD, _CODE, needs, "", *_map("response_parameters", values)),
    )


def _function() -> str:
    lines = (
        *_OF_METHOD,
        'type = "AWS_PROXY"',
        'integration_http_method = "POST"',
        "uri = aws_lambda_function.function.invoke_arn",
    )
    return _resource("aws_api_gateway_integration", "items_options", lines)


def _resource(kind: str, name: str, lines: Iterable[str]) -> str:
    return "\n".join([f'resource "{kind}" "{name}" {{', *_indented(_aligned(lines)), "}"]) + "\n"


def _block(name: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{name} {{", *_indented(_aligned(f"{key} = {value}" for key, value in pairs)), "}"]


def _map(name: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{name} = {{", *_indented(_aligned(f"{key} = {value}" for key, value in pairs)), "}"]


def _aligned(lines: Iterable[str]) -> list[str]:
    """Return the lines with the equals signs of each run of assignments below each other, as `terraform fmt` has them."""
    found: list[str] = []
    run: list[tuple[str, str]] = []
    for line in (*lines, ""):
        key, equals, value = line.partition(" = ")
        if equals and not line.startswith(" ") and not value.endswith("{"):
            run.append((key.strip(), value))
            continue
        width = max((len(key) for key, _ in run), default=0)
        found += (f"{key.ljust(width)} = {value}" for key, value in run)
        run = []
        found.append(line)
    return found[:-1]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]
