"""function-url-subdomain-wildcard: a Function URL refuses an origin with a wildcard in its host."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.finding import Category, Confidence
from corsmith.api.fix import Fix
from corsmith.api.function_url import FunctionUrl
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known, Text

from .proposals import name_origins_at, remove_item
from .rule import Diagnosis, Found, Rule


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find origins that Lambda refuses; one user reports the message, so it is of medium confidence."""
    for front_door in api.front_doors:
        if (
            not isinstance(front_door, FunctionUrl)
            or not isinstance(front_door.cors, Known)
            or front_door.cors.value is None
        ):
            continue
        allowed = front_door.cors.value.allow_origins
        listed = allowed.value if isinstance(allowed, Known) else ()
        for item in listed:
            if isinstance(item, Known) and "*" in item.value and item.value not in ("*", "https://*", "http://*"):
                yield (
                    front_door,
                    Diagnosis(
                        f"AllowOrigins of Function URL {front_door.name} lists {item.value}; Lambda takes whole origins, `*`, "
                        "and `https://*`, and refuses other wildcards. List the origins, or compare them in the code.",
                        (item.span or front_door.span,),
                        partial(_name, tree, item, origins, listed),
                        confidence=Confidence.MEDIUM,
                    ),
                )


def _name(tree: Tree, item: Known[str], origins: tuple[str, ...], listed: tuple[Text, ...]) -> Iterator[Fix]:
    """Put the pages' origins that are not listed in the place of the wildcard; take it out where all are."""
    known = {each.value for each in listed if isinstance(each, Known)}
    lacking = tuple(origin for origin in origins if origin not in known)
    if lacking:
        yield from name_origins_at(tree, item.span, lacking)
    elif item.span is not None:
        yield from remove_item(tree, item.span, item.value)


RULE = Rule(
    "function-url-subdomain-wildcard",
    Category.DEPLOY,
    "an origin such as `https://*.example.com` is refused",
    inspect=inspect,
)
