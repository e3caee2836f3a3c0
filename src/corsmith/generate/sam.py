"""AWS SAM. Source: the SAM developer guide, CorsConfiguration, HttpApiCorsConfiguration, FunctionUrlConfig."""

from __future__ import annotations

from lambda_cors import Policy

from . import cloudfront, distribution, rest
from .comments import hash_comments
from .yaml_text import Data, Tagged, yaml_text

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def write(front_door: str, policy: Policy) -> str:
    """Return a template with the resource that carries the settings: take what is new into yours."""
    if front_door == "http_api":
        lines: tuple[str, ...] = ("Take CorsConfiguration into your AWS::Serverless::HttpApi.",)
        resources: dict[str, Data] = {
            "Api": {
                "Type": "AWS::Serverless::HttpApi",
                "Properties": {"CorsConfiguration": policy.settings_for(front_door)},
            }
        }
    elif front_door == "function_url":
        lines = (
            "Take FunctionUrlConfig into your function, and CORS headers out of its code: both would double them.",
        )
        url: dict[str, Data] = {"AuthType": "NONE", "Cors": policy.settings_for(front_door)}
        resources = {"Function": {"Type": "AWS::Serverless::Function", "Properties": {"FunctionUrlConfig": url}}}
    elif front_door == "cloudfront":
        lines = cloudfront.REMARKS
        resources = distribution.resources(policy)
    else:
        lines = rest.remarks(policy)
        if not rest.constant(policy):
            # Without a DefaultAuthorizer SAM refuses the line, so it is not written.
            lines = (
                *lines,
                "With a DefaultAuthorizer, give Preflight `Auth: {Authorizer: NONE}`: OPTIONS has no token.",
            )
        resources = _rest(policy)
    return hash_comments(lines) + HEAD + yaml_text({"Resources": resources})


def _rest(policy: Policy) -> dict[str, Data]:
    errors: dict[str, Data] = dict(rest.quoted(rest.of_errors(policy)))
    properties: dict[str, Data] = {
        "StageName": "prod",
        "GatewayResponses": {name: {"ResponseParameters": {"Headers": errors}} for name in rest.DEFAULTS},
    }
    api: dict[str, Data] = {"Type": "AWS::Serverless::Api", "Properties": properties}
    if rest.constant(policy):
        properties["Cors"] = _cors(rest.preflight(policy))
        return {"Api": api}
    event: dict[str, Data] = {"RestApiId": Tagged("!Ref Api"), "Path": "/{proxy+}", "Method": "OPTIONS"}
    function: dict[str, Data] = {"Events": {"Preflight": {"Type": "Api", "Properties": event}}}
    return {"Api": api, "Function": {"Type": "AWS::Serverless::Function", "Properties": function}}


def _cors(headers: dict[str, str]) -> Data:
    names = ("Allow-Origin", "Allow-Methods", "Allow-Headers", "Allow-Credentials", "Max-Age")
    constants = rest.quoted(headers)
    given = {name: constants[f"Access-Control-{name}"] for name in names if f"Access-Control-{name}" in constants}
    # SAM writes the quotes of AllowCredentials by itself.
    return {name.replace("-", ""): True if value == "'true'" else value for name, value in given.items()}
