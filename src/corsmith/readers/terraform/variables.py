"""The value of a root module's variable: given by the user, by a variables file, its default, or unknown.

Source: the Terraform language documentation, "Variable Definition Precedence".
"""

from __future__ import annotations

import posixpath

from corsmith.api.model import Problem
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.value import Step
from corsmith.readers.nodes import Node, Scalar
from corsmith.readers.parameters import STAGE_NAMES
from corsmith.readers.settings import Settings

from .json_syntax import parse_json
from .parse import parse, parse_expression
from .syntax import Attr, Attribute, Body, Call, Expression, Name

AUTOMATIC = ("terraform.tfvars", "terraform.tfvars.json")
_AUTOMATIC_ENDINGS = (".auto.tfvars", ".auto.tfvars.json")
_TEXTS = frozenset({"string", "any", "", "number", "bool"})


class Given:
    """The values that variables files give, and what is wrong with the files. A later file counts before an earlier one."""

    __slots__ = ("problems", "values")

    def __init__(self) -> None:
        self.values: dict[str, tuple[Attribute, str]] = {}
        self.problems: list[Problem] = []


def given(tree: Tree, folder: str, settings: Settings) -> Given:
    """Return what the variables files of a root module give, those that the user names last."""
    inside = [path for path in tree.list(folder) if posixpath.dirname(path) == ("" if folder == "." else folder)]
    automatic = [path for path in inside if posixpath.basename(path) in AUTOMATIC]
    automatic += sorted(path for path in inside if path.endswith(_AUTOMATIC_ENDINGS))
    found = Given()
    for path in (*automatic, *_staged(tree, folder, settings), *settings.var_files):
        try:
            text = tree.read(posixpath.normpath(path))
        except Unreadable as error:
            found.problems.append(Problem(path, 1, 1, f"cannot be read: {error.reason}"))
            continue
        body, problems = _parsed(text, posixpath.normpath(path))
        found.problems += problems
        found.values.update((each.name, (each, path)) for each in body.attributes)
    return found


def _staged(tree: Tree, folder: str, settings: Settings) -> tuple[str, ...]:
    """The variables file of the stage that the user names, where there is one: prod.tfvars, env/prod.tfvars, prod/…"""
    if settings.stage is None or settings.var_files:
        return ()
    name = settings.stage
    ends = (f"/{name}.tfvars", f"/{name}.tfvars.json", f"/{name}/terraform.tfvars", f"/{name}/variables.tfvars")
    found = [path for path in tree.list(folder) if f"/{path}".endswith(ends)]
    return tuple(found) if len(found) == 1 else ()


def _parsed(text: str, path: str) -> tuple[Body, tuple[Problem, ...]]:
    if not path.endswith(".json"):
        return parse(text, path)
    # The JSON form is one object of values: as the locals of a module are.
    body, problems = parse_json('{"locals":' + text + "}", path)
    shifted = tuple(_shifted(block.body, len('{"locals":')) for block in body.blocks)
    return (shifted[0] if shifted else body), problems


def _shifted(body: Body, by: int) -> Body:
    from msgspec import structs

    from .syntax import Literal

    def moved(node: Scalar) -> Scalar:
        return structs.replace(node, span=Span(node.span.file, node.span.start - by, node.span.end - by))

    attributes = tuple(
        Attribute(each.name, each.key, Literal(moved(each.expression.node)))
        if isinstance(each.expression, Literal)
        else each
        for each in body.attributes
    )
    return Body(body.span, attributes)


def by_user(settings: Settings, name: str, kind: str, used_at: Span) -> Node | Expression | None:
    """Return what the user gives a variable: a text, or an expression for a list or an object; None for nothing."""
    text = settings.parameters.get(name)
    via = (Step(f"variable {name}, given by the user"),)
    if text is None and settings.stage is not None and name.lower().replace("_", "") in STAGE_NAMES:
        text, via = settings.stage, (Step(f"variable {name}, given by --stage"),)
    if text is None:
        return None
    if kind in _TEXTS and not (kind in ("any", "") and text.lstrip()[:1] in ("[", "{")):
        scalar = "bool" if kind == "bool" else "int" if kind == "number" else "str"
        return Scalar(text, used_at, scalar, "double", via=via)
    return parse_expression(text, used_at.file, 0, "x = ", "\n") or Scalar(text, used_at, "str", "double", via=via)


def kind_of(declared: Expression | None) -> str:
    """Return the kind of a variable's type: "string", "list", "object" …; "" where it states none."""
    if isinstance(declared, Name):
        return declared.name
    if isinstance(declared, Call):
        return declared.name
    return "any" if isinstance(declared, Attr) else ""
