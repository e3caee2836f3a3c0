"""The permission that the provider adds to a Function URL which anyone may call.

Source: the AWS provider's aws_lambda_function_url: with authorization_type NONE it adds lambda:InvokeFunctionUrl itself. The
second permission, lambda:InvokeFunction, is left to the user by versions before 6.58, and added by later ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from corsmith.readers.nodes import Mapping, Node, Scalar
from corsmith.readers.reading import mentioned
from corsmith.readers.template import Resource

from .terms import mapping, text

if TYPE_CHECKING:
    from corsmith.api.span import Span


def added(resources: Iterable[Resource]) -> Iterator[Resource]:
    """Yield the permissions that the provider adds beside those that are written.

    Where none is written, none is added here: whether both are there is then the provider's version's affair.
    """
    known = tuple(resources)
    written = [each for each in known if each.type == "AWS::Lambda::Permission"]
    for url in known:
        if url.type != "AWS::Lambda::Url" or _text(url.properties.get("AuthType")) != "NONE":
            continue
        target = url.properties.get("TargetFunctionArn")
        own = [each for each in written if _function(each.properties.get("FunctionName")) == _function(target)]
        actions = {_text(each.properties.get("Action")) for each in own if _is_of_url(each)}
        if target is not None and "lambda:InvokeFunction" in actions and "lambda:InvokeFunctionUrl" not in actions:
            yield _permission(url, target, url.span)


def _permission(url: Resource, target: Node, span: Span) -> Resource:
    pairs = (
        (Scalar("Action", span), text("lambda:InvokeFunctionUrl", span)),
        (Scalar("FunctionName", span), target),
        (Scalar("Principal", span), text("*", span)),
    )
    name = f"{url.name} permission"
    return Resource(name, "AWS::Lambda::Permission", mapping(pairs, span), Mapping((), span), span)


def _is_of_url(permission: Resource) -> bool:
    via = _text(permission.properties.get("InvokedViaFunctionUrl"))
    return via == "true" or _text(permission.properties.get("Principal")) == "*"


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and not node.tag else ""


def _function(node: Node | None) -> str:
    return next(iter(mentioned(node)), _text(node)) if node is not None else ""
