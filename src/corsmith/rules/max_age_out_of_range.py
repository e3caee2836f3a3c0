"""max-age-out-of-range: MaxAge outside what the front door accepts."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .rule import Diagnosis, Found, Rule, no_fix

MOST = 86_400
"""Seconds; the least is -1 for HTTP APIs (API Gateway API reference, Cors) and 0 for Function URLs (Lambda's)."""


def inspect(api: Api, tree: Tree) -> Iterator[Found]:
    """Find times that AWS refuses."""
    del tree
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
                    no_fix,
                ),
            )


RULE = Rule("max-age-out-of-range", Category.DEPLOY, "MaxAge outside what the front door accepts", inspect=inspect)
