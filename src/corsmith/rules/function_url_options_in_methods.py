"""function-url-options-in-methods: OPTIONS in AllowMethods of a Function URL."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.finding import Category
from corsmith.api.function_url import FunctionUrl
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .proposals import remove_item
from .rule import Diagnosis, Found, Rule

LONGEST = 6
"""Characters of an item of AllowMethods (Lambda API reference, Cors)."""


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find methods that Lambda refuses."""
    del origins
    for front_door in api.front_doors:
        if (
            not isinstance(front_door, FunctionUrl)
            or not isinstance(front_door.cors, Known)
            or front_door.cors.value is None
        ):
            continue
        methods = front_door.cors.value.allow_methods
        for item in methods.value if isinstance(methods, Known) else ():
            if isinstance(item, Known) and len(item.value) > LONGEST and "," not in item.value:
                span = item.span or front_door.span
                yield (
                    front_door,
                    Diagnosis(
                        f"AllowMethods of Function URL {front_door.name} lists {item.value}; Lambda takes items of at most "
                        f"{LONGEST} characters and refuses it. Take it out: Lambda answers preflights without it.",
                        (span,),
                        partial(remove_item, tree, span, item.value),
                    ),
                )


RULE = Rule(
    "function-url-options-in-methods",
    Category.DEPLOY,
    "OPTIONS in AllowMethods is refused (items are at most 6 characters)",
    inspect=inspect,
)
