"""The dialects of templates: how each is recognised, and what reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from corsmith.api.model import Api, Problem
from corsmith.api.tree import Tree

from .cloudformation.reader import read_template
from .document import Document
from .for_each import unlooped
from .nodes import Mapping, Node, Scalar
from .openapi.reader import is_one, looks, read_definition
from .reading import Reading
from .samconfig import overrides
from .serverless import recognise as serverless
from .settings import Settings
from .template import Template, template_of, transforms
from .terraform.recognise import is_configuration, is_plan, looks_like_plan
from .values import Values


class Dialect(Struct, frozen=True):
    """A dialect. `looks` judges the text alone, `is_one` a document; `read` makes the Api. `title`: its name for people."""

    name: str
    looks: Callable[[str, str], bool]
    is_one: Callable[[Node], bool]
    read: Callable[[Tree, str, Document, Settings], Api]
    title: str


_CLOUDFORMATION = re.compile(r"AWSTemplateFormatVersion|Type[\"']?\s*:\s*[\"']?AWS::[A-Z][A-Za-z0-9]+::[A-Z]")
_SAM = re.compile(
    r"""Transform["']?\s*:.{0,200}?AWS::Serverless-2016-10-31|Type["']?\s*:\s*["']?AWS::Serverless::""", re.DOTALL
)


def _template(dialect: str) -> Callable[[Tree, str, Document, Settings], Api]:
    def read(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
        if not isinstance(document.root, Mapping):
            return Api(path, dialect, problems=(*document.problems, Problem(path, 1, 1, "is no mapping at its top")))
        root, template, problems = unlooped(document.root, _loaded(tree, path, document.root, settings))
        whole = Document(root, document.problems + problems)
        return read_template(tree, template, whole, Reading(template, Values(template)), dialect)

    return read


def _definition(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    if not isinstance(document.root, Mapping):
        return Api(path, "openapi", problems=(*document.problems, Problem(path, 1, 1, "is no mapping at its top")))
    template = _loaded(tree, path, document.root, settings)
    return read_definition(template, document, Reading(template, Values(template)), document.root)


def _service(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    from .serverless.reader import read_service  # here, because most projects have no such service

    return read_service(tree, path, document, settings)


def _loaded(tree: Tree, path: str, root: Mapping, settings: Settings) -> Template:
    configured = overrides(tree, path, settings.config_env, settings.stage)
    return template_of(root, path, tree.read(path).removeprefix("\ufeff"), settings, configured)


def _is_sam(root: Node) -> bool:
    return isinstance(root, Mapping) and (
        any(name.startswith("AWS::Serverless") for name in transforms(root))
        or any(kind.startswith("AWS::Serverless::") for kind in _types(root))
    )


def _is_cdk(root: Node) -> bool:
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    bodies = (entry.value for entry in resources.entries) if isinstance(resources, Mapping) else ()
    metadata = (body.get("Metadata") for body in bodies if isinstance(body, Mapping))
    return any(isinstance(each, Mapping) and each.get("aws:cdk:path") is not None for each in metadata)


def _is_cloudformation(root: Node) -> bool:
    return any(True for _ in _types(root))


def _types(root: Node) -> Iterator[str]:
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    for entry in resources.entries if isinstance(resources, Mapping) else ():
        kind = entry.value.get("Type") if isinstance(entry.value, Mapping) else None
        if isinstance(kind, Scalar):
            yield kind.text


def read_configuration(tree: Tree, path: str, settings: Settings) -> Api:
    """Return what the Terraform module that the file `path` belongs to deploys."""
    from .terraform.reader import read_module  # here, because its parser is loaded only where there is such a file

    return read_module(tree, path, settings)


def _configuration(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    return read_configuration(tree, path, settings)


def _plan(tree: Tree, path: str, document: Document, settings: Settings) -> Api:
    from .terraform.plan import read_plan

    return read_plan(tree, path, document, settings)


DIALECTS = (
    Dialect("serverless", serverless.looks, serverless.is_one, _service, "Serverless Framework"),
    Dialect("sam", lambda text, path: _SAM.search(text) is not None, _is_sam, _template("sam"), "SAM"),
    Dialect(
        "cdk",
        lambda text, path: '"aws:cdk:path"' in text and _CLOUDFORMATION.search(text) is not None,
        _is_cdk,
        _template("cdk"),
        "CDK",
    ),
    Dialect(
        "cloudformation",
        lambda text, path: _CLOUDFORMATION.search(text) is not None,
        _is_cloudformation,
        _template("cloudformation"),
        "CloudFormation",
    ),
    Dialect("openapi", looks, is_one, _definition, "OpenAPI"),
    Dialect("terraform", lambda text, path: is_configuration(path), lambda root: False, _configuration, "Terraform"),
    Dialect("terraform-plan", looks_like_plan, is_plan, _plan, "terraform show -json"),
)
"""What is asked first comes first: SAM and CDK are CloudFormation too, and any template may hold a definition."""
