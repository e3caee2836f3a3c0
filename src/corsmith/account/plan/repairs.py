"""Which repair ends which rule's findings in an account; for the others, why a person has to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corsmith.account.snapshot import RestApiState

from . import (
    cors_block,
    gateway_response_repairs,
    mapped_header_repairs,
    permission_repairs,
    preflight_repairs,
    route_repairs,
)
from .case import Cannot, Case, Change

Repair = Callable[[Case], Iterator[Change | Cannot]]

_REST: dict[str, Repair] = {
    "rest-no-options-method": preflight_repairs.add_options,
    "rest-options-requires-auth": preflight_repairs.free_options,
    "rest-options-requires-api-key": preflight_repairs.free_options,
    "rest-mock-options-broken": preflight_repairs.mend_mock,
    "rest-binary-media-breaks-mock-options": preflight_repairs.take_as_text,
    "rest-options-missing-response-parameters": preflight_repairs.map_headers,
    "rest-method-missing-response-parameters": preflight_repairs.map_origin,
    "rest-unquoted-cors-value": mapped_header_repairs.quote_values,
    "rest-missing-gateway-responses": gateway_response_repairs.gateway_responses,
    "allow-headers-missing-header": mapped_header_repairs.edit_header,
    "allow-headers-wildcard-authorization": mapped_header_repairs.edit_header,
    "allow-methods-missing": mapped_header_repairs.edit_header,
    "origin-trailing-slash": mapped_header_repairs.edit_header,
    "origin-mismatch": mapped_header_repairs.edit_header,
    "multiple-origins-in-one-header": mapped_header_repairs.edit_header,
    "credentials-header-missing": mapped_header_repairs.edit_header,
    "wildcard-with-credentials": mapped_header_repairs.edit_header,
    "header-typo": mapped_header_repairs.rename_headers,
    "lambda-permission-missing": permission_repairs.let_api_invoke,
}
_OTHERS: dict[str, Repair] = {
    **dict.fromkeys(cors_block.RULES, cors_block.repair),
    "httpapi-default-route-authorizer-catches-options": route_repairs.repair,
    "function-url-permission-missing": permission_repairs.open_url,
    "lambda-permission-missing": permission_repairs.let_api_invoke,
}

BY_DEPLOYING = frozenset(("rest-stage-not-deployed", "httpapi-stage-not-deployed"))
"""The rules whose findings a deployment ends."""
REPAIRED = frozenset(_REST) | frozenset(_OTHERS) | BY_DEPLOYING
"""Every rule whose findings can be ended in an account."""

_IN_THE_CODE = "it is in the function's code: repair it there, with `corsmith fix` in the project's folder"
_AT_THE_EDGE = "distributions of CloudFront are not changed here: a change of one takes minutes to reach all its sites"
_WHY = {
    "preflight-blocked-in-front": "what refuses the preflight (a web ACL, mutual TLS, a throttle) is there to refuse",
    "function-url-requires-iam": "who may call the URL is for a person to decide",
    "duplicate-headers-function-url": "the code sends the header, too: take it out there, with `corsmith fix`",
}


def candidates(case: Case) -> Iterator[Change | Cannot]:
    """Yield what may end the finding, the best first, and why something cannot be done."""
    repairs = _REST if isinstance(case.unit.door, RestApiState) else _OTHERS
    repair = repairs.get(case.rule)
    if repair is not None and case.group.finding.front_door != "cloudfront":
        yield from repair(case)
        return
    yield Cannot(_why(case))


def _why(case: Case) -> str:
    if case.group.finding.front_door == "cloudfront" or case.rule.startswith("cloudfront-"):
        return _AT_THE_EDGE
    if case.rule in _WHY:
        return _WHY[case.rule]
    if case.rule.startswith("insecure-"):
        return "which pages may call with credentials is for a person to decide"
    return _IN_THE_CODE
