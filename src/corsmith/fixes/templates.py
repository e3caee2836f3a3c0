"""Fixes in templates, in the dialect that each is written in. The less usual dialects are loaded where they are met."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted

from . import cloudformation, openapi, sam
from .cloudformation import kind_of


def configure_cors(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give the front door CORS settings for `wanted`; none where a person has to decide."""
    if api.dialect == "serverless":
        from . import serverless

        return serverless.configure_cors(tree, api, front_door, wanted)
    if api.dialect == "terraform":
        from . import terraform

        return terraform.configure_cors(tree, front_door, wanted)
    return sam.configure_cors(tree, api, front_door, wanted)


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
