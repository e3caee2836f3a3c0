"""What other names alone do not make of a resource: what is a resource of its own in Terraform, or a default of its provider."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import structs

from corsmith.api.model import Stray
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence
from corsmith.readers.strays import EXTENSION

from .definitions import definition
from .packages import code_of
from .properties import renamed
from .scope import Instance
from .tables import METHOD_SETTINGS
from .terms import is_null, listed, mapping, same, text

if TYPE_CHECKING:
    from .world import World

_HEADERS = "routing_http_response_"
Pairs = list[tuple[Scalar, Node]]


def _function(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    return [*pairs, *code_of(world, instance)]


def _rest_api(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    body = definition(world, instance)
    if body is not None and not is_null(body):
        pairs.append((Scalar("Body", body.span), body))
    policy = definition(world, instance, "policy")
    for other in world.instances.values():
        if policy is None and other.type == "aws_api_gateway_rest_api_policy":
            named = world.stated(other, "rest_api_id")
            if named is not None and _names_it(named, instance.address):
                policy = definition(world, other, "policy")
    if policy is not None and not is_null(policy):
        pairs.append((Scalar("Policy", policy.span), policy))
    return pairs


def _http_api(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """The provider sets an HTTP API's CORS configuration after it has imported the body: to its own block, or to none.

    hashicorp/terraform-provider-aws#33390.
    """
    body = definition(world, instance)
    extension = body.entry(EXTENSION) if isinstance(body, Mapping) else None
    if isinstance(body, Mapping) and extension is not None:
        body = structs.replace(body, entries=tuple(entry for entry in body.entries if entry is not extension))
        if not any(key.text == "CorsConfiguration" for key, _ in pairs):
            because = (
                f"the provider sets CORS after the import of the body: to the cors_configuration of {instance.address},"
                f" which has none, so that {EXTENSION} has no effect"
            )
            world.strays.append(Stray(EXTENSION, extension.key.span, because, (instance.address,)))
    if body is not None and not is_null(body):
        pairs.append((Scalar("Body", body.span), body))
    return pairs


def _names_it(node: Node, address: str) -> bool:
    return isinstance(node, Sequence) and bool(node.items) and getattr(node.items[0], "text", "") == address


def _authorizer(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """Documented defaults: type TOKEN, and the Authorization header as its source."""
    present = {key.text for key, _ in pairs}
    if "Type" not in present:
        pairs.append((Scalar("Type", instance.span), text("TOKEN", instance.span)))
    if "IdentitySource" not in present:
        source = text("method.request.header.Authorization", instance.span)
        pairs.append((Scalar("IdentitySource", instance.span), source))
    return pairs


def _listener(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """`routing_http_response_…_header_value` are the listener's attributes."""
    stated = instance.block.body.attributes if instance.block is not None else ()
    found: list[Node] = []
    for attribute in stated:
        value = world.stated(instance, attribute.name) if attribute.name.startswith(_HEADERS) else None
        if value is not None:
            inner = attribute.name.removeprefix(_HEADERS).removesuffix("_header_value")
            key = text(f"routing.http.response.{inner}.header_value", attribute.key)
            found.append(
                mapping(((Scalar("Key", attribute.key), key), (Scalar("Value", value.span), value)), value.span)
            )
    if found:
        pairs.append((Scalar("ListenerAttributes", instance.span), listed(found, instance.span)))
    return pairs


