"""Deployments of REST and HTTP APIs: which parts of an API a snapshot holds, and whether a change makes a new one.

Source: the AWS provider's documentation of aws_api_gateway_deployment ("triggers"), hashicorp/terraform-provider-aws#162.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from corsmith.api.http_api import HttpApi
from corsmith.api.rest_api import Deployment, RestApi
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.readers.nodes import Node, Scalar
from corsmith.readers.reading import mentioned

from .dependencies import before
from .methods import METHOD, Key, Parts, key_of
from .scope import Instance
from .terms import is_null

if TYPE_CHECKING:
    from .world import World

_RENEWING = ("triggers", "variables", "stage_description")
"""Arguments of which a change makes a new deployment; the latter two were used so before there were triggers."""


def with_deployments(world: World, door: RestApi, instances: tuple[Instance, ...], parts: dict[Key, Parts]) -> RestApi:
    """Return an API with the deployments that its stages serve."""
    staged = [
        name
        for instance in instances
        if instance.type == "aws_api_gateway_stage" and (node := world.stated(instance, "deployment_id")) is not None
        for name in mentioned(node)
    ]
    found = [
        _deployment(world, door, instance, instances, parts)
        for instance in instances
        if instance.type == "aws_api_gateway_deployment"
        and _is_of(world, instance, door.name)
        and (instance.address in staged or _says(world.stated(instance, "stage_name")))
    ]
    return structs.replace(door, deployments=tuple(found))


def with_renewals(world: World, door: HttpApi, instances: tuple[Instance, ...]) -> HttpApi:
    """Return an HTTP API whose stages tell where a change of the API makes a new deployment."""
    renewed = {
        each.address for each in instances if each.type == "aws_apigatewayv2_deployment" and _is_renewed(world, each)
    }
    served: dict[Span | None, set[str]] = {
        instance.span: renewed & set(mentioned(node))
        for instance in instances
        if instance.type == "aws_apigatewayv2_stage" and (node := world.stated(instance, "deployment_id")) is not None
    }
    stages = [structs.replace(each, deployed="renewed") if served.get(each.span) else each for each in door.stages]
    return structs.replace(door, stages=tuple(stages))


def _is_of(world: World, instance: Instance, api: str) -> bool:
    node = world.stated(instance, "rest_api_id")
    return node is not None and api in mentioned(node)


def _says(node: Node | None) -> bool:
    return node is not None and not is_null(node) and not (isinstance(node, Scalar) and not node.text)


def _deployment(
    world: World, door: RestApi, instance: Instance, instances: tuple[Instance, ...], parts: dict[Key, Parts]
) -> Deployment:
    made = before(world, instance)
    apart = dict(_apart(world, instances, parts))
    spans = [method.span for method in door.methods]
    spans += [each.span for each in door.gateway_responses if each.span is not None]
    holds = tuple(span for span in spans if apart.get(span, frozenset()) <= made)
    return Deployment(instance.address, instance.span, holds, Known(_is_renewed(world, instance)))


def _apart(
    world: World, instances: tuple[Instance, ...], parts: dict[Key, Parts]
) -> Iterator[tuple[Span, frozenset[str]]]:
    """Yield the blocks that each method or gateway response is made of, by its span. What a body defines has none."""
    for instance in instances:
        if instance.type == METHOD:
            key = key_of(world, instance)
            own = parts.get(key) if key is not None else None
            yield instance.span, frozenset((instance.origin, *(each.origin for each in _last(own or ()))))
        elif instance.type == "aws_api_gateway_gateway_response":
            yield instance.span, frozenset((instance.origin,))


def _last(own: Iterable[Instance]) -> Iterator[Instance]:
    """Yield the blocks of a method that no other waits for: API Gateway refuses an integration response whose method
    response is not there yet."""
    own = tuple(own)
    answers = any(each.type == "aws_api_gateway_integration_response" for each in own)
    for each in own:
        if not (answers and each.type == "aws_api_gateway_method_response"):
            yield each


def _is_renewed(world: World, instance: Instance) -> bool:
    if any(_says(world.stated(instance, name)) for name in _RENEWING):
        return True
    lifecycle = world.stated(instance, "lifecycle")
    blocks = getattr(lifecycle, "items", ())
    return any(getattr(block, "get", lambda name: None)("replace_triggered_by") is not None for block in blocks)
