"""Files that `templatefile` fills in."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.span import Span
from corsmith.readers.nodes import Mapping, Node, Scalar

from .parse import parse_expression
from .scope import Scope
from .syntax import Expression, Filled
from .terms import join, unknown

Evaluate = Callable[[Expression, Scope], Node]
MARK = "CORSMITH_END_OF_TEMPLATE"


def template_of(path: str, content: str) -> Expression | None:
    """Return a file's content as a template; None where it is none."""
    if MARK in content:
        return None
    ending = "\n" if not content.endswith("\n") else ""
    return parse_expression(content + ending, path, 0, f"x = <<{MARK}\n", f"{MARK}\n")


def rendered(path: str, content: str, names: Mapping | None, scope: Scope, evaluate: Evaluate) -> Node:
    """Return the text that the template at `path` gives, filled in with `names`."""
    whole = Span(path, 0, len(content))
    if "${" not in content and "%{" not in content:
        return Scalar(content, whole, "str", "file")
    template = template_of(path, content)
    if not isinstance(template, Filled):
        return unknown(f"the template {path} could not be read", whole, *([names] if names is not None else []))
    inner = Scope(scope.place, {entry.key.text: entry.value for entry in names.entries} if names is not None else {})
    return join([evaluate(part, inner) for part in template.parts], whole, "file")
