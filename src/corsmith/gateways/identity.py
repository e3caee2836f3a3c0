"""Whether a request shows who calls: identity sources, and signatures.

A missing identity source is refused without asking the authorizer (API Gateway developer guide, "Working with AWS
Lambda authorizers for HTTP APIs", "Configure a Lambda authorizer").
"""

from __future__ import annotations

import re

from corsmith.api.front_door import Authorizer
from corsmith.api.value import Undecided, Unknown, texts

from .call import Call

_SOURCE = re.compile(r"(?:\$|method\.)request\.(header|querystring)\.(.+)")


def identity(authorizer: Authorizer, call: Call) -> tuple[str, ...] | None:
    """Return the values of the identity sources, None where one is missing. Raises `Undecided`."""
    if authorizer.kind == "iam":
        return _signature(call)
    sources = texts(authorizer.identity_sources)
    if not sources and authorizer.kind != "lambda_request":
        sources = ("$request.header.Authorization",)
    found = tuple(_source(source, call) for source in sources)
    present = tuple(value for value in found if value)
    return present if len(present) == len(found) else None


def _source(source: str, call: Call) -> str | None:
    matched = _SOURCE.fullmatch(source)
    if matched is None:
        # Context and stage variables are always there.
        return source
    where, name = matched.groups()
    if where == "header":
        return call.header(name.lower())
    return next(iter(call.queries().get(name, ())), None)


def _signature(call: Call) -> tuple[str, ...] | None:
    header = call.header("authorization") or ""
    if header.startswith("AWS4-HMAC-SHA256"):
        return (header,)
    query = call.queries().get("X-Amz-Signature")
    return None if query is None else (query[0],)


def token_fits(authorizer: Authorizer, token: str) -> bool:
    """Say whether a TOKEN authorizer's validation expression admits the token. Raises `Undecided`."""
    expression = authorizer.token_validation.get()
    try:
        return not expression or re.fullmatch(expression, token) is not None
    except re.error:
        reason = f"the identity validation expression {expression} cannot be read"
        raise Undecided(Unknown(reason, authorizer.span)) from None
