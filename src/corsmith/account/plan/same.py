"""When two answers of AWS say the same of a thing.

AWS fills in defaults, lower-cases the header names of CORS settings and keeps no order of their lists: none of that is a
difference. Source: the API Gateway API reference (Integration, MethodResponse, Cors) and the Lambda API reference (Cors).
"""

from __future__ import annotations

from typing import Any

from .call import Json

NEW_DEPLOYMENT = "(new)"
"""The id of a deployment that was not made yet."""
MARK = "deploymentDescription"
"""Where the description of the deployment that a stage serves is kept: by it a deployment of one's own is known."""
_STAGES = ("stage", "http-stage")
_DEFAULTS: dict[str, object] = {
    "apiKeyRequired": False,
    "ApiKeyRequired": False,
    "AllowCredentials": False,
    "AuthorizationType": "NONE",
    "timeoutInMillis": 29_000,
    "passthroughBehavior": "WHEN_NO_MATCH",
    "selectionPattern": "",
    "contentHandling": "",
    "responseTransferMode": "BUFFERED",
}
"""What a member is where it is not there."""
_SERVICE_OWN = frozenset(("cacheNamespace", "ResponseMetadata", "RouteId", "ApiGatewayManaged", "defaultResponse"))
_SETS = frozenset(
    ("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "AuthorizationScopes", "authorizationScopes")
)
_LOWERED = frozenset(("AllowHeaders", "ExposeHeaders"))


def same(kind: str, one: Json | None, other: Json | None) -> bool:
    """Say whether two states of a thing of that kind are the same."""
    return bool(normal(kind, one) == normal(kind, other))


def covers(kind: str, actual: Json | None, expected: Json | None) -> bool:
    """Say whether `actual` has all that `expected` says; what AWS adds by itself does not count."""
    if kind in _STAGES and expected is not None and _id(expected) == NEW_DEPLOYMENT:
        return bool((actual or {}).get(MARK) == expected[MARK])
    if actual is None or expected is None:
        return bool(normal(kind, actual) == normal(kind, expected))
    return _within(normal(kind, expected), normal(kind, actual))


def normal(kind: str, state: Json | None) -> Any:
    """Return what `state` says without defaults, in a fixed order."""
    if kind == "http-cors":
        return _members(state or {}) or None
    if kind == "url-cors":
        # A Function URL's MaxAge is 0 where it is not set.
        return (
            _members({name: value for name, value in (state or {}).items() if (name, value) != ("MaxAge", 0)}) or None
        )
    if state is None:
        return None
    if kind in _STAGES:
        return {"deployment": _id(state)}
    if kind == "permission":
        return {name: state.get(name) for name in ("Sid", "Effect", "Action")}
    return _members(state)


def _id(stage: Json) -> str | None:
    return stage.get("deploymentId") or stage.get("DeploymentId")


def _members(own: Json) -> Json:
    found: Json = {}
    for name, value in own.items():
        if name in _SERVICE_OWN or value is None or value in ({}, []) or _DEFAULTS.get(name, ...) == value:
            continue
        found[name] = _value(name, value)
    return {name: value for name, value in found.items() if value != {}}


def _value(name: str, value: Any) -> Any:
    if name in _SETS:
        return sorted({str(each).lower() if name in _LOWERED else str(each) for each in value})
    if name in ("requestTemplates", "responseTemplates"):
        # An empty template is returned as null.
        return {kind: text or "" for kind, text in value.items()}
    if isinstance(value, dict):
        return _members(value)
    return value


def _within(expected: Any, actual: Any) -> bool:
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(name in actual and _within(value, actual[name]) for name, value in expected.items())
    return bool(expected == actual)
