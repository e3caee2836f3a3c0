"""The dialects of templates: how each is recognised, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corsmith.api.model import Api
from corsmith.api.tree import Tree

from .cloudformation.reader import read_template
from .document import Document
from .nodes import Mapping, Node
from .reading import Reading
from .samconfig import overrides
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


_CLOUDFORMATION = re.compile(r"AWSTemplateFormatVersion|Type[\"']?\s*:\s*[\"']?AWS::[A-Z][A-Za-z0-9]+::[A-Z]")
_SAM = re.compile(
    r"""Transform["']?\s*:.{0,200}?AWS::Serverless-2016-10-31|Type["']?\s*:\s*["']?AWS::Serverless::""", re.DOTALL
)


def _reader(dialect: str) -> Callable[[Tree, str, Document, Settings], Api]:
    def read(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
        if not isinstance(document.root, Mapping):
            return Api(path, dialect, problems=document.problems)
        configured = overrides(tree, path, settings.config_env)
        template = template_of(document.root, path, tree.read(path).removeprefix("\ufeff"), settings, configured)
        return read_template(tree, template, document, Reading(template, Values(template)), dialect)

    return read


def _is_sam(root: Node) -> bool:
    return isinstance(root, Mapping) and any(name.startswith("AWS::Serverless") for name in transforms(root))


def _is_cloudformation(root: Node) -> bool:
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    return isinstance(resources, Mapping) and any(
        isinstance(entry.value, Mapping) and entry.value.get("Type") is not None for entry in resources.entries
    )


DIALECTS = (
    Dialect("sam", lambda text, path: _SAM.search(text) is not None, _is_sam, _reader("sam")),
    Dialect(
        "cloudformation",
        lambda text, path: _CLOUDFORMATION.search(text) is not None,
        _is_cloudformation,
        _reader("cloudformation"),
    ),
)
