"""Builds the wheel: the sources without their docstrings and comments, which a function would carry for nothing.

What is left is checked to be the same program. The source distribution holds the sources as they are.
"""

import ast
import re
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path(__file__).parent / "src/lambda_cors"
# The modules that callers import from: their annotations are the types of the package.
PUBLIC = ("__init__", "policy", "wrapper", "asgi", "wsgi")


class Stripper(ast.NodeTransformer):
    """Takes away docstrings, and the annotations of what no caller sees: private and inner functions."""

    def __init__(self, *, public: bool) -> None:
        self.inside = not public

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Imports for the annotations of a module that has none."""
        types = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        return None if types and self.inside else self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A class keeps what its public methods say."""
        return self.generic_visit(without_docstring(node))

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        """A function."""
        private = node.name.startswith("_") and not node.name.startswith("__")
        if self.inside or private:
            node.returns = None
            for argument in (*node.args.args, *node.args.kwonlyargs, node.args.vararg):
                if argument is not None:
                    argument.annotation = None
        around, self.inside = self.inside, True
        self.generic_visit(without_docstring(node))
        self.inside = around
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        """An annotated variable of a function."""
        if self.inside and node.value is not None and isinstance(node.target, ast.Name):
            return ast.Assign(targets=[node.target], value=node.value, lineno=node.lineno)
        return node


def without_docstring(node: Any) -> Any:
    """The node, its docstring gone."""
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    return node


def stripped(source: str, *, public: bool) -> str:
    """The program without docstrings, comments and inner annotations, indented by one blank."""
    tree = ast.fix_missing_locations(Stripper(public=public).visit(without_docstring(ast.parse(source))))
    text = re.sub(r"^(?:    )+", lambda found: " " * (len(found[0]) // 4), ast.unparse(tree), flags=re.MULTILINE)
    text = re.sub(r"\n{2,}", "\n", text)
    if ast.dump(ast.parse(text)) != ast.dump(tree):
        raise ValueError("stripping changed the program")
    return text + "\n"


class StrippingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the stripped sources into the wheel. An editable installation uses the sources themselves."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the wheel is written."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for path in sorted(SOURCES.glob("*.py")):
            copy = Path(self._folder.name) / path.name
            copy.write_text(stripped(path.read_text(), public=path.stem in PUBLIC))
            build_data["force_include"][str(copy)] = f"lambda_cors/{path.name}"
        build_data["force_include"][str(SOURCES / "py.typed")] = "lambda_cors/py.typed"
