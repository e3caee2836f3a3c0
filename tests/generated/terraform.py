"""Terraform projects."""

from __future__ import annotations

import random
from typing import Any

from . import code
from . import edge as distribution
from .cloudformation import POOL, route_key, segments
from .hcl import Block, Raw, block
from .lists import TERRAFORM, members
from .plan import ALB, HTTP, REST, URL, Plan, Preflight

REGION = "eu-west-1"


def files(plan: Plan, dice: random.Random) -> dict[str, str]:
    """Return the module of a plan, in one file or in two."""
    api = {REST: _rest, HTTP: _http, ALB: _listener}.get(plan.door, _url)(plan)
    api += _edge(plan) + _guard(plan)
    if dice.random() < 0.5:
        return {"main.tf": _function(plan) + "\n" + api}
    return {"lambda.tf": _function(plan), "api.tf": api}


def _function(plan: Plan) -> str:
    archive = block(
        "data",
        "archive_file",
        "items",
        type="zip",
        source_dir=f"${{path.module}}/{code.folder(plan)}",
        output_path="items.zip",
    )
    return archive + block(
        "resource",
        "aws_lambda_function",
        "items",
        function_name="items",
        role="arn:aws:iam::123456789012:role/items",
        runtime=code.RUNTIMES[plan.language],
        handler=code.handler(plan),
        filename=Raw("data.archive_file.items.output_path"),
    )


def _resource(kind: str, label: str, /, **body: Any) -> str:
    return block("resource", kind, label, **body)


def _allowed(plan: Plan, arn: str) -> str:
    if not plan.permitted:
        return ""
    return _resource(
        "aws_lambda_permission",
        "allowed",
        action="lambda:InvokeFunction",
        function_name=Raw("aws_lambda_function.items.function_name"),
        principal="apigateway.amazonaws.com",
        source_arn=arn,
    )


def _http(plan: Plan) -> str:
    api: dict[str, Any] = {"name": "shop", "protocol_type": "HTTP"}
    if plan.lists is not None:
        api["cors_configuration"] = Block(members(plan.lists, TERRAFORM))
    id_ = Raw("aws_apigatewayv2_api.shop.id")
    stage: dict[str, Any] = {"api_id": id_, "name": "$default"}
    if plan.deployed:
        stage["auto_deploy"] = True
    if plan.throttled:
        stage["default_route_settings"] = Block({"throttling_burst_limit": 0, "throttling_rate_limit": 0})
    route: dict[str, Any] = {
        "api_id": id_,
        "route_key": route_key(plan),
        "target": "integrations/${aws_apigatewayv2_integration.call.id}",
    }
    found = _resource("aws_apigatewayv2_api", "shop", **api) + _resource("aws_apigatewayv2_stage", "live", **stage)
    if plan.authorizer:
        route |= {"authorization_type": "JWT", "authorizer_id": Raw("aws_apigatewayv2_authorizer.tokens.id")}
        found += _resource(
            "aws_apigatewayv2_authorizer",
            "tokens",
            api_id=id_,
            name="tokens",
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration=Block({"issuer": "https://id.example.com", "audience": ["shop"]}),
        )
    found += _resource(
        "aws_apigatewayv2_integration",
        "call",
        api_id=id_,
        integration_type="AWS_PROXY",
        integration_uri=Raw("aws_lambda_function.items.invoke_arn"),
        payload_format_version="2.0",
    )
    found += _resource("aws_apigatewayv2_route", "call", **route)
    return found + _allowed(plan, "${aws_apigatewayv2_api.shop.execution_arn}/*/*")


