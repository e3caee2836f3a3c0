"""The Serverless Framework. Source: its guides of the events http and httpApi, and of Lambda function URLs."""

from __future__ import annotations

from lambda_cors import Policy

from . import rest
from .cannot import CannotSay
from .comments import hash_comments
from .yaml_text import Data, Tagged, yaml_text

_KEYS = {
    "AllowOrigins": "allowedOrigins",
    "AllowMethods": "allowedMethods",
    "AllowHeaders": "allowedHeaders",
    "ExposeHeaders": "exposedResponseHeaders",
    "AllowCredentials": "allowCredentials",
    "MaxAge": "maxAge",
}


def write(front_door: str, policy: Policy) -> str:
    """Return a service with the settings: take what is new into yours."""
    service: dict[str, Data] = {"service": "shop"}
    provider: dict[str, Data] = {"name": "aws"}
    if front_door == "http_api":
        lines: tuple[str, ...] = ("Take provider.httpApi.cors into your serverless.yml.",)
        return hash_comments(lines) + yaml_text(
            {**service, "provider": {**provider, "httpApi": {"cors": _settings(front_door, policy)}}}
        )
    if front_door == "function_url":
        lines = ("Take url.cors into your function, and CORS headers out of its code: both would double them.",)
        function: dict[str, Data] = {"handler": "app.handler", "url": {"cors": _settings(front_door, policy)}}
        return hash_comments(lines) + yaml_text({**service, "provider": provider, "functions": {"items": function}})
    lines = (*rest.remarks(policy), "Write `cors` at each http event.")
    if rest.constant(policy) and not policy.request_headers:
        lines = (*lines, "Where cors names no headers, Serverless allows Content-Type, Authorization and some others.")
    return hash_comments(lines) + yaml_text({**service, "provider": provider, **_rest(policy)})


def _settings(front_door: str, policy: Policy) -> Data:
    # What is left out gets lists of Serverless's own, which let in more than the policy does.
    given: dict[str, Data] = {"AllowOrigins": [], "AllowMethods": ["GET", "HEAD", "POST"], "AllowHeaders": []}
    return {_KEYS[key]: value for key, value in {**given, **policy.settings_for(front_door)}.items()}


def _rest(policy: Policy) -> dict[str, Data]:
    event: dict[str, Data] = {"path": "/items", "method": "get"}
    events: list[Data] = [{"http": event}]
    if rest.constant(policy):
        cors: dict[str, Data] = {"origin": policy.origins[0]}
        if policy.request_headers:
            cors["headers"] = list(policy.request_headers)
        if policy.methods:
            cors["methods"] = [*policy.methods, *(["OPTIONS"] if "*" not in policy.methods else [])]
        if policy.credentials:
            cors["allowCredentials"] = True
        if policy.max_age is not None:
            if policy.max_age < 1:
                raise CannotSay("Serverless takes a maximal age from 1 second on: leave it out, or write 1")
            cors["maxAge"] = policy.max_age
        event["cors"] = cors
    else:
        events.append({"http": {"path": "/items", "method": "options"}})
    errors: dict[str, Data] = {
        f"gatewayresponse.header.{name}": said for name, said in rest.quoted(rest.of_errors(policy)).items()
    }
    responses: dict[str, Data] = {
        f"Default{name[-3:]}": {
            "Type": "AWS::ApiGateway::GatewayResponse",
            "Properties": {
                "RestApiId": Tagged("!Ref ApiGatewayRestApi"),
                "ResponseType": name,
                "ResponseParameters": errors,
            },
        }
        for name in rest.DEFAULTS
    }
    return {
        "functions": {"items": {"handler": "app.handler", "events": events}},
        "resources": {"Resources": responses},
    }
