"""A Terraform module becomes an Api: its resources are read as the CloudFormation resources that they are."""

from __future__ import annotations

import posixpath
import re

from msgspec import structs

from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.readers.cloudformation.reader import read_template
from corsmith.readers.declared import is_telling
from corsmith.readers.document import Document
from corsmith.readers.nodes import Mapping, Node, Scalar
from corsmith.readers.reading import Reading
from corsmith.readers.settings import Settings
from corsmith.readers.template import Resource, Template
from corsmith.readers.values import Values

from .deployments import with_deployments, with_renewals
from .methods import METHOD, Key, Parts, parts_of, with_parts
from .scope import Instance
from .terms import mapping
from .translate import resources
from .url_permissions import added
from .values import FUNCTIONS
from .world import World

_SAYS = re.compile("origin|cors", re.IGNORECASE)


def read_module(tree: Tree, path: str, settings: Settings) -> Api:
    """Return what the root module that the file `path` belongs to deploys."""
    world = World(tree, settings, posixpath.normpath(posixpath.dirname(path)))
    world.root()
    return read_instances(world, path, settings, tuple(world.everything()))


def read_instances(world: World, path: str, settings: Settings, instances: tuple[Instance, ...]) -> Api:
    """Return what the resources of a project come to; `path` is the file that the Api is named after."""
    parts = parts_of(world, instances)
    by_address = {instance.address: instance for instance in instances}
    found: dict[str, Resource] = {}
    for made in resources(world, instances):
        instance = by_address[made.name]
        found[made.name] = with_parts(world, made, instance, parts) if instance.type == METHOD else made
    found |= {each.name: each for each in added(found.values())}
    template = Template(path, "", settings, resources=found)
    reading = Reading(template, Values(template, FUNCTIONS))
    api = read_template(world.tree, template, Document(_root(world, found)), reading, "terraform")
    doors = tuple([_deployed(world, door, instances, parts) for door in api.front_doors])
    return structs.replace(
        api,
        front_doors=doors,
        problems=(*world.all_problems(), *api.problems),
        strays=(*world.strays, *api.strays),
    )


def _deployed(world: World, door: FrontDoor, instances: tuple[Instance, ...], parts: dict[Key, Parts]) -> FrontDoor:
    """Return a front door with what its deployments hold."""
    if isinstance(door, RestApi):
        return with_deployments(world, door, instances, parts)
    return with_renewals(world, door, instances) if isinstance(door, HttpApi) else door


def _root(world: World, found: dict[str, Resource]) -> Mapping:
    """Everything in which an origin may be declared: the variables and locals of all modules, and the resources."""
    pairs: list[tuple[Scalar, Node]] = []
    for address, place in world.places.items():
        span = next((block.header for block in place.module.variables.values()), None)
        values: list[tuple[Scalar, Node]] = []
        for name, block in place.module.variables.items():
            if _may_declare(world, name, block.span):
                values.append((Scalar(name, block.header), world.variable(place, name, block.header)))
        for name, own in place.module.locals.items():
            if _may_declare(world, name, own.expression.span):
                values.append((Scalar(name, own.key), world.local(place, name, own.key)))
        if values:
            first = span or values[0][0].span
            pairs.append((Scalar(f"module {address}", first), mapping(values, first)))
    pairs += ((Scalar(name, resource.span), resource.properties) for name, resource in found.items())
    return mapping(pairs, pairs[0][0].span if pairs else Span(world.folder, 0, 0))


def _may_declare(world: World, name: str, span: Span) -> bool:
    """Say whether a variable or local may declare an origin: by its name, or by what it says. Most need not be worked out."""
    return is_telling(name) or _SAYS.search(world.tree.read(span.file), span.start, span.end) is not None
