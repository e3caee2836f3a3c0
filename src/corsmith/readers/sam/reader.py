"""The front doors that SAM makes of a template's serverless resources."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from corsmith.api.model import FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.readers.nodes import Mapping
from corsmith.readers.openapi.integrations import HTTP_LIMIT, REST_LIMIT
from corsmith.readers.operations import verb
from corsmith.readers.permissions import Grant, Grants, by_function
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource, Template

from .checks import check_function, check_globals, check_properties
from .definitions import definition_of
from .events import IMPLICIT, Event, events
from .globals import properties_of
from .http import http_api
from .rest import Definition, rest_api
from .url import function_url


class Serverless(Struct):
    """What is read of a SAM template, and what is noted on the way."""

    tree: Tree
    template: Template
    reading: Reading
    refusals: Refusals
    written: tuple[Grant, ...]


def front_doors(sam: Serverless) -> Iterator[FrontDoor]:
    """Yield the HTTP APIs, REST APIs and Function URLs of a SAM template."""
    check_globals(sam.template, sam.refusals)
    sent: list[Event] = []
    urls: list[FrontDoor] = []
    for resource in sam.reading.of_type("AWS::Serverless::StateMachine"):
        sent += events(sam.reading, resource, resource.properties, sam.refusals)
    for resource in sam.reading.of_type("AWS::Serverless::Function"):
        properties = properties_of(sam.template, resource)
        check_function(resource, properties, sam.refusals)
        sent += events(sam.reading, resource, properties, sam.refusals)
        url = function_url(sam.reading, resource, properties, sam.refusals)
        if url is not None:
            urls.append(url)
    given = by_function((*sam.written, *(_grant(event) for event in sent if not event.starts)))
    for kind in ("HttpApi", "Api"):
        mine = [event for event in sent if event.type == kind]
        implicit = tuple(event for event in mine if event.api == IMPLICIT[kind])
        for resource in sam.reading.of_type(f"AWS::Serverless::{kind}"):
            if not (implicit and resource.name == IMPLICIT[kind]):
                yield _explicit(sam, resource, kind, mine, given)
        if implicit:
            yield _implicit(sam, kind, implicit, given)
    yield from urls


def _grant(event: Event) -> Grant:
    """The permission that SAM writes for an event."""
    if event.path in ("$default", "/$default"):
        return Grant(event.function, event.granted)
    method = verb(event.method)
    return Grant(event.function, event.granted, f"*/{'*' if method == 'ANY' else method}{event.path}")


def _explicit(sam: Serverless, resource: Resource, kind: str, sent: list[Event], given: Grants) -> FrontDoor:
    check_properties(resource, sam.refusals)
    properties = properties_of(sam.template, resource)
    mine = tuple(event for event in sent if event.api == resource.name)
    body = definition_of(sam.tree, sam.reading, properties, HTTP_LIMIT if kind == "HttpApi" else REST_LIMIT)
    if body is not None and not body.in_project:
        entry = properties.entry("DefinitionBody") or properties.entry("DefinitionUri")
        message = f"the definition of {resource.name} is not in the project: its routes are not read"
        sam.refusals.unread.append((entry.key.span if entry is not None else resource.span, message))
    return _door(sam, kind, Definition(resource.name, resource.span, properties, mine, body, given))


def _implicit(sam: Serverless, kind: str, sent: tuple[Event, ...], given: Grants) -> FrontDoor:
    span = sent[0].span
    resource = Resource(IMPLICIT[kind], f"AWS::Serverless::{kind}", Mapping((), span), Mapping((), span), span)
    section = sam.template.globals.entry(kind) if sam.template.globals is not None else None
    place = section.span if section is not None else span
    properties = properties_of(sam.template, resource)
    return _door(sam, kind, Definition(resource.name, place, properties, sent, None, given, Known("Prod")))


def _door(sam: Serverless, kind: str, definition: Definition) -> FrontDoor:
    if kind == "HttpApi":
        return http_api(sam.reading, definition, sam.refusals)
    return rest_api(sam.reading, definition, sam.refusals)
