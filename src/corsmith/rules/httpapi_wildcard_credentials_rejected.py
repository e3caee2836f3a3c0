"""httpapi-wildcard-credentials-rejected: AllowCredentials together with AllowOrigins `*`."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .rule import Diagnosis, Found, Rule, no_fix


def inspect(api: Api, tree: Tree) -> Iterator[Found]:
    """Find HTTP APIs that API Gateway refuses to create."""
    del tree
    for front_door in api.front_doors:
        if (
            not isinstance(front_door, HttpApi)
            or not isinstance(front_door.cors, Known)
            or front_door.cors.value is None
        ):
            continue
        cors = front_door.cors.value
        origins = cors.allow_origins.value if isinstance(cors.allow_origins, Known) else ()
        star = next((each for each in origins if isinstance(each, Known) and each.value == "*"), None)
        credentials = cors.allow_credentials
        if star is not None and isinstance(credentials, Known) and credentials.value is True:
            yield (
                front_door,
                Diagnosis(
                    f"HTTP API {front_door.name} allows credentials for the origin `*`; API Gateway refuses that when the API "
                    "is created. Name the origins.",
                    tuple(span for span in (star.span, credentials.span, front_door.span) if span is not None),
                    no_fix,
                ),
            )


RULE = Rule(
    "httpapi-wildcard-credentials-rejected",
    Category.DEPLOY,
    "AllowCredentials with AllowOrigins `*` is refused when the API is created",
    inspect=inspect,
)
