"""Terraform's resources and CloudFormation's: the names of one for the names of the other.

Source: the AWS provider's documentation of each resource, and the CloudFormation resource reference.
"""

from __future__ import annotations

from typing import Union

from msgspec import Struct

Names = dict[str, Union[str, "Nested"]]


class Nested(Struct, frozen=True):
    """A nested block: the property it is, and the names within.

    `many`: the property is a list. `lift`: the argument of the block that is the property, where the block is but its dress.
    """

    property: str
    names: Names
    many: bool = False
    lift: str = ""


class Kind(Struct, frozen=True):
    """A resource's type in CloudFormation, and the properties that its arguments are. `within`: the property they are in."""

    type: str
    names: Names
    within: str = ""


def camel(name: str) -> str:
    """Return a property's usual name: `allow_origins` is `AllowOrigins`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _names(plain: str, **others: str | Nested) -> Names:
    return {**{name: camel(name) for name in plain.split()}, **others}


_CORS = _names("allow_credentials allow_headers allow_methods allow_origins expose_headers max_age")
_GROUPS = Nested("TargetGroups", _names("weight", arn="TargetGroupArn"), many=True)
_ACTION = _names(
    "type order target_group_arn",
    forward=Nested("ForwardConfig", {"target_group": _GROUPS}),
    redirect=Nested("RedirectConfig", _names("host path port protocol query status_code")),
    fixed_response=Nested("FixedResponseConfig", _names("content_type message_body status_code")),
)
_VALUES = _names("values")
_CONDITION: Names = {
    "path_pattern": Nested("PathPatternConfig", _VALUES),
    "host_header": Nested("HostHeaderConfig", _VALUES),
    "http_request_method": Nested("HttpRequestMethodConfig", _VALUES),
    "http_header": Nested("HttpHeaderConfig", _names("http_header_name values")),
    "query_string": Nested("QueryStringConfig", _names("key value")),
    "source_ip": Nested("SourceIpConfig", _VALUES),
}
_LISTENER = Kind(
    "AWS::ElasticLoadBalancingV2::Listener",
    _names("load_balancer_arn port protocol", default_action=Nested("DefaultActions", _ACTION, many=True)),
)
_RULE = Kind(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    _names(
        "listener_arn priority",
        action=Nested("Actions", _ACTION, many=True),
        condition=Nested("Conditions", _CONDITION, many=True),
        transform=Nested("Transforms", _names("type"), many=True),
    ),
)
_GROUP = Kind("AWS::ElasticLoadBalancingV2::TargetGroup", _names("name target_type"))
_BALANCER = Kind("AWS::ElasticLoadBalancingV2::LoadBalancer", _names("name", load_balancer_type="Type"))

_HEADERS = Nested("HeadersConfig", _names("header_behavior", headers=Nested("Headers", {}, lift="items")))
_ASSOCIATION = _names("event_type", function_arn="FunctionARN", lambda_arn="LambdaFunctionARN")
_BEHAVIOR = _names(
    "path_pattern allowed_methods cached_methods target_origin_id cache_policy_id origin_request_policy_id"
    " response_headers_policy_id",
    default_ttl="DefaultTTL",
    max_ttl="MaxTTL",
    min_ttl="MinTTL",
    forwarded_values=Nested("ForwardedValues", _names("headers query_string")),
    function_association=Nested("FunctionAssociations", _ASSOCIATION, many=True),
    lambda_function_association=Nested("LambdaFunctionAssociations", _ASSOCIATION, many=True),
)
_POLICY_CORS = _names(
    "access_control_allow_credentials access_control_max_age_sec origin_override",
    access_control_allow_origins=Nested("AccessControlAllowOrigins", _names("items")),
    access_control_allow_methods=Nested("AccessControlAllowMethods", _names("items")),
    access_control_allow_headers=Nested("AccessControlAllowHeaders", _names("items")),
    access_control_expose_headers=Nested("AccessControlExposeHeaders", _names("items")),
)

_LIMITS = _names("throttling_burst_limit throttling_rate_limit")
_DOMAIN = _names("domain_name", mutual_tls_authentication=Nested("MutualTlsAuthentication", _names("truststore_uri")))
_VERDICT: Names = {name: Nested(camel(name), {}) for name in ("allow", "block", "count", "captcha", "challenge")}
_FIELD: Names = {
    "single_header": Nested("SingleHeader", _names("name")),
    **{name: Nested(camel(name), {}) for name in ("method", "uri_path", "query_string", "body", "headers", "cookies")},
}
_MATCH = _names(
    "positional_constraint search_string regex_string comparison_operator size",
    field_to_match=Nested("FieldToMatch", _FIELD),
)
_STATEMENT: Names = {
    **{
        name: Nested(camel(name), _MATCH)
        for name in ("byte_match_statement", "regex_match_statement", "size_constraint_statement")
    },
    "managed_rule_group_statement": Nested("ManagedRuleGroupStatement", _names("name vendor_name")),
    "rate_based_statement": Nested("RateBasedStatement", _names("limit")),
    "rule_group_reference_statement": Nested("RuleGroupReferenceStatement", _names("arn")),
    "geo_match_statement": Nested("GeoMatchStatement", _names("country_codes")),
    "ip_set_reference_statement": Nested("IPSetReferenceStatement", _names("arn")),
}
_STATEMENT["not_statement"] = Nested("NotStatement", {"statement": Nested("Statement", _STATEMENT)})
for _name in ("and_statement", "or_statement"):
    _STATEMENT[_name] = Nested(camel(_name), {"statement": Nested("Statements", _STATEMENT, many=True)})

KINDS: dict[str, Kind] = {
    "aws_lambda_function": Kind(
        "AWS::Lambda::Function",
        _names(
            "function_name handler runtime timeout layers package_type",
            environment=Nested("Environment", _names("variables")),
        ),
    ),
    "aws_lambda_alias": Kind("AWS::Lambda::Alias", _names("name function_name")),
    "aws_lambda_permission": Kind(
        "AWS::Lambda::Permission",
        _names("action function_name principal source_arn function_url_auth_type invoked_via_function_url"),
    ),
    "aws_lambda_function_url": Kind(
        "AWS::Lambda::Url",
        _names(
            "invoke_mode",
            function_name="TargetFunctionArn",
            authorization_type="AuthType",
            cors=Nested("Cors", _CORS),
        ),
    ),
    "aws_apigatewayv2_api": Kind(
        "AWS::ApiGatewayV2::Api",
        _names(
            "name protocol_type target route_key credentials_arn disable_execute_api_endpoint",
            cors_configuration=Nested("CorsConfiguration", _CORS),
        ),
    ),
    "aws_apigatewayv2_route": Kind(
        "AWS::ApiGatewayV2::Route", _names("api_id route_key target authorization_type authorizer_id")
    ),
    "aws_apigatewayv2_integration": Kind(
        "AWS::ApiGatewayV2::Integration",
        _names(
            "api_id integration_type integration_uri payload_format_version credentials_arn",
            timeout_milliseconds="TimeoutInMillis",
        ),
    ),
    "aws_apigatewayv2_authorizer": Kind(
        "AWS::ApiGatewayV2::Authorizer",
        _names(
            "api_id authorizer_type authorizer_uri authorizer_payload_format_version enable_simple_responses",
            identity_sources="IdentitySource",
            jwt_configuration=Nested("JwtConfiguration", _names("issuer audience")),
        ),
    ),
    "aws_apigatewayv2_stage": Kind(
        "AWS::ApiGatewayV2::Stage",
        _names(
            "api_id auto_deploy deployment_id",
            name="StageName",
            default_route_settings=Nested("DefaultRouteSettings", _LIMITS),
        ),
    ),
    "aws_api_gateway_rest_api": Kind(
        "AWS::ApiGateway::RestApi", _names("name binary_media_types disable_execute_api_endpoint")
    ),
    "aws_api_gateway_resource": Kind("AWS::ApiGateway::Resource", _names("rest_api_id parent_id path_part")),
    "aws_api_gateway_method": Kind(
        "AWS::ApiGateway::Method",
        _names(
            "rest_api_id resource_id http_method authorizer_id api_key_required request_validator_id request_parameters"
            " request_models",
            authorization="AuthorizationType",
        ),
    ),
    "aws_api_gateway_gateway_response": Kind(
        "AWS::ApiGateway::GatewayResponse",
        _names("rest_api_id response_type status_code response_parameters response_templates"),
    ),
    "aws_api_gateway_authorizer": Kind(
        "AWS::ApiGateway::Authorizer",
        _names("rest_api_id type authorizer_uri identity_source identity_validation_expression"),
    ),
    "aws_api_gateway_request_validator": Kind(
        "AWS::ApiGateway::RequestValidator", _names("rest_api_id validate_request_body validate_request_parameters")
    ),
    "aws_api_gateway_stage": Kind(
        "AWS::ApiGateway::Stage", _names("rest_api_id stage_name deployment_id cache_cluster_enabled")
    ),
    "aws_api_gateway_deployment": Kind("AWS::ApiGateway::Deployment", _names("rest_api_id stage_name")),
    "aws_api_gateway_domain_name": Kind("AWS::ApiGateway::DomainName", _DOMAIN),
    "aws_apigatewayv2_domain_name": Kind("AWS::ApiGatewayV2::DomainName", _DOMAIN),
    "aws_api_gateway_base_path_mapping": Kind(
        "AWS::ApiGateway::BasePathMapping", _names("base_path domain_name", api_id="RestApiId", stage_name="Stage")
    ),
    "aws_apigatewayv2_api_mapping": Kind(
        "AWS::ApiGatewayV2::ApiMapping", _names("api_id api_mapping_key domain_name stage")
    ),
    "aws_wafv2_web_acl_association": Kind(
        "AWS::WAFv2::WebACLAssociation", _names("resource_arn", web_acl_arn="WebACLArn")
    ),
    "aws_wafv2_web_acl": Kind(
        "AWS::WAFv2::WebACL",
        {
            "default_action": Nested("DefaultAction", _VERDICT),
            "rule": Nested(
                "Rules",
                _names(
                    "name priority",
                    action=Nested("Action", _VERDICT),
                    override_action=Nested("OverrideAction", {"none": "None", "count": "Count"}),
                    statement=Nested("Statement", _STATEMENT),
                ),
                many=True,
            ),
        },
    ),
    "aws_api_gateway_usage_plan": Kind(
        "AWS::ApiGateway::UsagePlan", {"api_stages": Nested("ApiStages", _names("api_id stage"), many=True)}
    ),
    "aws_api_gateway_usage_plan_key": Kind("AWS::ApiGateway::UsagePlanKey", _names("key_id usage_plan_id")),
    "aws_api_gateway_api_key": Kind("AWS::ApiGateway::ApiKey", _names("name value")),
    "aws_cloudfront_distribution": Kind(
        "AWS::CloudFront::Distribution",
        _names(
            "aliases",
            origin=Nested(
                "Origins",
                _names(
                    "domain_name origin_path",
                    origin_id="Id",
                    custom_header=Nested("OriginCustomHeaders", _names("value", name="HeaderName"), many=True),
                ),
                many=True,
            ),
            default_cache_behavior=Nested("DefaultCacheBehavior", _BEHAVIOR),
            ordered_cache_behavior=Nested("CacheBehaviors", _BEHAVIOR, many=True),
            web_acl_id="WebACLId",
            custom_error_response=Nested(
                "CustomErrorResponses", _names("error_code response_code response_page_path"), many=True
            ),
        ),
        "DistributionConfig",
    ),
    "aws_cloudfront_cache_policy": Kind(
        "AWS::CloudFront::CachePolicy",
        _names(
            "",
            default_ttl="DefaultTTL",
            max_ttl="MaxTTL",
            min_ttl="MinTTL",
            parameters_in_cache_key_and_forwarded_to_origin=Nested(
                "ParametersInCacheKeyAndForwardedToOrigin", {"headers_config": _HEADERS}
            ),
        ),
        "CachePolicyConfig",
    ),
    "aws_cloudfront_origin_request_policy": Kind(
        "AWS::CloudFront::OriginRequestPolicy", {"headers_config": _HEADERS}, "OriginRequestPolicyConfig"
    ),
    "aws_cloudfront_response_headers_policy": Kind(
        "AWS::CloudFront::ResponseHeadersPolicy",
        {
            "cors_config": Nested("CorsConfig", _POLICY_CORS),
            "custom_headers_config": Nested(
                "CustomHeadersConfig", {"items": Nested("Items", _names("header override value"), many=True)}
            ),
        },
        "ResponseHeadersPolicyConfig",
    ),
    "aws_lb": _BALANCER,
    "aws_alb": _BALANCER,
    "aws_lb_listener": _LISTENER,
    "aws_alb_listener": _LISTENER,
    "aws_lb_listener_rule": _RULE,
    "aws_alb_listener_rule": _RULE,
    "aws_lb_target_group": _GROUP,
    "aws_alb_target_group": _GROUP,
}
INTEGRATION = _names(
    "type uri request_templates passthrough_behavior content_handling credentials response_transfer_mode",
    timeout_milliseconds="TimeoutInMillis",
)
INTEGRATION_RESPONSE = _names("status_code selection_pattern response_parameters response_templates content_handling")
METHOD_RESPONSE = _names("status_code response_parameters")
METHOD_SETTINGS = _names("throttling_burst_limit throttling_rate_limit caching_enabled")
