"""max-age-out-of-range: MaxAge outside what the front door accepts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known
from corsmith.fixes.python_headers import replace_text

from .rule import Diagnosis, Found, Rule

MOST = 86_400
"""Seconds; the least is -1 for HTTP APIs (API Gateway API reference, Cors) and 0 for Function URLs (Lambda's)."""


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find times that AWS refuses."""
    del origins
    for front_door in api.front_doors:
        if not isinstance(front_door, HttpApi | FunctionUrl) or not isinstance(front_door.cors, Known):
            continue
        max_age = front_door.cors.value.max_age if front_door.cors.value is not None else None
        least = -1 if isinstance(front_door, HttpApi) else 0
        if isinstance(max_age, Known) and not least <= max_age.value <= MOST:
            yield (
                front_door,
                Diagnosis(
                    f"MaxAge of {front_door.name} is {max_age.value}; AWS takes {least} to {MOST} seconds and refuses others.",
                    (max_age.span or front_door.span,),
                    partial(_clamp, tree, max_age, MOST if max_age.value > MOST else least),
                ),
            )


def _clamp(tree: Tree, written: Known[int], nearest: int) -> Iterator[Fix]:
    if written.span is not None:
        edits = replace_text(tree, written.span, str(written.value), str(nearest))
        if edits:
            yield Fix(f"Write {nearest}", safe=True, edits=edits)


RULE = Rule("max-age-out-of-range", Category.DEPLOY, "MaxAge outside what the front door accepts", inspect=inspect)
