"""The rules: what explains a blocked call. One rule, one file; the first in the catalogue that explains a cell reports."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.cell import Cell
from corsmith.api.model import Api
from corsmith.api.tree import Tree

from . import (
    alb_answers_itself,
    alb_options_not_routed,
    allow_headers_missing_header,
    allow_headers_wildcard_authorization,
    allow_list_joined_in_one_item,
    allow_methods_missing,
    cloudfront_caches_without_origin,
    cloudfront_drops_origin_header,
    cloudfront_forwards_host,
    cloudfront_options_not_allowed,
    cloudfront_replaces_errors,
    cookie_not_sent,
    cors_config_on_wrong_resource,
    cors_header_on_request,
    credentials_header_missing,
    duplicate_headers,
    duplicate_headers_function_url,
    expose_headers_missing,
    function_url_no_cors_config,
    function_url_options_in_methods,
    function_url_permission_missing,
    function_url_requires_iam,
    function_url_subdomain_wildcard,
    handler_missing_headers,
    handler_missing_headers_on_error,
    header_typo,
    headers_not_applied,
    httpapi_default_route_authorizer_catches_options,
    httpapi_handler_headers_ignored,
    httpapi_no_cors_config,
    httpapi_rest_style_quotes,
    httpapi_stage_not_deployed,
    httpapi_subdomain_wildcard,
    httpapi_wildcard_credentials_rejected,
    insecure_http_origin_with_credentials,
    insecure_null_origin,
    insecure_reflects_origin_with_credentials,
    insecure_regex_origin_bypass,
    insecure_suffix_origin_match,
    insecure_wildcard_with_credentials,
    lambda_permission_missing,
    local_network_access,
    malformed_proxy_response,
    max_age_out_of_range,
    missing_vary_origin,
    multiple_origins_in_one_header,
    non_string_header_value,
    origin_header_case,
    origin_mismatch,
    origin_trailing_slash,
    preflight_blocked_in_front,
    preflight_needs_status_ok,
    preflight_not_cached,
    preflight_redirected,
    rest_binary_media_breaks_mock_options,
    rest_method_missing_response_parameters,
    rest_missing_gateway_responses,
    rest_mock_options_broken,
    rest_no_options_method,
    rest_options_missing_response_parameters,
    rest_options_requires_api_key,
    rest_options_requires_auth,
    rest_stage_not_deployed,
    rest_unquoted_cors_value,
    template_refused,
    wildcard_with_credentials,
)
from .admitted import Admitted, strangers
from .blocked import Blocked
from .rule import Diagnosis, Found, Rule, advises_nothing

__all__ = [
    "CATALOGUE",
    "Admitted",
    "Blocked",
    "Diagnosis",
    "Found",
    "Rule",
    "accuse",
    "advise",
    "diagnose",
    "inspect",
    "strangers",
]

CATALOGUE: tuple[Rule, ...] = tuple(
    module.RULE
    for module in (
        preflight_blocked_in_front,
        cloudfront_caches_without_origin,
        cloudfront_options_not_allowed,
        cloudfront_replaces_errors,
        cloudfront_forwards_host,
        cloudfront_drops_origin_header,
        lambda_permission_missing,
        function_url_permission_missing,
        function_url_requires_iam,
        origin_header_case,
        header_typo,
        cors_config_on_wrong_resource,
        allow_list_joined_in_one_item,
        alb_options_not_routed,
        alb_answers_itself,
        rest_no_options_method,
        rest_options_requires_auth,
        rest_options_requires_api_key,
        rest_binary_media_breaks_mock_options,
        rest_mock_options_broken,
        rest_options_missing_response_parameters,
        rest_method_missing_response_parameters,
        rest_missing_gateway_responses,
        preflight_redirected,
        non_string_header_value,
        malformed_proxy_response,
        headers_not_applied,
        httpapi_default_route_authorizer_catches_options,
        httpapi_no_cors_config,
        httpapi_rest_style_quotes,
        function_url_no_cors_config,
        preflight_needs_status_ok,
        duplicate_headers_function_url,
        multiple_origins_in_one_header,
        duplicate_headers,
        httpapi_wildcard_credentials_rejected,
        wildcard_with_credentials,
        allow_headers_wildcard_authorization,
        cors_header_on_request,
        allow_headers_missing_header,
        allow_methods_missing,
        credentials_header_missing,
        httpapi_subdomain_wildcard,
        origin_trailing_slash,
        origin_mismatch,
        handler_missing_headers_on_error,
        handler_missing_headers,
        rest_unquoted_cors_value,
        function_url_options_in_methods,
        function_url_subdomain_wildcard,
        max_age_out_of_range,
        rest_stage_not_deployed,
        httpapi_stage_not_deployed,
        template_refused,
        insecure_wildcard_with_credentials,
        insecure_reflects_origin_with_credentials,
        insecure_null_origin,
        insecure_http_origin_with_credentials,
        insecure_regex_origin_bypass,
        insecure_suffix_origin_match,
        httpapi_handler_headers_ignored,
        missing_vary_origin,
        expose_headers_missing,
        cookie_not_sent,
        local_network_access,
        preflight_not_cached,
    )
)
"""Every rule; where two explain a cell, the more specific stands first."""


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[tuple[Rule, Found]]:
    """Yield what the rules find at fault in a template without any call. `origins` are those of the pages."""
    for rule in CATALOGUE:
        for found in rule.inspect(api, tree, origins):
            yield rule, found


def diagnose(blocked: Blocked) -> tuple[Rule, Diagnosis] | None:
    """Return the rule that explains `blocked`, and how; None where none does."""
    for rule in CATALOGUE:
        diagnosis = rule.explain(blocked)
        if diagnosis is not None:
            return rule, diagnosis
    return None


def accuse(admitted: Admitted, tree: Tree) -> tuple[Rule, Diagnosis] | None:
    """Return the rule that says what lets a stranger in; None where that is no weakness."""
    for rule in CATALOGUE:
        diagnosis = rule.accuse(admitted, tree)
        if diagnosis is not None:
            return rule, diagnosis
    return None


_ADVISERS = tuple(rule for rule in CATALOGUE if rule.advise is not advises_nothing)


def advise(cell: Cell, tree: Tree) -> Iterator[tuple[Rule, Diagnosis]]:
    """Yield what the rules remark on an allowed cell."""
    for rule in _ADVISERS:
        diagnosis = rule.advise(cell, tree)
        if diagnosis is not None:
            yield rule, diagnosis
