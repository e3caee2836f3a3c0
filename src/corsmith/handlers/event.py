"""The Lambda event of an HTTP request, as code looks into it.

Two payload formats are told apart by one atom: 2.0 (HTTP APIs, Function URLs) has `requestContext.http`; 1.0 (REST APIs,
HTTP APIs on request, ALB) has `httpMethod`. A look-up gives NOTHING where the format has no such key.
"""

from __future__ import annotations

from functools import lru_cache

from .decisions import Decisions, Rank, Value
from .values import (
    NOTHING,
    Const,
    EventPart,
    FilledText,
    HeaderText,
    Joined,
    LookUp,
    LowerHeaders,
    Method,
    Opaque,
    Origin,
    PathText,
    SomeText,
)

SECOND = "2.0"
ANY_PARAMETER = ""
"""Stands for any parameter of the path, where code asks whether there is one at all."""
METHOD = Method()
PATH = PathText()
ROUTE_KEY = Joined((METHOD, Const(" "), PATH))
_FIRST_ONLY: dict[tuple[str, ...], Value] = {
    ("httpMethod",): METHOD,
    ("requestContext", "httpMethod"): METHOD,
    ("path",): PATH,
    ("resource",): PATH,
    ("requestContext", "path"): PATH,
    ("requestContext", "resourcePath"): PATH,
    ("multiValueHeaders",): EventPart(("multiValueHeaders",)),
}
_SECOND_ONLY: dict[tuple[str, ...], Value] = {
    ("rawPath",): PATH,
    ("routeKey",): ROUTE_KEY,
    ("requestContext", "routeKey"): ROUTE_KEY,
    ("requestContext", "http"): EventPart(("requestContext", "http")),
}
_ALWAYS: dict[tuple[str, ...], Value] = {
    ("requestContext", "http", "method"): METHOD,
    ("requestContext", "http", "path"): PATH,
    **{
        path: EventPart(path)
        for path in [("headers",), ("requestContext",), ("pathParameters",), ("requestContext", "authorizer")]
    },
    ("requestContext", "stage"): SomeText("the stage's name"),
    ("requestContext", "requestId"): SomeText("the request's id"),
    ("requestContext", "domainName"): SomeText("the domain's name"),
    ("requestContext", "identity"): EventPart(("requestContext", "identity")),
    ("isBase64Encoded",): Opaque("whether the body is Base64"),
}
# What authorizers add is there where code looks for it: the route has the authorizer.
_DEEP = {("requestContext", "authorizer"), ("requestContext", "identity")}
_NULLABLE = {("body",), ("queryStringParameters",), ("stageVariables",)}
_ALWAYS_SENT = {"host", "user-agent", "accept", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"}
_WHOLE = {
    (),
    ("headers",),
    ("requestContext",),
    ("requestContext", "http"),
    ("multiValueHeaders",),
}


def second(decisions: Decisions) -> Value:
    """Return the condition that the payload format is 2.0."""
    return decisions.when(decisions.atom(Rank.PAYLOAD, SECOND))


def look_up(decisions: Decisions, part: Value, key: object) -> Value:
    """Return what `key` gives in a part of the event: a value with NOTHING where there is no such key."""
    if isinstance(part, LowerHeaders):
        return header(decisions, key, ignores_case=True) if isinstance(key, str) and key == key.lower() else NOTHING
    assert isinstance(part, EventPart)
    if not isinstance(key, str):
        return Opaque("a part of the event")
    path = (*part.path, key)
    if part.path == ("headers",):
        return header(decisions, key, ignores_case=False)
    if path == ("version",):
        return decisions.choose(second(decisions), Const(SECOND), Const("1.0"))
    if path in _ALWAYS:
        return _ALWAYS[path]
    if path in _FIRST_ONLY:
        return decisions.choose(second(decisions), NOTHING, _FIRST_ONLY[path])
    if path in _SECOND_ONLY:
        return decisions.choose(second(decisions), _SECOND_ONLY[path], NOTHING)
    there = decisions.when(decisions.atom(Rank.OPAQUE, ("event", path)))
    if path in _NULLABLE:
        missing = decisions.choose(second(decisions), NOTHING, Const(None))
        return decisions.choose(there, EventPart(path), missing)
    if part.path[:1] == ("pathParameters",):
        # Which parameters there are is up to the route that leads here.
        named = decisions.when(decisions.atom(Rank.PARAMETER, key))
        return decisions.choose(named, FilledText(f"the request's {key}"), NOTHING)
    if part.path[:2] in _DEEP:
        return EventPart(path)
    if part.path and part.path[0] == "multiValueHeaders" and key.lower() == "origin":
        return Opaque("the Origin in multiValueHeaders")
    if part.path == ("queryStringParameters",):
        return decisions.choose(there, SomeText(f"the request's {key}"), NOTHING)
    return decisions.choose(there, EventPart(path), NOTHING)


def header(decisions: Decisions, name: object, *, ignores_case: bool) -> Value:
    """Return the request header `name`, NOTHING where the request does not have it."""
    if not isinstance(name, str):
        return Opaque("a header whose name is not known")
    if name.lower() == "origin":
        looked_up = LookUp(name, ignores_case)
        there = decisions.when(decisions.atom(Rank.PRESENT, looked_up))
        return decisions.choose(there, _origin(looked_up), NOTHING)
    if name in _ALWAYS_SENT:
        return HeaderText(name)
    there = decisions.when(decisions.atom(Rank.OPAQUE, ("header", name.lower())))
    return decisions.choose(there, HeaderText(name.lower()), NOTHING)


@lru_cache(maxsize=64)
def _origin(looked_up: LookUp) -> Origin:
    """The same object for the same look-up: what is made of it is then worked out once."""
    return Origin(looked_up)


def is_there(part: EventPart) -> bool | None:
    """Say whether a part of the event is neither empty nor None; None where that depends on the request."""
    return True if part.path in _WHOLE else None
