"""What a Lambda authorizer's result comes to.

A policy must name a principal and allow the method's ARN; a denial in it wins. Under format 2.0 with simple responses
`isAuthorized` says it all. A raised "Unauthorized" is a 401, any other error and any other output breaks (API Gateway
developer guide, "Output from an API Gateway Lambda authorizer", "Working with AWS Lambda authorizers for HTTP APIs").
"""

from __future__ import annotations

import re
from typing import Any

from .asks import (
    Authorize,
    AuthorizerBroken,
    AuthorizerDecision,
    Denied,
    Failed,
    Granted,
    InvokeResult,
    Payload,
    Slow,
    Throttled,
    TimedOut,
    Unauthorized,
)

_MISCONFIGURED = AuthorizerBroken("configuration")


def decide(ask: Authorize, result: InvokeResult) -> AuthorizerDecision:
    """Return the decision in the result of the authorizer's function. Raises `Undecided`."""
    if isinstance(result, Failed):
        return Unauthorized() if result.message == "Unauthorized" else AuthorizerBroken()
    if isinstance(result, TimedOut | Slow | Throttled):
        return AuthorizerBroken()
    if not isinstance(result, Payload) or not isinstance(result.value, dict):
        return _MISCONFIGURED
    if "isAuthorized" in result.value and ask.authorizer.simple_responses.get():
        return _simple(result.value)
    return _by_policy(result.value, _arn(ask))


def _simple(value: dict[str, Any]) -> AuthorizerDecision:
    context = value.get("context") or {}
    if not isinstance(value["isAuthorized"], bool) or not isinstance(context, dict):
        return _MISCONFIGURED
    return Granted(context) if value["isAuthorized"] else Denied()


def _arn(ask: Authorize) -> str:
    event = ask.event or {}
    return str(event.get("methodArn") or event.get("routeArn") or "")


def _by_policy(value: dict[str, Any], arn: str) -> AuthorizerDecision:
    policy, principal, context = value.get("policyDocument"), value.get("principalId"), value.get("context") or {}
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(principal, str) or not isinstance(statements, list) or not _is_flat(context):
        return _MISCONFIGURED
    effects = {each.get("Effect") for each in statements if isinstance(each, dict) and _covers(each, arn)}
    return Granted(context, principal) if effects == {"Allow"} else Denied()


def _is_flat(context: Any) -> bool:
    return isinstance(context, dict) and not any(isinstance(value, dict | list) for value in context.values())


def _covers(statement: dict[str, Any], arn: str) -> bool:
    return _any_fits(statement.get("Resource"), arn) and _any_fits(statement.get("Action"), "execute-api:Invoke")


def _any_fits(patterns: Any, text: str) -> bool:
    listed = patterns if isinstance(patterns, list) else [patterns]
    return any(isinstance(each, str) and _fits(each, text) for each in listed)


def _fits(pattern: str, text: str) -> bool:
    """Match as IAM does: `*` for any text, `?` for one character, letters without case in actions only."""
    written = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(written, text, re.IGNORECASE if pattern.lower().startswith("execute-api:") else 0) is not None
