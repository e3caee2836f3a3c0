"""What the tagged nodes of Terraform's expressions are worth."""

from __future__ import annotations

from typing import Any

from corsmith.api.value import Known, Unknown, Value
from corsmith.readers.nodes import Node, Sequence
from corsmith.readers.values import Functions, Values, merged

from .terms import Open, plain_text, reason


def _not_known(values: Values, argument: Node, node: Node) -> Value[Any]:
    return Unknown(reason(node), node.span)


def _either(values: Values, argument: Node, node: Node) -> Value[Any]:
    options = argument.items[1:] if isinstance(argument, Sequence) else ()
    return merged([values.of(option) for option in options], reason(node), node.span)


def _json(values: Values, argument: Node, node: Node) -> Value[Any]:
    try:
        return Known(plain_text(node), node.span)
    except Open as error:
        return Unknown(error.because, node.span)


FUNCTIONS: Functions = {
    "Ref": _not_known,
    "Fn::GetAtt": _not_known,
    "Fn::Unknown": _not_known,
    "Fn::Either": _either,
    "Fn::Json": _json,
    "Fn::Join": Values.join,
}
"""By the name of the tag."""
