"""Attributes that the provider works out, as far as they matter here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from corsmith.api.span import Span
from corsmith.readers.nodes import Node, Scalar

from .managed_policies import BY_NAME
from .policy import policy_of
from .scope import Instance
from .terms import as_json, attribute, is_plain_text, join, reason, text, unknown

if TYPE_CHECKING:
    from .world import World

_OWN = frozenset(
    {
        ("aws_lambda_function", "function_name"),
        ("aws_api_gateway_domain_name", "domain_name"),
        ("aws_apigatewayv2_domain_name", "domain_name"),
        ("aws_s3_object", "key"),
        ("aws_s3_bucket_object", "key"),
        ("data.archive_file", "output_path"),
    }
)
"""Names by which other resources refer to one: that they do matters more than what the name is."""


def attribute_of(world: World, instance: Instance, name: str, span: Span) -> Node | None:
    """Return an attribute that is not simply what the resource's block says; None for the others."""
    if (instance.type, name) in _OWN:
        return attribute(instance.address, name, span)
    work = _COMPUTED.get((instance.type, name))
    return work(world, instance, span) if work is not None else None


def _execution_arn(world: World, instance: Instance, span: Span) -> Node:
    """The ARN's last part is the API's id; region and account are the deployment's."""
    arn = text("arn:aws:execute-api:region:account:", span)
    return join((arn, attribute(instance.address, "id", span)), span)


def _root(world: World, instance: Instance, span: Span) -> Node:
    return attribute(instance.address, "RootResourceId", span)


def _path(world: World, instance: Instance, span: Span) -> Node:
    """The path of a resource: its parent's, and its own part."""
    own, parent = world.stated(instance, "path_part"), world.stated(instance, "parent_id")
    if own is None or parent is None or not is_plain_text(own):
        return unknown(f"the path of {instance.address} is not known", span)
    named = parent.items if not isinstance(parent, Scalar) and not hasattr(parent, "entries") else ()
    above = text("", span)
    if len(named) == 2 and isinstance(named[0], Scalar) and named[0].text != instance.address:
        resource = world.instances.get(named[0].text)
        if resource is not None and resource.type == instance.type:
            place = world.argument(resource, "path", span)
            if reason(place) or not isinstance(place, Scalar):
                return place
            above = text(place.text, span)
    return join((above, text("/", span), own), span)


def _policy(world: World, instance: Instance, span: Span) -> Node:
    return as_json(policy_of(world, instance, span), span)


def _invoke_url(world: World, instance: Instance, span: Span) -> Node:
    """A stage's address names the API that it is of."""
    api = world.stated(instance, "rest_api_id") or world.stated(instance, "api_id")
    named = api if api is not None else attribute(instance.address, "invoke_url", span)
    return join((text("https://", span), named, text(".execute-api.region.amazonaws.com", span)), span)


def _managed(world: World, instance: Instance, span: Span) -> Node:
    """A managed policy's id."""
    name = world.stated(instance, "name")
    found = BY_NAME.get(name.text) if isinstance(name, Scalar) and not name.tag else None
    return text(found, span) if found is not None else attribute(instance.address, "id", span)


def _rendered(world: World, instance: Instance, span: Span) -> Node:
    """What `template_file` gives: the template it names, filled in."""
    from corsmith.readers.nodes import Mapping

    from .evaluate import evaluate
    from .templatefile import rendered

    template, names = world.stated(instance, "template"), world.stated(instance, "vars")
    if instance.scope is None or not isinstance(template, Scalar) or template.tag:
        return unknown(f"the template of {instance.address} is not known", span, *([names] if names else []))
    filled = names if isinstance(names, Mapping) else None
    return rendered(template.span.file, template.text, filled, instance.scope, evaluate)


def _content(world: World, instance: Instance, span: Span) -> Node:
    from .file_functions import file_at

    name = world.stated(instance, "filename")
    if name is None or instance.scope is None:
        return unknown(f"{instance.address} names no file", span)
    return file_at(name, instance.scope, span)


_COMPUTED: dict[tuple[str, str], Callable[[World, Instance, Span], Node]] = {
    ("aws_api_gateway_rest_api", "execution_arn"): _execution_arn,
    ("aws_apigatewayv2_api", "execution_arn"): _execution_arn,
    ("data.aws_api_gateway_rest_api", "execution_arn"): _execution_arn,
    ("data.aws_apigatewayv2_api", "execution_arn"): _execution_arn,
    ("aws_api_gateway_rest_api", "root_resource_id"): _root,
    ("data.aws_api_gateway_rest_api", "root_resource_id"): _root,
    ("aws_api_gateway_resource", "path"): _path,
    ("aws_api_gateway_stage", "invoke_url"): _invoke_url,
    ("aws_api_gateway_deployment", "invoke_url"): _invoke_url,
    ("aws_apigatewayv2_stage", "invoke_url"): _invoke_url,
    ("data.aws_cloudfront_cache_policy", "id"): _managed,
    ("data.aws_cloudfront_origin_request_policy", "id"): _managed,
    ("data.aws_cloudfront_response_headers_policy", "id"): _managed,
    ("data.aws_iam_policy_document", "json"): _policy,
    ("data.template_file", "rendered"): _rendered,
    ("data.local_file", "content"): _content,
}