def _group(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """The targets of a group are resources of their own; its one attribute of interest an argument."""
    targets: list[Node] = []
    for other in world.instances.values():
        if other.type in ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment"):
            group, target = world.stated(other, "target_group_arn"), world.stated(other, "target_id")
            if group is not None and target is not None and _names_it(group, instance.address):
                targets.append(mapping(((Scalar("Id", target.span), target),), other.span))
    if targets:
        pairs.append((Scalar("Targets", instance.span), listed(targets, instance.span)))
    multi = world.stated(instance, "lambda_multi_value_headers_enabled")
    if multi is not None:
        key = text("lambda.multi_value_headers.enabled", multi.span)
        own = mapping(((Scalar("Key", multi.span), key), (Scalar("Value", multi.span), multi)), multi.span)
        pairs.append((Scalar("TargetGroupAttributes", multi.span), listed((own,), multi.span)))
    return pairs


def _balancer(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """`internal` is the scheme."""
    internal = world.stated(instance, "internal")
    if isinstance(internal, Scalar) and internal.text in ("true", "false"):
        scheme = "internal" if internal.text == "true" else "internet-facing"
        pairs.append((Scalar("Scheme", internal.span), text(scheme, internal.span)))
    return pairs


def _rule(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """A condition's kind is the name of its block, and its Field."""
    return [(key, _with_fields(value) if key.text == "Conditions" else value) for key, value in pairs]


_FIELDS = {
    "PathPatternConfig": "path-pattern",
    "HostHeaderConfig": "host-header",
    "HttpRequestMethodConfig": "http-request-method",
    "HttpHeaderConfig": "http-header",
    "QueryStringConfig": "query-string",
    "SourceIpConfig": "source-ip",
}


def _with_fields(node: Node) -> Node:
    if not isinstance(node, Sequence) or node.tag:
        return node
    items: list[Node] = []
    for item in node.items:
        for entry in item.entries if isinstance(item, Mapping) else ():
            field = text(_FIELDS.get(entry.key.text, entry.key.text), entry.key.span)
            items.append(mapping(((Scalar("Field", entry.key.span), field), (entry.key, entry.value)), item.span))
    return listed(items, node.span)


def _stage(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """The settings of a stage's methods are resources of their own."""
    named = [world.stated(instance, name) for name in ("rest_api_id", "stage_name")]
    settings: list[Node] = []
    for other in world.instances.values():
        if other.type == "aws_api_gateway_method_settings":
            theirs = [world.stated(other, name) for name in ("rest_api_id", "stage_name")]
            if all(a is not None and b is not None and same(a, b) for a, b in zip(named, theirs, strict=True)):
                settings += _method_settings(world, other)
    if settings:
        pairs.append((Scalar("MethodSettings", instance.span), listed(settings, instance.span)))
    return pairs


def _method_settings(world: World, instance: Instance) -> Iterator[Node]:
    """`method_path` is a path without its first slash, a slash, and a verb; `*/*` stands for all."""
    path, blocks = world.stated(instance, "method_path"), world.stated(instance, "settings")
    if not isinstance(path, Scalar) or not isinstance(blocks, Sequence) or blocks.tag:
        return
    resource, _, verb = path.text.rpartition("/")
    for block in blocks.items:
        if isinstance(block, Mapping):
            own = renamed(block, METHOD_SETTINGS)
            # -1 stands for a limit that is not set.
            kept = [(e.key, e.value) for e in own.entries if not (isinstance(e.value, Scalar) and e.value.text == "-1")]
            where = [
                (Scalar("HttpMethod", path.span), text(verb, path.span)),
                (Scalar("ResourcePath", path.span), text("/" + resource.lstrip("/"), path.span)),
            ]
            yield mapping((*where, *kept), block.span)


def _url(world: World, instance: Instance, pairs: Pairs) -> Pairs:
    """The provider sends MaxAge only where it is more than 0, and lists only where they hold something."""
    return [(key, _without_empty(value) if key.text == "Cors" else value) for key, value in pairs]


def _without_empty(node: Node) -> Node:
    if not isinstance(node, Mapping):
        return node
    kept = tuple(entry for entry in node.entries if not _is_empty(entry.value))
    return structs.replace(node, entries=kept)


def _is_empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.kind == "int" and node.text == "0"
    return isinstance(node, Sequence) and not node.tag and not node.items


EXTRAS: dict[str, Callable[[World, Instance, Pairs], Pairs]] = {
    "aws_lambda_function": _function,
    "aws_lambda_function_url": _url,
    "aws_api_gateway_rest_api": _rest_api,
    "aws_api_gateway_authorizer": _authorizer,
    "aws_api_gateway_stage": _stage,
    "aws_apigatewayv2_api": _http_api,
    "aws_lb": _balancer,
    "aws_alb": _balancer,
    "aws_lb_listener": _listener,
    "aws_alb_listener": _listener,
    "aws_lb_listener_rule": _rule,
    "aws_alb_listener_rule": _rule,
    "aws_lb_target_group": _group,
    "aws_alb_target_group": _group,
}