def _rest(plan: Plan) -> str:
    api: dict[str, Any] = {"name": "shop"}
    if plan.binary:
        api["binary_media_types"] = list(plan.binary)
    found = _resource("aws_api_gateway_rest_api", "shop", **api)
    id_ = Raw("aws_api_gateway_rest_api.shop.id")
    parent = Raw("aws_api_gateway_rest_api.shop.root_resource_id")
    for at, part in enumerate(segments(plan)):
        found += _resource("aws_api_gateway_resource", f"path{at}", rest_api_id=id_, parent_id=parent, path_part=part)
        parent = Raw(f"aws_api_gateway_resource.path{at}.id")
    if plan.authorizer:
        found += _resource(
            "aws_api_gateway_authorizer",
            "pool",
            rest_api_id=id_,
            name="pool",
            type="COGNITO_USER_POOLS",
            provider_arns=[POOL],
        )
    where = {"rest_api_id": id_, "resource_id": parent}
    found += _method(
        "call", where, "ANY" if plan.catch_all else plan.method, authorized=bool(plan.authorizer), keyed=plan.keyed
    )
    of = Raw("aws_api_gateway_method.call.http_method")
    found += _resource(
        "aws_api_gateway_integration",
        "call",
        **where,
        http_method=of,
        type="AWS" if plan.mapped else "AWS_PROXY",
        integration_http_method="POST",
        uri=Raw("aws_lambda_function.items.invoke_arn"),
    )
    waits = ["aws_api_gateway_integration.call"]
    if plan.mapped:
        parameters = () if plan.mapped == "-" else (("Access-Control-Allow-Origin", plan.mapped),)
        found += _responses("call", where, parameters, with_integration=True)
    if plan.preflight is not None:
        found += _preflight(plan.preflight, where)
        waits += ["aws_api_gateway_integration.preflight"]
        last = "integration" if plan.preflight.answers else "method"
        waits.append(f"aws_api_gateway_{last}_response.preflight")
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX") if plan.gateway_responses else ():
        found += _resource(
            "aws_api_gateway_gateway_response",
            kind.lower(),
            rest_api_id=id_,
            response_type=kind,
            response_parameters={f"gatewayresponse.header.{key}": value for key, value in plan.gateway_responses},
        )
        waits.append(f"aws_api_gateway_gateway_response.{kind.lower()}")
    release: dict[str, Any] = {"rest_api_id": id_}
    if plan.deployed:
        release["triggers"] = {"redeployment": Raw(f"sha1(jsonencode([{', '.join(waits)}]))")}
    release["depends_on"] = [Raw(each) for each in (waits if plan.deployed else waits[:1])]
    found += _resource("aws_api_gateway_deployment", "release", **release)
    found += _resource(
        "aws_api_gateway_stage",
        "live",
        rest_api_id=id_,
        deployment_id=Raw("aws_api_gateway_deployment.release.id"),
        stage_name="prod",
    )
    if plan.throttled:
        found += _resource(
            "aws_api_gateway_method_settings",
            "all",
            rest_api_id=id_,
            stage_name=Raw("aws_api_gateway_stage.live.stage_name"),
            method_path="*/*",
            settings=Block({"throttling_burst_limit": 0, "throttling_rate_limit": 0}),
        )
    return found + _allowed(plan, "${aws_api_gateway_rest_api.shop.execution_arn}/*/*/*")


def _method(name: str, where: dict[str, Any], verb: str, *, authorized: bool, keyed: bool) -> str:
    how: dict[str, Any] = {"authorization": "NONE"}
    if authorized:
        how = {"authorization": "COGNITO_USER_POOLS", "authorizer_id": Raw("aws_api_gateway_authorizer.pool.id")}
    if keyed:
        how["api_key_required"] = True
    return _resource("aws_api_gateway_method", name, **where, http_method=verb, **how)


def _preflight(preflight: Preflight, where: dict[str, Any]) -> str:
    found = _method("preflight", where, "OPTIONS", authorized=preflight.authorized, keyed=preflight.keyed)
    made: dict[str, Any] = {"http_method": Raw("aws_api_gateway_method.preflight.http_method"), "type": "MOCK"}
    if preflight.template is not None:
        made["request_templates"] = {"application/json": preflight.template}
    if preflight.text:
        made["content_handling"] = "CONVERT_TO_TEXT"
    found += _resource("aws_api_gateway_integration", "preflight", **where, **made)
    return found + _responses("preflight", where, preflight.parameters, with_integration=preflight.answers)


def _responses(
    name: str, where: dict[str, Any], parameters: tuple[tuple[str, str], ...], *, with_integration: bool
) -> str:
    of = {**where, "http_method": Raw(f"aws_api_gateway_method.{name}.http_method"), "status_code": "200"}
    declared = {f"method.response.header.{key}": True for key, _ in parameters}
    mapped = {f"method.response.header.{key}": value for key, value in parameters}
    found = _resource(
        "aws_api_gateway_method_response", name, **of, **({"response_parameters": declared} if mapped else {})
    )
    if with_integration:
        found += _resource(
            "aws_api_gateway_integration_response", name, **of, **({"response_parameters": mapped} if mapped else {})
        )
    return found


def _url(plan: Plan) -> str:
    own: dict[str, Any] = {
        "function_name": Raw("aws_lambda_function.items.function_name"),
        "authorization_type": "AWS_IAM" if plan.signed else "NONE",
    }
    if plan.lists is not None:
        own["cors"] = Block(members(plan.lists, TERRAFORM))
    found = _resource("aws_lambda_function_url", "items", **own)
    if plan.signed:
        return found
    base = {"function_name": Raw("aws_lambda_function.items.function_name"), "principal": "*"}
    found += _resource(
        "aws_lambda_permission", "may_call", action="lambda:InvokeFunctionUrl", **base, function_url_auth_type="NONE"
    )
    if plan.invokes == "both":
        found += _resource(
            "aws_lambda_permission", "may_invoke", action="lambda:InvokeFunction", **base, invoked_via_function_url=True
        )
    return found


