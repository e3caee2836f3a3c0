"""What the front doors have in common: authorizers, Lambda integrations, stages.

The words are AWS's. Every setting is a Value with the span it was read from; a tuple keeps the order of the template.
"""

from __future__ import annotations

from msgspec import Struct

from .span import Span
from .value import Known, Text, Texts, Unknown, Value


class Authorizer(Struct, frozen=True):
    """Who may call a method or route.

    `kind`: "iam", "cognito", "jwt", "lambda_token", "lambda_request". `identity_sources` as AWS spells them
    (`$request.header.Authorization` or `method.request.header.Authorization`). `function` is a Lambda authorizer's
    logical id.
    """

    name: str
    kind: str
    span: Span | None = None
    identity_sources: Texts = Known(())
    function: Text = Unknown("the authorizer names no function")
    issuer: Text = Unknown("the authorizer names no issuer")
    audience: Texts = Known(())
    payload_format: Text = Known("1.0")
    simple_responses: Value[bool] = Known(False)
    token_validation: Text = Known("")


class LambdaProxy(Struct, frozen=True):
    """A Lambda proxy integration. `permitted`: may the front door invoke the function for this method and path."""

    function: Text
    span: Span | None = None
    payload_format: Text = Known("1.0")
    timeout_ms: Value[int] = Known(29_000)
    permitted: Value[bool] = Known(True)
    streams: Value[bool] = Known(False)


class HttpProxy(Struct, frozen=True):
    """A proxy integration to another HTTP server, whose answers no template tells."""

    uri: Text
    span: Span | None = None
    timeout_ms: Value[int] = Known(29_000)


class Guard(Struct, frozen=True):
    """What stands before a front door and turns requests away: before CORS, authorizers and the function are asked.

    `kind`: "waf" (a web ACL), "mutual-tls" (callers must show a certificate, which pages do not). `verbs` are the methods
    it refuses whatever else they carry, "*" for all. `because` is a phrase that says by which setting.
    """

    kind: str
    verbs: tuple[str, ...]
    because: str
    span: Span | None = None


class Stage(Struct, frozen=True):
    """A stage. `auto_deploy` matters for HTTP APIs; REST APIs serve what the stage's deployment holds.

    `throttled`: a limit of zero refuses every request. `cached`: API Gateway keeps answers of a REST API for others.
    """

    name: Text
    span: Span | None = None
    auto_deploy: Value[bool] = Known(True)
    throttled: Value[bool] = Known(False)
    base_paths: tuple[Text, ...] = ()
    """First path segments under custom domains; "" where the API is mapped to the root."""
    cached: Value[bool] = Known(False)
    deployed: str = ""
    """What an HTTP API's stage without auto-deploy serves: "nothing" (it names no deployment), "fixed" (the deployment
    that it names stays as it was made), "renewed" (a change of the API makes a new one); "" where that is not known."""
