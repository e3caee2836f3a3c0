"""A CloudFormation template as an Api; SAM's resources are read as what SAM makes of them."""

from __future__ import annotations

from corsmith.api.function import Function
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.readers.declared import declared_origins
from corsmith.readers.document import Document
from corsmith.readers.functions import code_uri, function
from corsmith.readers.permissions import by_function, grants
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.sam.globals import properties_of
from corsmith.readers.sam.reader import Serverless, front_doors
from corsmith.readers.strays import strays
from corsmith.readers.template import Template

from .alb import listeners
from .checks import check
from .cloudfront import distributions
from .functions import code_of
from .http import http_api, is_http
from .rest import rest_api
from .url import function_url


def constructs(reading: Reading) -> tuple[tuple[str, str], ...]:
    """Return the construct path that CDK notes for each resource, by logical id."""
    found: list[tuple[str, str]] = []
    for resource in reading.template.resources.values():
        metadata = reading.mapping(resource.body.get("Metadata"))
        path = reading.text(metadata.get("aws:cdk:path")) if metadata is not None else None
        if isinstance(path, Known):
            found.append((resource.name, path.value))
    return tuple(found)


def read_template(tree: Tree, template: Template, document: Document, reading: Reading, dialect: str) -> Api:
    """Return what a template deploys, SAM's part first."""
    refusals = Refusals()
    written = grants(reading)
    given = by_function(written)
    functions: list[Function] = []
    for resource in reading.of_type("AWS::Serverless::Function"):
        properties = properties_of(template, resource)
        functions.append(function(tree, reading, resource, properties, code_uri(reading, properties)))
    for resource in reading.of_type("AWS::Lambda::Function"):
        code = code_of(tree, reading, resource)
        functions.append(function(tree, reading, resource, resource.properties, code))
    doors: list[FrontDoor] = [*front_doors(Serverless(tree, template, reading, refusals, written))]
    doors += (http_api(reading, r, given) for r in reading.of_type("AWS::ApiGatewayV2::Api") if is_http(reading, r))
    doors += (rest_api(reading, r, given) for r in reading.of_type("AWS::ApiGateway::RestApi"))
    for resource in reading.of_type("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
        entry = resource.properties.entry("BodyS3Location")
        if entry is not None:
            message = f"the definition of {resource.name} is in S3, not in the project: its routes are not read"
            refusals.unread.append((entry.key.span, message))
    doors += (function_url(reading, r) for r in reading.of_type("AWS::Lambda::Url"))
    doors += listeners(reading)
    doors += tuple(distributions(reading, doors))
    check(reading, refusals)
    return Api(
        template.file,
        dialect,
        tuple(doors),
        tuple(functions),
        declared_origins(template, reading, document.root),
        document.problems + refusals.problems(template.text),
        tuple(refusals.found),
        constructs(reading) if dialect == "cdk" else (),
        strays(reading, doors),
    )
