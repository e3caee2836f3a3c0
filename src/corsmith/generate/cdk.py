"""The AWS CDK, in TypeScript that is JavaScript too. Source: the API reference of aws-cdk-lib."""

from __future__ import annotations

import json

from lambda_cors import Policy

from . import rest
from .cannot import CannotSay
from .comments import slash_comments

_OPTIONS = {
    "origins": "allowOrigins",
    "methods": "allowMethods",
    "request_headers": "allowHeaders",
    "response_headers": "exposeHeaders",
}
_URL_OPTIONS = {
    "origins": "allowedOrigins",
    "methods": "allowedMethods",
    "request_headers": "allowedHeaders",
    "response_headers": "exposedHeaders",
}


def write(front_door: str, policy: Policy) -> str:
    """Return a function that makes the construct: take its options into your stack."""
    if front_door == "http_api":
        return _http(policy)
    return _url(policy) if front_door == "function_url" else _rest(policy)


def _http(policy: Policy) -> str:
    if policy.max_age == -1:
        raise CannotSay("the CDK has no duration below 0: leave the maximal age out, or write 0")
    options = _lines(policy, _OPTIONS, _named(policy, "CorsHttpMethod", "ANY"))
    names = ("CorsHttpMethod, " if policy.methods else "") + "HttpApi"
    return (
        slash_comments(("Take corsPreflight into your HttpApi.",))
        + _durations(policy)
        + f'import {{ {names} }} from "aws-cdk-lib/aws-apigatewayv2";\n\n'
        + f'export function api(scope) {{\n  return new HttpApi(scope, "Api", {{\n    corsPreflight: {{\n{options}'
        + "    },\n  });\n}\n"
    )


def _url(policy: Policy) -> str:
    options = _lines(policy, _URL_OPTIONS, _named(policy, "HttpMethod", "ALL"))
    names = "FunctionUrlAuthType" + (", HttpMethod" if policy.methods else "")
    lines = ("Take cors into addFunctionUrl, and CORS headers out of the code: both would double them.",)
    return (
        slash_comments(lines)
        + _durations(policy)
        + f'import {{ {names} }} from "aws-cdk-lib/aws-lambda";\n\n'
        + "export function url(handler) {\n  return handler.addFunctionUrl({\n"
        + f"    authType: FunctionUrlAuthType.NONE,\n    cors: {{\n{options}    }},\n  }});\n}}\n"
    )


def _rest(policy: Policy) -> str:
    """The CDK's own OPTIONS method answers for several origins, each by name: patterns are the function's to judge."""
    if any("*" in origin for origin in policy.origins if origin != "*"):
        raise CannotSay("a REST API's OPTIONS method takes exact origins: let the function answer, with `--for python`")
    options = _lines(policy, _OPTIONS, json.dumps(list(policy.methods)))
    lines = (rest.FUNCTION, "Give defaultMethodOptions no authorizer: the OPTIONS methods would get it too.")
    headers = json.dumps(rest.quoted(rest.of_errors(policy)))
    return (
        slash_comments(lines)
        + _durations(policy)
        + 'import { ResponseType, RestApi } from "aws-cdk-lib/aws-apigateway";\n\n'
        + 'export function api(scope) {\n  const api = new RestApi(scope, "Api", {\n'
        + f"    defaultCorsPreflightOptions: {{\n{options}    }},\n  }});\n"
        + "  for (const type of [ResponseType.DEFAULT_4XX, ResponseType.DEFAULT_5XX]) {\n"
        + f"    api.addGatewayResponse(type.responseType, {{ type, responseHeaders: {headers} }});\n"
        + "  }\n  return api;\n}\n"
    )


def _durations(policy: Policy) -> str:
    return 'import { Duration } from "aws-cdk-lib";\n' if policy.max_age not in (None, -1) else ""


def _lines(policy: Policy, names: dict[str, str], methods: str) -> str:
    said = []
    for field, name in names.items():
        value = getattr(policy, field)
        if value:
            said.append((name, methods if field == "methods" else json.dumps(list(value), ensure_ascii=False)))
    if policy.credentials:
        said.append(("allowCredentials", "true"))
    if policy.max_age == -1:
        said.append(("disableCache", "true"))
    elif policy.max_age is not None:
        said.append(("maxAge", f"Duration.seconds({policy.max_age})"))
    return "".join(f"      {name}: {value},\n" for name, value in said)


def _named(policy: Policy, enumeration: str, every: str) -> str:
    """Return the methods as members of an enumeration, whose word for `*` is `every`."""
    members = (f"{enumeration}.{every if method == '*' else method}" for method in policy.methods)
    return f"[{', '.join(members)}]"
