"""Terraform's resources as the resources of a CloudFormation template: what they are is one, only the names differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corsmith.readers.nodes import Scalar
from corsmith.readers.template import Resource

from .extras import EXTRAS
from .names import FunctionNames
from .properties import properties
from .scope import Instance
from .tables import KINDS, Kind
from .terms import mapping

if TYPE_CHECKING:
    from .world import World


def resources(world: World, instances: tuple[Instance, ...]) -> Iterator[Resource]:
    """Yield the resource that each instance is, those that matter here."""
    functions = FunctionNames(world, instances)
    for instance in instances:
        kind = KINDS.get(instance.type)
        if kind is not None:
            yield _resource(world, instance, kind, functions)


def _resource(world: World, instance: Instance, kind: Kind, functions: FunctionNames) -> Resource:
    pairs = list(properties(world, instance, kind.names))
    extra = EXTRAS.get(instance.type)
    if extra is not None:
        pairs = extra(world, instance, pairs)
    pairs = [(key, functions.named(key.text, value)) for key, value in pairs]
    own = mapping(pairs, instance.span)
    if kind.within:
        own = mapping(((Scalar(kind.within, instance.span), own),), instance.span)
    return Resource(instance.address, kind.type, own, mapping((), instance.span), instance.span)
