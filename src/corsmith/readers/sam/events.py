"""The Api and HttpApi events of functions: which function answers which path of which API."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.readers.intrinsics import logical_id
from corsmith.readers.nodes import Mapping, Scalar
from corsmith.readers.operations import ANY, normal
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource

IMPLICIT = {"Api": "ServerlessRestApi", "HttpApi": "ServerlessHttpApi"}
_API_ID = {"Api": "RestApiId", "HttpApi": "ApiId"}
_API_TYPE = {"Api": "AWS::Serverless::Api", "HttpApi": "AWS::Serverless::HttpApi"}


class Event(Struct, frozen=True):
    """An event that gives a function, or a state machine that it `starts`, a route of an API.

    `granted` is the API as the permission names it: SAM copies an id that is written out, and such a one fits no API.
    """

    function: str
    name: str
    type: str
    api: str
    path: str
    method: str
    properties: Mapping
    span: Span
    granted: str
    starts: bool = False


def events(reading: Reading, resource: Resource, properties: Mapping, refusals: Refusals) -> list[Event]:
    """Return the events of a function that API Gateway sends."""
    declared = reading.mapping(properties.get("Events"))
    found: list[Event] = []
    for entry in declared.entries if declared is not None else ():
        body = reading.mapping(entry.value)
        kind = body.get("Type") if body is not None else None
        if body is None or not isinstance(kind, Scalar) or kind.text not in IMPLICIT:
            continue
        own = reading.mapping(body.get("Properties")) or Mapping((), entry.span)
        event = _event(reading, resource, entry.key.text, kind.text, own, entry.span, refusals)
        if event is not None:
            found.append(event)
    return found


def _event(
    reading: Reading, resource: Resource, name: str, kind: str, own: Mapping, span: Span, refusals: Refusals
) -> Event | None:
    path, method = reading.text(own.get("Path")), reading.text(own.get("Method"))
    if kind == "HttpApi" and path is None and method is None:
        path, method = Known("$default"), Known(ANY)
    if path is None or method is None:
        missing = "Path" if path is None else "Method"
        refusals.add("missing", span, f"The event {name} of {resource.name} has no {missing}.")
        return None
    if not isinstance(path, Known) or not isinstance(method, Known):
        refusals.add("wrong-type", span, f"Path and Method of the event {name} of {resource.name} must be plain texts.")
        return None
    given = own.get(_API_ID[kind])
    api = granted = IMPLICIT[kind]
    if given is not None:
        named = logical_id(given)
        target = reading.template.resources.get(named) if named is not None else None
        if named == IMPLICIT[kind]:
            target = target or resource
        if target is None or named is None:
            refusals.add(
                "misplaced",
                given.span,
                f"{_API_ID[kind]} of the event {name} names no {_API_TYPE[kind]} of this template.",
            )
            return None
        if kind == "Api" and target.type == _API_TYPE["HttpApi"]:
            refusals.add(
                "misplaced", given.span, f"The event {name} is of type {kind}, but {named} is an {target.type}."
            )
            return None
        api = named
        granted = "id " + named if isinstance(given, Scalar) and not given.tag else named
    starts = resource.type == "AWS::Serverless::StateMachine"
    return Event(resource.name, name, kind, api, path.value, normal(method.value), own, span, granted, starts)
