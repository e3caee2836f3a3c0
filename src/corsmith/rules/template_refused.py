"""template-refused: the project's tool, or AWS, refuses to deploy the template."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from corsmith.api.finding import Category
from corsmith.api.fix import Fix
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api, Refused
from corsmith.api.tree import Tree
from corsmith.fixes.lists import remove_key

from .cors_config_on_wrong_resource import misplaced
from .header_typo import setting_meant
from .rule import Diagnosis, Found, Rule


def inspect(api: Api, tree: Tree, origins: tuple[str, ...]) -> Iterator[Found]:
    """Find what is refused: an unknown key, a value of the wrong type, a setting in the wrong place."""
    del origins
    by_name = {front_door.name: front_door for front_door in api.front_doors}
    for refused in api.refused:
        door = by_name.get(refused.api)
        if refused.what == "wildcard-with-credentials" and isinstance(door, HttpApi):
            continue  # httpapi-wildcard-credentials-rejected says it
        if refused.what == "wildcard-with-credentials" and _origin_is_misspelt(api, refused):
            continue  # header-typo says it: with the right name there is an origin
        if misplaced(refused) or setting_meant(api, refused) is not None:
            continue  # cors-config-on-wrong-resource or header-typo says it
        yield (
            door,
            Diagnosis(
                f"{refused.message} {refused.by} refuses the template.",
                (refused.span,),
                partial(_without, tree, refused),
                apart=refused.what,
            ),
        )


def _without(tree: Tree, refused: Refused) -> Iterator[Fix]:
    """Take out a key that the tool does not know: it never had an effect."""
    edits = remove_key(tree, refused.span) if refused.what == "unknown-key" else ()
    if edits:
        yield Fix(f"Take {refused.key} out", safe=False, edits=edits)


def _origin_is_misspelt(api: Api, refused: Refused) -> bool:
    meant = (setting_meant(api, other) for other in api.refused if other.api == refused.api)
    return any(each in ("AllowOrigin", "AllowOrigins") for each in meant)


RULE = Rule(
    "template-refused",
    Category.DEPLOY,
    "the project's tool or AWS refuses the template: an unknown key, a value of the wrong type, a setting in the wrong place",
    inspect=inspect,
)
