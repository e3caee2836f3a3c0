"""The methods of REST APIs: Terraform writes one as four resources, CloudFormation as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field, structs

from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.reading import mentioned
from corsmith.readers.template import Resource

from .properties import properties
from .scope import Instance
from .tables import INTEGRATION, INTEGRATION_RESPONSE, METHOD_RESPONSE, Names
from .terms import is_plain_text, listed, mapping, reason

if TYPE_CHECKING:
    from .world import World

METHOD = "aws_api_gateway_method"
PARTS = (
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method_response",
)
Key = tuple[str, str, str]


class Parts(Struct, eq=False):
    """What belongs to a method, by the kind of resource."""

    integrations: list[Instance] = field(default_factory=list)
    responses: list[Instance] = field(default_factory=list)
    declared: list[Instance] = field(default_factory=list)

    def __iter__(self) -> Iterator[Instance]:
        return iter((*self.integrations, *self.responses, *self.declared))


def parts_of(world: World, instances: tuple[Instance, ...]) -> dict[Key, Parts]:
    """Return the parts of each method, by API, resource and verb."""
    found: dict[Key, Parts] = {}
    for instance in instances:
        if instance.type in PARTS:
            key = key_of(world, instance)
            if key is not None:
                parts = found.setdefault(key, Parts())
                (parts.integrations, parts.responses, parts.declared)[PARTS.index(instance.type)].append(instance)
    return found


def key_of(world: World, instance: Instance) -> Key | None:
    """Return what a method and its parts have in common; None where it is not known."""
    verb = world.stated(instance, "http_method")
    names = [_named(world.stated(instance, name)) for name in ("rest_api_id", "resource_id")]
    if not isinstance(verb, Scalar) or not is_plain_text(verb) or not all(names):
        return None
    return names[0], names[1], verb.text.upper()


def _named(node: Node | None) -> str:
    """A reference as a text to compare by: the resource, and whether it is its root. An id that is written out is itself."""
    if isinstance(node, Sequence) and node.tag == "!GetAtt":
        names = [item.text for item in node.items if isinstance(item, Scalar)]
        return " ".join(names if names[-1:] == ["RootResourceId"] else names[:1])
    if isinstance(node, Scalar) and node.kind == "str":
        return node.text
    # The API is a variable without a value: all that name the variable name one API.
    return next(iter(mentioned(node)), "") or reason(node) if node is not None else ""


def with_parts(world: World, method: Resource, instance: Instance, parts: dict[Key, Parts]) -> Resource:
    """Return a method with its integration and its responses."""
    key = key_of(world, instance)
    own = parts.get(key) if key is not None else None
    if own is None:
        return method
    pairs = [(entry.key, entry.value) for entry in method.properties.entries]
    span = instance.span
    if own.integrations:
        made = _mapping(world, own.integrations[0], INTEGRATION)
        responses = [_mapping(world, each, INTEGRATION_RESPONSE) for each in own.responses]
        inner = [(entry.key, entry.value) for entry in made.entries]
        inner.append((Scalar("IntegrationResponses", span), listed(responses, span)))
        pairs.append((Scalar("Integration", span), mapping(inner, own.integrations[0].span)))
    if own.declared:
        declared = [_mapping(world, each, METHOD_RESPONSE) for each in own.declared]
        pairs.append((Scalar("MethodResponses", span), listed(declared, span)))
    return structs.replace(method, properties=mapping(pairs, method.properties.span))


def _mapping(world: World, instance: Instance, names: Names) -> Mapping:
    return mapping(properties(world, instance, names), instance.span)
