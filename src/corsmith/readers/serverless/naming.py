"""The logical ids that Serverless gives to what it makes. Source: its guide, "AWS CloudFormation Resource Reference"."""

from __future__ import annotations

import re
from functools import lru_cache

REST_API = "ApiGatewayRestApi"
HTTP_API = "HttpApi"
_VARIABLE = re.compile(r"\{(.*)\}")
_OTHERS = re.compile(r"[^0-9A-Za-z]")


def capital(name: str) -> str:
    """Return a name with its first letter in upper case."""
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=16_384)
def normal(name: str) -> str:
    """Return a function's or authorizer's name as logical ids spell it."""
    return capital(name.replace("-", "Dash").replace("_", "Underscore"))


def function(name: str) -> str:
    """Return the logical id of a function."""
    return normal(name) + "LambdaFunction"


@lru_cache(maxsize=16_384)
def path(text: str) -> str:
    """Return a path, or a route key, as logical ids spell it."""
    return "".join(_part(part) for part in text.split("/"))


def _part(text: str) -> str:
    lowered = (text[:1].upper() + text[1:].lower()).replace("-", "Dash")
    return capital(_OTHERS.sub("", _VARIABLE.sub(r"\1Var", lowered)))


def method(path_name: str, verb: str) -> str:
    """Return the logical id of a method of the REST API."""
    return f"ApiGatewayMethod{path(path_name)}{capital(verb.lower())}"


def resource(path_name: str) -> str:
    """Return the logical id of a resource of the REST API."""
    return "ApiGatewayResource" + path(path_name)


def validator(service: str) -> str:
    """Return the logical id of the REST API's request validator."""
    return f"ApiGateway{capital(_OTHERS.sub('', service))}RequestValidator"


def route(key: str) -> str:
    """Return the logical id of a route of the HTTP API."""
    return "HttpApiRouteDefault" if key == "*" else "HttpApiRoute" + path(key)