def _listener(plan: Plan) -> str:
    forward = Block({"type": "forward", "target_group_arn": Raw("aws_lb_target_group.items.arn")})
    own: dict[str, Any] = {"load_balancer_arn": Raw("aws_lb.front.arn"), "port": 443, "protocol": "HTTPS"}
    found = _resource("aws_lb", "front", internal=plan.internal, load_balancer_type="application")
    if plan.listener_methods:
        nothing = Block(
            {"type": "fixed-response", "fixed_response": Block({"content_type": "text/plain", "status_code": "404"})}
        )
        found += _resource("aws_lb_listener", "https", **own, default_action=nothing)
        found += _resource(
            "aws_lb_listener_rule",
            "items",
            listener_arn=Raw("aws_lb_listener.https.arn"),
            priority=1,
            action=forward,
            condition=Block({"http_request_method": Block({"values": list(plan.listener_methods)})}),
        )
    else:
        found += _resource("aws_lb_listener", "https", **own, default_action=forward)
    if plan.moved:
        redirect = Block({"host": "new.shop.example", "status_code": "HTTP_301"})
        found += _resource(
            "aws_lb_listener_rule",
            "moved",
            listener_arn=Raw("aws_lb_listener.https.arn"),
            priority=2,
            action=Block({"type": "redirect", "redirect": redirect}),
            condition=[
                Block({"host_header": Block({"values": ["old.shop.example"]})}),
                Block({"http_request_method": Block({"values": [plan.method]})}),
            ],
        )
    group: dict[str, Any] = {"name": "items", "target_type": "lambda"}
    if plan.multi_value:
        group["lambda_multi_value_headers_enabled"] = True
    found += _resource("aws_lb_target_group", "items", **group)
    found += _resource(
        "aws_lb_target_group_attachment",
        "items",
        target_group_arn=Raw("aws_lb_target_group.items.arn"),
        target_id=Raw("aws_lambda_function.items.arn"),
    )
    if plan.permitted:
        found += _resource(
            "aws_lambda_permission",
            "allowed",
            action="lambda:InvokeFunction",
            function_name=Raw("aws_lambda_function.items.function_name"),
            principal="elasticloadbalancing.amazonaws.com",
            source_arn=Raw("aws_lb_target_group.items.arn"),
        )
    return found


def _edge(plan: Plan) -> str:
    if plan.edge is None:
        return ""
    domain, path = {
        REST: (f"${{aws_api_gateway_rest_api.shop.id}}.execute-api.{REGION}.amazonaws.com", "/prod"),
        HTTP: (f"${{aws_apigatewayv2_api.shop.id}}.execute-api.{REGION}.amazonaws.com", ""),
        URL: (f"${{aws_lambda_function_url.items.url_id}}.lambda-url.{REGION}.on.aws", ""),
    }.get(plan.door, ("${aws_lb.front.dns_name}", ""))
    own = Block(
        {
            "http_port": 80,
            "https_port": 443,
            "origin_protocol_policy": "https-only",
            "origin_ssl_protocols": ["TLSv1.2"],
        }
    )
    origin: dict[str, Any] = {"domain_name": domain, "origin_id": "shop"}
    if path:
        origin["origin_path"] = path
    behavior: dict[str, Any] = {
        "target_origin_id": "shop",
        "viewer_protocol_policy": "redirect-to-https",
        "allowed_methods": list(distribution.METHODS) if plan.edge.methods else ["GET", "HEAD"],
        "cached_methods": ["GET", "HEAD"],
        "cache_policy_id": distribution.CACHED if plan.edge.cached else distribution.NOT_CACHED,
    }
    if distribution.POLICIES[plan.edge.forwards]:
        behavior["origin_request_policy_id"] = distribution.POLICIES[plan.edge.forwards]
    body: dict[str, Any] = {
        "enabled": True,
        "aliases": ["api.shop.example"],
        "origin": Block({**origin, "custom_origin_config": own}),
        "default_cache_behavior": Block(behavior),
    }
    if plan.edge.error_page:
        page = {"response_code": 200, "response_page_path": "/index.html"}
        body["custom_error_response"] = [Block({"error_code": 404, **page}), Block({"error_code": 400, **page})]
    return _resource("aws_cloudfront_distribution", "edge", **body)


def _guard(plan: Plan) -> str:
    if not plan.guarded:
        return ""
    match = Block(
        {
            "field_to_match": Block({"single_header": Block({"name": "x-api-key"})}),
            "positional_constraint": "EXACTLY",
            "search_string": "key",
            "text_transformation": Block({"priority": 0, "type": "NONE"}),
        }
    )
    inner = Block({"statement": Block({"byte_match_statement": match})})
    rule = Block(
        {
            "name": "keyed",
            "priority": 0,
            "action": Block({"block": Block({})}),
            "statement": Block({"not_statement": inner}),
        }
    )
    arn = Raw("aws_api_gateway_stage.live.arn" if plan.door == REST else "aws_lb.front.arn")
    return _resource(
        "aws_wafv2_web_acl",
        "acl",
        name="acl",
        scope="REGIONAL",
        default_action=Block({"allow": Block({})}),
        rule=rule,
    ) + _resource(
        "aws_wafv2_web_acl_association",
        "guarded",
        web_acl_arn=Raw("aws_wafv2_web_acl.acl.arn"),
        resource_arn=arn,
    )
