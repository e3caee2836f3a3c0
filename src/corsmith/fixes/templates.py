"""Fixes in templates, in the dialect that each is written in. The less usual dialects are loaded where they are met."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.http_api import HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi, RestMethod
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from . import cloudformation, openapi, rest_methods, sam
from .cloudformation import kind_of
from .yaml_written import Content

_TERRAFORM = (".tf", ".tofu")


def configure_cors(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to give the front door CORS settings for `wanted`, the dialect's own first."""
    if api.dialect == "serverless":
        from . import serverless

        yield serverless.configure_cors(tree, api, front_door, wanted)
    elif api.dialect == "terraform":
        from . import terraform

        yield terraform.configure_cors(tree, front_door, wanted)
    else:
        yield sam.configure_cors(tree, api, front_door, wanted)
        yield openapi.configure_cors(tree, api, front_door, wanted)
    if isinstance(front_door, RestApi):
        yield rest_methods.add_options(tree, api, front_door, wanted)


def gateway_responses(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give API Gateway's own errors the CORS headers."""
    if api.dialect == "serverless":
        from . import serverless

        return serverless.gateway_responses(tree, api, wanted)
    if api.dialect == "terraform":
        from . import terraform

        return terraform.gateway_responses(tree, front_door, wanted)
    if api.dialect == "openapi":
        return openapi.gateway_responses(tree, api, wanted)
    if kind_of(tree, api, front_door.name) == "AWS::ApiGateway::RestApi":
        return cloudformation.gateway_responses(tree, api, front_door.name, wanted)
    return sam.gateway_responses(tree, api, front_door, wanted)


def free_preflight(tree: Tree, api: Api, front_door: FrontDoor) -> tuple[Edit, ...]:
    """Return the edits that take the authorizer and the API key off all OPTIONS methods that the template makes."""
    if api.dialect == "openapi":
        return openapi.free_options(tree, api)
    return sam.free_preflight(tree, api, front_door)


def set_in(tree: Tree, api: Api, span: Span, key: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that gives the settings at `span` an entry, or its entry another value. `key` as CloudFormation's."""
    if span.file.endswith(_TERRAFORM):
        from . import terraform

        return terraform.set_in(tree, span, key, content)
    return cloudformation.set_in(tree, api, span, key, content)


def set_property(tree: Tree, api: Api, named: Span, key: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that sets a property of the resource whose name stands at `named`."""
    if named.file.endswith(_TERRAFORM):
        from . import terraform

        return terraform.set_in(tree, named, key, content)
    return cloudformation.set_property(tree, api, named, key, content)


def add_permission(tree: Tree, api: Api, function: str, own: dict[str, Content]) -> tuple[Edit, ...]:
    """Return the edit that adds an AWS::Lambda::Permission for `function`; `own` are its other properties."""
    if api.dialect == "terraform":
        from . import terraform

        return terraform.add_permission(tree, api, function, own)
    return cloudformation.add_permission(tree, api, function, own)


def options_route(tree: Tree, api: Api, front_door: FrontDoor, route: HttpRoute) -> tuple[Edit, ...]:
    """Return the edits that give the preflights of a catch-all route of an HTTP API a route without an authorizer."""
    if api.dialect == "terraform":
        from . import terraform

        return terraform.options_route(tree, route.span, route.path)
    if api.dialect == "serverless":
        from . import serverless

        return serverless.options_route(tree, route)
    return (
        sam.options_event(tree, route)
        or cloudformation.options_route(tree, api, front_door, route)
        or openapi.options_route(tree, route)
    )


def free_method(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edits that let an OPTIONS method be called without authorizer and API key."""
    if method.span.file.endswith(_TERRAFORM):
        from . import terraform_rest

        return terraform_rest.without_authorization(tree, method)
    return rest_methods.without_authorization(tree, method)


def answer_with_status(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edits that make the mock of `method` choose the status that its responses are for."""
    if method.span.file.endswith(_TERRAFORM):
        from . import terraform_rest

        return terraform_rest.answer_with_status(tree, method)
    return rest_methods.answer_with_status(tree, method)


def as_text(tree: Tree, method: RestMethod) -> tuple[Edit, ...]:
    """Return the edit that lets the mock of `method` take a binary body for text."""
    if method.span.file.endswith(_TERRAFORM):
        from . import terraform_rest

        return terraform_rest.as_text(tree, method)
    return rest_methods.as_text(tree, method)


def map_headers(tree: Tree, api: Api, method: RestMethod, headers: dict[str, str]) -> tuple[Edit, ...]:
    """Return the edits that let every integration response of `method` send `headers`, quoted literals."""
    if method.span.file.endswith(_TERRAFORM):
        from . import terraform_rest

        return terraform_rest.map_headers(tree, method, headers)
    if api.dialect == "serverless":
        from . import serverless

        return serverless.map_headers(tree, method, headers)
    return rest_methods.map_headers(tree, method, headers)


def without_error_pages(tree: Tree, pages: tuple[Span, ...]) -> tuple[Edit, ...]:
    """Return the edits that take the custom error responses at `pages` out of a distribution."""
    if pages and pages[0].file.endswith(_TERRAFORM):
        from . import terraform

        return terraform.without_blocks(tree, pages)
    return cloudformation.without_items(tree, pages)
