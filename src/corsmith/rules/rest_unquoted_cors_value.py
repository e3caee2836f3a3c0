"""rest-unquoted-cors-value: a CORS value lacks the inner single quotes of a literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from corsmith.api.finding import Category
from corsmith.api.fix import Edit, Fix
from corsmith.api.model import Api
from corsmith.api.rest_api import Mapped, Mock, Parameters, RestApi
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .rule import Diagnosis, Found, Rule

_EXPRESSION = re.compile(r"'.*'|(method|integration)\.(request|response)\..+|context\..+|stageVariables\..+", re.DOTALL)

_TEXT = re.compile(r"""(!Sub\s+)?(["']?)([^"'\n]*)\2""")
_REFERENCE = re.compile(r"!Ref\s+([A-Za-z0-9]+)")


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find header values that are neither quoted literals nor mapping expressions: API Gateway refuses to deploy them."""
    del origins
    for front_door in api.front_doors:
        if isinstance(front_door, RestApi):
            for parameters in _parameters(front_door):
                for name, value in parameters:
                    if name.lower().startswith("access-control-") and isinstance(value, Known) and not _made(value):
                        text = str(value.value)
                        if not is_expression(text):
                            yield front_door, _diagnosis(tree, front_door, name, text, value.span)


def is_expression(text: str) -> bool:
    """Say whether a value is what API Gateway takes: a literal in single quotes, or a mapping expression."""
    return _EXPRESSION.fullmatch(text) is not None


def _made(value: Known[Any]) -> bool:
    """Say whether a tool wrote the value itself: it is not the user's to quote, and services that deploy have it."""
    return any(step.what.startswith("made by ") for step in value.via)


def _parameters(front_door: RestApi) -> Iterator[Parameters]:
    for method in front_door.methods:
        if isinstance(method.integration, Mock | Mapped):
            for response in method.integration.responses:
                yield response.parameters
    for answer in front_door.gateway_responses:
        yield answer.parameters


def _diagnosis(tree: Tree, front_door: RestApi, name: str, text: str, span: Span | None) -> Diagnosis:
    place = span or front_door.span
    return Diagnosis(
        f"{name} of REST API {front_door.name} is {text}, without the single quotes that make it a literal. API Gateway "
        f"refuses the deployment (invalid mapping expression). Write \"'{text}'\".",
        (place,),
        lambda: _quoted(tree, place),
    )


def _quoted(tree: Tree, place: Span) -> Iterator[Fix]:
    written = tree.read(place.file)[place.start : place.end]
    text = _TEXT.fullmatch(written)
    reference = _REFERENCE.fullmatch(written)
    if reference is not None:
        quoted = f"!Sub \"'${{{reference[1]}}}'\""
    elif text is not None:
        quoted = f"{text[1] or ''}\"'{text[3]}'\""
    else:
        return
    yield Fix(f"Write {quoted}", safe=True, edits=(Edit(place.file, place.start, place.end, quoted),))


RULE = Rule(
    "rest-unquoted-cors-value",
    Category.DEPLOY,
    "a CORS value lacks the inner single quotes of a mapping-expression literal; the deployment is rejected",
    inspect=inspect,
)
