"""The dialects of templates: how each is recognised, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corsmith.api.model import Api
from corsmith.api.tree import Tree

from .document import Document
from .nodes import Mapping, Node
from .reading import Reading
from .sam.reader import read_sam
from .settings import Settings
from .template import template_of, transforms
from .values import Values


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect. `looks` judges the text alone, `is_one` a document; `read` makes the Api."""

    name: str
    looks: Callable[[str, str], bool]
    is_one: Callable[[Node], bool]
    read: Callable[[Tree, str, Document, Settings], Api]


_SAM = re.compile(
    r"""Transform["']?\s*:.{0,200}?AWS::Serverless-2016-10-31|Type["']?\s*:\s*["']?AWS::Serverless::""", re.DOTALL
)


def _read_sam(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    if not isinstance(document.root, Mapping):
        return Api(path, "sam", problems=document.problems)
    template = template_of(document.root, path, tree.read(path).removeprefix("\ufeff"), settings)
    return read_sam(tree, template, Reading(template, Values(template)), document)


def _is_sam(root: Node) -> bool:
    return isinstance(root, Mapping) and any(name.startswith("AWS::Serverless") for name in transforms(root))


DIALECTS = (Dialect("sam", lambda text, path: _SAM.search(text) is not None, _is_sam, _read_sam),)
