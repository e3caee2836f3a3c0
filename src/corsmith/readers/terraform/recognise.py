"""What is Terraform, told without a parser: the files of modules, the roots among their folders, plans.

Source: the Terraform language documentation, "Files and Directories", and "JSON Output Format" for plans and states.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.nodes import Mapping, Node

ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
_LOCAL_SOURCE = re.compile(r'source"?\s*[=:]\s*"(\.\.?/?[^"$]*)"')
_MATTERS = re.compile(r"\baws_(api_gateway|apigatewayv2|lambda|lb|alb|cloudfront)|\bmodule\b")
_PLAN = re.compile(r'"terraform_version"\s*:')
_PLAN_PARTS = re.compile(r'"(planned_values|values)"\s*:')


def is_configuration(path: str) -> bool:
    """Say whether a file is one of a module."""
    return path.endswith(ENDINGS)


def roots(tree: Tree, files: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a file of each root module among `files`, and the files that are passed over.

    A folder is a root where no other one calls it. What calls nothing and makes nothing that matters here is passed over.
    """
    folders: dict[str, list[str]] = {}
    for file in files:
        if is_configuration(file):
            folders.setdefault(posixpath.dirname(file), []).append(file)
    called: set[str] = set()
    matter: set[str] = set()
    for folder, inside in folders.items():
        for file in inside:
            text = _text(tree, file)
            if text is None or _MATTERS.search(text):
                matter.add(folder)
            if text is not None and "module" in text:
                places = (posixpath.normpath(posixpath.join(folder, each)) for each in _LOCAL_SOURCE.findall(text))
                called.update("" if place == "." else place for place in places if place != (folder or "."))
    found = [folder for folder in folders if folder not in called and folder in matter]
    # Modules that only call each other have no root: all of them are one.
    found = found or [folder for folder in folders if folder in matter]
    over = tuple(file for folder, inside in folders.items() if folder not in matter for file in inside)
    return tuple(main_of(folders[folder]) for folder in found), over


def main_of(files: Iterable[str]) -> str:
    """Return the file that a module is named after: main.tf where there is one."""
    return min(files, key=lambda file: (not posixpath.basename(file).startswith("main."), file))


def _text(tree: Tree, file: str) -> str | None:
    try:
        return tree.read(file)
    except Unreadable:
        return None


def looks_like_plan(text: str, path: str) -> bool:
    """Say whether a text looks like what `terraform show -json` writes."""
    return path.endswith(".json") and _PLAN.search(text) is not None and _PLAN_PARTS.search(text) is not None


def is_plan(root: Node) -> bool:
    """Say whether a document is a plan or a state."""
    if not isinstance(root, Mapping) or root.get("terraform_version") is None or root.get("format_version") is None:
        return False
    return root.get("planned_values") is not None or root.get("values") is not None
