"""function-url-subdomain-wildcard: a Function URL refuses an origin with a wildcard in its host."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category, Confidence
from corsmith.api.function_url import FunctionUrl
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .rule import Diagnosis, Found, Rule, no_fix


def inspect(api: Api, tree: Tree) -> Iterator[Found]:
    """Find origins that Lambda refuses; one user reports the message, so it is of medium confidence."""
    del tree
    for front_door in api.front_doors:
        if (
            not isinstance(front_door, FunctionUrl)
            or not isinstance(front_door.cors, Known)
            or front_door.cors.value is None
        ):
            continue
        origins = front_door.cors.value.allow_origins
        for item in origins.value if isinstance(origins, Known) else ():
            if isinstance(item, Known) and "*" in item.value and item.value not in ("*", "https://*", "http://*"):
                yield (
                    front_door,
                    Diagnosis(
                        f"AllowOrigins of Function URL {front_door.name} lists {item.value}; Lambda takes whole origins, `*`, "
                        "and `https://*`, and refuses other wildcards. List the origins, or compare them in the code.",
                        (item.span or front_door.span,),
                        no_fix,
                        confidence=Confidence.MEDIUM,
                    ),
                )


RULE = Rule(
    "function-url-subdomain-wildcard",
    Category.DEPLOY,
    "an origin such as `https://*.example.com` is refused",
    inspect=inspect,
)
