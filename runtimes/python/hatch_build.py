"""Builds the wheel: what every function imports in one file, and nothing that a function would carry for nothing.

Opening a file costs a cold start as much as what is in it, so the modules that are always imported become one. Docstrings,
comments and inner annotations go. The source distribution holds the sources as they are.
"""

import ast
import io
import re
import tempfile
import tokenize
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = Path(__file__).parent / "src/lambda_cors"
# The modules that callers import from: their annotations are the types of the package.
PUBLIC = ("__init__", "policy", "wrapper", "asgi", "wsgi")
# The modules that are always imported, each after those that it needs.
TOGETHER = ("policy", "responses", "events", "wrapper", "__init__")
WORD = re.compile(r"\w")
IMPORT = re.compile(rf"^( *)from lambda_cors\.(?:{'|'.join(TOGETHER)}) import (.*)\n", re.MULTILINE)
TWICE = re.compile(r"^(from lambda_cors import .*)\nfrom lambda_cors import ", re.MULTILINE)


class Stripper(ast.NodeTransformer):
    """Takes away docstrings, and the annotations of what no caller sees: private and inner functions."""

    def __init__(self, *, public: bool) -> None:
        self.inside = not public

    def visit_If(self, node: ast.If) -> ast.AST | None:
        """Imports for the annotations of a module that has none."""
        return None if self.inside and ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        """The constant that guards them."""
        return None if self.inside and ast.unparse(node.targets[0]) == "TYPE_CHECKING" else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """A class keeps what its public methods say."""
        return self.generic_visit(without_docstring(node))

    def visit_FunctionDef(self, node: Any) -> ast.AST:
        """A function."""
        private = node.name.startswith("_") and not node.name.startswith("__")
        if self.inside or private or node.name == "__init__":
            node.returns = None
        if self.inside or private:
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
    text = tightened(re.sub(r"\n{2,}", "\n", text))
    if ast.dump(ast.parse(text)) != ast.dump(tree):
        raise ValueError("stripping changed the program")
    return text + "\n"


def tightened(text: str) -> str:
    """The program without the blanks between tokens that are apart without them."""
    kept, row, column, inside = "", 1, 0, 0
    lines = text.splitlines(keepends=True)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.start[0] > row:
            row, column = token.start[0], 0
        gap = lines[row - 1][column : token.start[1]] if row <= len(lines) else ""
        # Python 3.12 and later tell the parts of an f-string apart; in it, a blank is text.
        inside += {"FSTRING_START": 1, "FSTRING_END": -1}.get(tokenize.tok_name[token.type], 0)
        words = WORD.fullmatch(kept[-1:]) and WORD.fullmatch(token.string[:1])
        kept += (gap if inside or column == 0 or words else "") + token.string
        row, column = token.end if token.type != tokenize.NEWLINE else (token.start[0] + 1, 0)
    return kept.rstrip("\n")


def modules() -> dict[str, str]:
    """The files of the wheel by name, with what is in them."""
    texts = {path.stem: stripped(path.read_text(), public=path.stem in PUBLIC) for path in sorted(SOURCES.glob("*.py"))}
    together = "".join(IMPORT.sub("", texts.pop(name)) for name in TOGETHER)
    names = [
        name
        for node in ast.parse(together).body
        for name in ([node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef) else [])
    ]
    names += [target.id for node in ast.parse(together).body if isinstance(node, ast.Assign) for target in _names(node)]
    twice = {name for name in names if names.count(name) > 1} - {"TYPE_CHECKING"}
    if twice:
        raise ValueError(f"two modules define {sorted(twice)}")
    texts = {name: IMPORT.sub(r"\1from lambda_cors import \2\n", text) for name, text in texts.items()}
    return {"__init__": together} | {name: TWICE.sub(r"\1,", text) for name, text in texts.items()}


def _names(node: ast.Assign) -> list[ast.Name]:
    return [name for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]


class StrippingHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the files into the wheel. An editable installation uses the sources themselves."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before the wheel is written."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for name, text in modules().items():
            copy = Path(self._folder.name) / f"{name}.py"
            copy.write_text(text)
            build_data["force_include"][str(copy)] = f"lambda_cors/{name}.py"
        build_data["force_include"][str(SOURCES / "py.typed")] = "lambda_cors/py.typed"
