"""The rules: what explains a blocked call. One rule, one file; the first in the catalogue that explains a cell reports."""

from __future__ import annotations

from . import (
    allow_headers_missing_header,
    duplicate_headers_function_url,
    function_url_no_cors_config,
    handler_missing_headers,
    handler_missing_headers_on_error,
    httpapi_no_cors_config,
    rest_missing_gateway_responses,
    rest_no_options_method,
    rest_options_requires_auth,
    wildcard_with_credentials,
)
from .blocked import Blocked
from .rule import Diagnosis, Rule

CATALOGUE: tuple[Rule, ...] = (
    rest_no_options_method.RULE,
    rest_options_requires_auth.RULE,
    rest_missing_gateway_responses.RULE,
    httpapi_no_cors_config.RULE,
    function_url_no_cors_config.RULE,
    duplicate_headers_function_url.RULE,
    wildcard_with_credentials.RULE,
    allow_headers_missing_header.RULE,
    handler_missing_headers_on_error.RULE,
    handler_missing_headers.RULE,
)
"""Every rule; where two explain a cell, the more specific stands first."""


def diagnose(blocked: Blocked) -> tuple[Rule, Diagnosis] | None:
    """Return the rule that explains `blocked`, and how; None where none does."""
    for rule in CATALOGUE:
        diagnosis = rule.explain(blocked)
        if diagnosis is not None:
            return rule, diagnosis
    return None
