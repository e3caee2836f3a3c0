"""A SAM template as an Api."""

from __future__ import annotations

from corsmith.api.function import Function
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.readers.declared import declared_origins
from corsmith.readers.document import Document
from corsmith.readers.functions import code_uri, function
from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource, Template

from .body import Body
from .events import IMPLICIT, Event, events
from .globals import properties_of
from .http import http_api
from .rest import Definition, rest_api
from .url import function_url


def read_sam(tree: Tree, template: Template, reading: Reading, document: Document) -> Api:
    """Return what a SAM template deploys."""
    refusals = Refusals()
    functions: list[Function] = []
    sent: list[Event] = []
    doors: list[FrontDoor] = []
    urls: list[FrontDoor] = []
    for resource in template.of_type("AWS::Serverless::Function"):
        properties = properties_of(template, resource)
        functions.append(function(tree, reading, resource, properties, code_uri(reading, properties)))
        sent += events(reading, resource, properties, refusals)
        url = function_url(reading, resource, properties, refusals)
        if url is not None:
            urls.append(url)
    for kind in ("HttpApi", "Api"):
        mine = [event for event in sent if event.type == kind]
        declared = template.of_type(f"AWS::Serverless::{kind}")
        doors += (_explicit(tree, reading, resource, kind, mine, refusals) for resource in declared)
        implicit = tuple(event for event in mine if event.api == IMPLICIT[kind])
        if implicit and IMPLICIT[kind] not in template.resources:
            doors.append(_implicit(reading, template, kind, implicit, refusals))
    return Api(
        template.file,
        "sam",
        (*doors, *urls),
        tuple(functions),
        declared_origins(template, reading, document.root),
        document.problems,
        tuple(refusals.found),
    )


def _explicit(
    tree: Tree, reading: Reading, resource: Resource, kind: str, sent: list[Event], refusals: Refusals
) -> FrontDoor:
    properties = properties_of(reading.template, resource)
    mine = tuple(event for event in sent if event.api == resource.name)
    body: Body | None = None
    definition = Definition(resource.name, resource.span, properties, mine, body)
    return http_api(reading, definition, refusals) if kind == "HttpApi" else rest_api(reading, definition, refusals)


def _implicit(
    reading: Reading, template: Template, kind: str, sent: tuple[Event, ...], refusals: Refusals
) -> FrontDoor:
    resource = Resource(
        IMPLICIT[kind], f"AWS::Serverless::{kind}", Mapping((), sent[0].span), Mapping((), sent[0].span), sent[0].span
    )
    properties = properties_of(template, resource)
    section = template.globals.entry(kind) if template.globals is not None else None
    span = section.span if section is not None else sent[0].span
    definition = Definition(resource.name, span, properties, sent, None, Known("Prod"))
    return http_api(reading, definition, refusals) if kind == "HttpApi" else rest_api(reading, definition, refusals)
