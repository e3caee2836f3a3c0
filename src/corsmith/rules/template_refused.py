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
from corsmith.fixes.setting_types import as_wanted_type

from .cors_config_on_wrong_resource import misplaced
from .header_typo import setting_meant
from .rule import Diagnosis, Found, Rule, by_hand


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
                partial(_mended, tree, refused),
                apart=refused.what,
            ),
        )


def _mended(tree: Tree, refused: Refused) -> Iterator[Fix]:
    """Take out a key that the tool does not know, which never had an effect; write a value in the type that is wanted."""
    edits = remove_key(tree, refused.span) if refused.what == "unknown-key" else ()
    if edits:
        yield Fix(f"Take {refused.key} out", safe=False, edits=edits)
    edits = as_wanted_type(tree, refused.span) if refused.what == "wrong-type" else ()
    if edits:
        yield Fix(f"Write {refused.key or 'the value'} in the type that {refused.by} wants", safe=True, edits=edits)
    said = _BY_HAND.get((refused.what, refused.key.lower())) or _BY_HAND.get((refused.what, ""))
    if said is not None:
        yield from by_hand("Mend the template by hand", said)


_BY_HAND = {
    (
        "missing",
        "method",
    ): "Write the method that pages call it with, such as `method: put`, beside the path of the event; "
    "`method: any` takes all of them, OPTIONS too.",
    ("missing", "path"): "Write the path that pages call, such as `path: /items`, beside the method of the event.",
    ("missing", ""): "Write what is missing where the message says; only its owner knows the value.",
    ("authorizer", ""): "Name an authorizer that the API defines, or take the name out.",
    ("conflict", ""): "Two settings say different things of the same place: keep the one that is meant.",
    ("misplaced", ""): "Move the setting to the resource that pages call.",
    ("invalid-value", ""): "Write one of the values that the message names.",
}


def _origin_is_misspelt(api: Api, refused: Refused) -> bool:
    meant = (setting_meant(api, other) for other in api.refused if other.api == refused.api)
    return any(each in ("AllowOrigin", "AllowOrigins") for each in meant)


RULE = Rule(
    "template-refused",
    Category.DEPLOY,
    "the project's tool or AWS refuses the template: an unknown key, a value of the wrong type, a setting in the wrong place",
    inspect=inspect,
)
