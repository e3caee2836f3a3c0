"""Which functions API Gateway may invoke: the grants of a template, matched to methods and paths.

Source: the API Gateway developer guide, "Control access to a REST API with API Gateway Lambda permissions".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from corsmith.api.front_door import LambdaProxy
from corsmith.api.value import Known, Unknown, Value

from .operations import Operation, Paths, verb
from .reading import Reading

_ARN = re.compile(r"execute-api:[^:]*:[^:]*:([^/]+)(?:/(.*))?$", re.DOTALL)
_NAME = re.compile(r"\$\{(?!AWS-)([^{}]+)\}$")
_VARIABLE = re.compile(r"\{[^}/]+\}")
INVOKES = frozenset({"lambda:InvokeFunction", "lambda:*", "*", "lambda:Invoke*"})
"""The actions of a permission that let a service invoke a function."""


class Grant(Struct, frozen=True):
    """A function's permission for API Gateway. `api` None: for any.

    `pattern` is the ARN's part after the API: "stage/METHOD/path", in which `*` stands for any run of characters; None
    where the template does not tell it.
    """

    function: str
    api: str | None
    pattern: str | None = "*"


Grants = Mapping[str, tuple[Grant, ...]]
"""The grants of each function."""


def by_function(given: Iterable[Grant]) -> Grants:
    """Return grants by the function they are for."""
    found: dict[str, list[Grant]] = {}
    for grant in given:
        found.setdefault(grant.function, []).append(grant)
    return {function: tuple(own) for function, own in found.items()}


def grants(reading: Reading) -> tuple[Grant, ...]:
    """Return what the AWS::Lambda::Permission resources of a template allow API Gateway."""
    found: list[Grant] = []
    # A reader that makes permissions lets all of them have one source: it is worked out once.
    sources: dict[int, str] = {}
    for resource in reading.of_type("AWS::Lambda::Permission"):
        own = resource.properties
        action, principal = reading.text(own.get("Action")), reading.symbolic(own.get("Principal"))
        function = reading.function(own.get("FunctionName"))
        if not principal.startswith(("apigateway.", "*")) or not isinstance(function, Known):
            continue
        if isinstance(action, Known) and action.value not in INVOKES:
            continue
        node = own.get("SourceArn")
        source = sources.get(id(node))
        if source is None:
            source = sources[id(node)] = reading.symbolic(node)
        found.append(_grant(source, function.value))
    return tuple(found)


def _grant(source: str, function: str) -> Grant:
    if not source:
        return Grant(function, None)
    match = _ARN.search(source)
    if match is None:
        return Grant(function, None, None)
    api, rest = match.group(1), match.group(2)
    named = _NAME.match(api)
    pattern = re.sub(r"\$\{[^}]*\}", "*", rest) if rest else "*"
    if named is None and "$" in api:
        return Grant(function, None, None)
    # An id that is written out is that of another API: it never is a logical id.
    written = named.group(1) if named is not None else "id " + api
    return Grant(function, None if api == "*" else written, pattern)


def permit(paths: Paths, api: str, given: Grants) -> None:
    """Say of each Lambda integration of `api` whether one of the grants covers it."""
    for operation in paths:
        made = operation.integration
        if isinstance(made, LambdaProxy) and isinstance(made.function, Known) and not operation.by_role:
            allowed = permitted(given.get(made.function.value, ()), made.function.value, api, operation)
            if allowed != made.permitted:
                operation.integration = LambdaProxy(
                    made.function, made.span, made.payload_format, made.timeout_ms, allowed, made.streams
                )


def permitted(given: tuple[Grant, ...], function: str, api: str, operation: Operation) -> Value[bool]:
    """Say whether one of a function's grants lets `api` invoke `function` for an operation."""
    default = operation.path in ("$default", "/$default")
    asked = "s/$default" if default else f"s/{verb(operation.method)}{operation.path.rstrip('/') or '/'}"
    unsure = ""
    for grant in given:
        if grant.api not in (None, api):
            continue
        if grant.pattern is None or default:
            unsure = f"what the permission of {function} covers is not known"
        if grant.pattern is not None and _covers(grant.pattern, asked):
            return Known(True)
    return Unknown(unsure) if unsure else Known(False)


def _covers(pattern: str, asked: str) -> bool:
    stage, slash, rest = pattern.partition("/")
    if not slash:
        return stage == "*"
    pattern = "*/" + _VARIABLE.sub("*", rest)
    pattern = pattern if pattern == "*/" else pattern.rstrip("/") if pattern.count("/") > 2 else pattern
    return _glob(pattern, asked)


def _glob(pattern: str, text: str) -> bool:
    """Match a pattern in which `*` stands for any run of characters."""
    first, *others = pattern.split("*")
    if not others:
        return text == first
    *middle, last = others
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
