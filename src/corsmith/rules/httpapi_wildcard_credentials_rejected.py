"""httpapi-wildcard-credentials-rejected: AllowCredentials together with AllowOrigins `*`."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .blocked import Blocked
from .proposals import name_origins_at
from .rule import Diagnosis, Found, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain what such settings would send, had they been deployed."""
    door = blocked.front_door
    if not isinstance(door, HttpApi) or not blocked.error.endswith("WildcardOriginNotAllowed"):
        return None
    return _diagnosis(door, blocked.tree, blocked.wanted.origins)


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find HTTP APIs that API Gateway refuses to create."""
    for door in api.front_doors:
        diagnosis = _diagnosis(door, tree, origins) if isinstance(door, HttpApi) else None
        if diagnosis is not None:
            yield door, diagnosis


def _diagnosis(door: HttpApi, tree: Tree, pages: tuple[str, ...]) -> Diagnosis | None:
    cors = door.cors.value if isinstance(door.cors, Known) else None
    origins = cors.allow_origins.value if cors is not None and isinstance(cors.allow_origins, Known) else ()
    star = next((each for each in origins if isinstance(each, Known) and each.value == "*"), None)
    credentials = cors.allow_credentials if cors is not None else None
    if star is None or not isinstance(credentials, Known) or credentials.value is not True:
        return None
    return Diagnosis(
        f"HTTP API {door.name} allows credentials for the origin `*`; API Gateway refuses that when the API is created. Name "
        "the origins.",
        tuple(span for span in (star.span, credentials.span, door.span) if span is not None),
        lambda: name_origins_at(tree, star.span, pages),
    )


RULE = Rule(
    "httpapi-wildcard-credentials-rejected",
    Category.DEPLOY,
    "AllowCredentials with AllowOrigins `*` is refused when the API is created",
    explain,
    inspect,
)
