"""The dialects of templates: how each is recognised, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from corsmith.api.model import Api, Problem
from corsmith.api.tree import Tree

from .cloudformation.reader import read_template
from .document import Document
from .nodes import Mapping, Node
from .openapi.reader import is_one, looks, read_definition
from .reading import Reading
from .samconfig import overrides
from .settings import Settings
from .template import Template, template_of, transforms
from .values import Values


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect. `looks` judges the text alone, `is_one` a document; `read` makes the Api."""

    name: str
    looks: Callable[[str, str], bool]
    is_one: Callable[[Node], bool]
    read: Callable[[Tree, str, Document, Settings], Api]


_CLOUDFORMATION = re.compile(r"AWSTemplateFormatVersion|Type[\"']?\s*:\s*[\"']?AWS::[A-Z][A-Za-z0-9]+::[A-Z]")
_CDK = "aws:cdk:path"
_SAM = re.compile(
    r"""Transform["']?\s*:.{0,200}?AWS::Serverless-2016-10-31|Type["']?\s*:\s*["']?AWS::Serverless::""", re.DOTALL
)


def _template(dialect: str) -> Callable[[Tree, str, Document, Settings], Api]:
    def read(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
        if not isinstance(document.root, Mapping):
            return Api(path, dialect, problems=(*document.problems, Problem(path, 1, 1, "is no mapping at its top")))
        template = _loaded(tree, path, document.root, settings)
        return read_template(tree, template, document, Reading(template, Values(template)), dialect)

    return read


def _definition(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    if not isinstance(document.root, Mapping):
        return Api(path, "openapi", problems=(*document.problems, Problem(path, 1, 1, "is no mapping at its top")))
    template = _loaded(tree, path, document.root, settings)
    return read_definition(template, document, Reading(template, Values(template)), document.root)


def _loaded(tree: Tree, path: str, root: Mapping, settings: Settings) -> Template:
    configured = overrides(tree, path, settings.config_env)
    return template_of(root, path, tree.read(path).removeprefix("\ufeff"), settings, configured)


def _is_sam(root: Node) -> bool:
    return isinstance(root, Mapping) and any(name.startswith("AWS::Serverless") for name in transforms(root))


def _is_cloudformation(root: Node) -> bool:
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    return isinstance(resources, Mapping) and any(
        isinstance(entry.value, Mapping) and entry.value.get("Type") is not None for entry in resources.entries
    )


def _never(root: Node) -> bool:
    return False


DIALECTS = (
    Dialect("openapi", looks, is_one, _definition),
    Dialect("sam", lambda text, path: _SAM.search(text) is not None, _is_sam, _template("sam")),
    Dialect(
        "cdk", lambda text, path: _CDK in text and _CLOUDFORMATION.search(text) is not None, _never, _template("cdk")
    ),
    Dialect(
        "cloudformation",
        lambda text, path: _CLOUDFORMATION.search(text) is not None,
        _is_cloudformation,
        _template("cloudformation"),
    ),
)
"""What is asked first comes first: a definition may mention types, and CDK's output is a CloudFormation template."""
