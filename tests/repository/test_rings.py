"""Imports point inward, and the pure rings reach nothing that does I/O."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"

RINGS = (
    ("api",),
    ("browser", "gateways"),
    ("rules", "fixes", "readers", "handlers", "explain", "generate"),
    ("report", "project", "live", "account", "local"),
    ("cli", "web", "editor", "integrations"),
)
"""From the innermost outward: a package imports its own ring and those before it."""

LEVEL = {package: level for level, ring in enumerate(RINGS) for package in ring}

PURE = frozenset({"api", "browser", "gateways", "rules", "fixes", "readers", "handlers", "explain", "generate"})

# fmt: off
HARMLESS = frozenset({
    "__future__", "abc", "ast", "base64", "binascii", "bisect", "builtins", "collections", "collections.abc", "contextlib",
    "copy", "datetime", "decimal", "difflib", "enum", "fnmatch", "functools", "gc", "hashlib", "heapq",
    "html", "html.entities", "http.HTTPStatus", "http.cookies", "ipaddress", "itertools", "json", "json.decoder",
    "keyword", "math", "msgspec", "msgspec.structs", "operator", "posixpath",
    "re", "string", "struct", "textwrap", "tokenize", "tomllib", "types", "typing",
    "unicodedata", "urllib.parse", "warnings", "hcl2", "idna", "lambda_cors", "multidict", "tree_sitter", "tree_sitter_hcl",
    "tree_sitter_javascript", "tree_sitter_python", "tree_sitter_typescript", "typing_extensions", "yaml",
    "yaml.nodes", "yaml.reader", "yaml.error",
})
# fmt: on
"""All that a pure ring may import from elsewhere: modules, or names of modules, that only compute."""

IMPURE_CALLS = frozenset({"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"})


def imported(module: str, source: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, module, name) of every import, wherever it stands; name is "" for `import a.b`."""
    package = module if module.endswith("__init__") else module.rpartition(".")[0]
    package = package.removesuffix(".__init__")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                above = parts[: len(parts) - node.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            yield from ((node.lineno, base, alias.name) for alias in node.names)


def violations(sources: Mapping[str, str]) -> list[str]:
    """Return what breaks the rings in `sources`: dotted module name (packages end in `.__init__`) → text."""
    found: list[str] = []
    edges: dict[str, set[str]] = {}
    for module, source in sorted(sources.items()):
        home = _package(module)
        for line, base, part in imported(module, source):
            name = f"{base}.{part}".removesuffix(".")  # a name may be a module
            target = _package(name)
            if name.split(".")[0] == "corsmith":
                if home is None or name == "corsmith.__version__":
                    continue
                if target is None:
                    found.append(f"{module}:{line} imports {name} from the outermost module")
                elif LEVEL[target] > LEVEL[home]:
                    found.append(f"{module}:{line} imports outward: {home} -> {target}")
                elif target != home:
                    edges.setdefault(home, set()).add(target)
            elif home in PURE and not {base, name} & HARMLESS:
                found.append(f"{module}:{line} is pure and imports {name}")
        if home in PURE:
            found += [f"{module}:{line} is pure and calls {call}()" for line, call in _impure_calls(source)]
    return found + [f"{a} and {b} import each other" for a, b in _mutual(edges)]


def _package(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "corsmith" and parts[1] in LEVEL else None


def _impure_calls(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = node.func
            if (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and called.value.id == "builtins"
            ):
                called = ast.Name(called.attr)
            if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
                yield node.lineno, called.id


def _mutual(edges: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    reach = {start: _reach(edges, start) for start in edges}
    for start, ends in reach.items():
        yield from ((start, end) for end in sorted(ends) if start < end and start in reach.get(end, ()))


def _reach(edges: Mapping[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    todo = list(edges.get(start, ()))
    while todo:
        package = todo.pop()
        if package not in seen:
            seen.add(package)
            todo += edges.get(package, ())
    return seen


def real() -> dict[str, str]:
    return {
        ".".join(path.relative_to(SRC).with_suffix("").parts): path.read_text(encoding="utf-8")
        for path in (SRC / "corsmith").rglob("*.py")
    }


def test_the_sources_keep_to_the_rings() -> None:
    assert violations(real()) == []


def test_every_package_has_its_ring() -> None:
    packages = {path.parent.name for path in (SRC / "corsmith").glob("*/__init__.py")}
    assert packages
    assert packages <= set(LEVEL)
    loose = {path.name for path in (SRC / "corsmith").glob("*.py")}
    assert loose == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize(
    ("module", "source", "message"),
    [
        ("api.planted", "from corsmith.cli import main", "imports outward: api -> cli"),
        ("api.planted", "from ..browser.fetch import fetch", "imports outward: api -> browser"),
        ("api.__init__", "from ..rules import rule", "imports outward: api -> rules"),
        ("browser.planted", "def f():\n    from corsmith.project import disk", "imports outward: browser -> project"),
        ("gateways.planted", "import corsmith.live.probe", "imports outward: gateways -> live"),
        ("rules.planted", "from corsmith import check_project", "from the outermost module"),
        ("report.planted", "from .. import cli", "imports outward: report -> cli"),
        ("rules.planted", "from .. import check_project", "from the outermost module"),
        ("api.planted", "import os", "is pure and imports os"),
        ("api.planted", "import os.path", "is pure and imports os.path"),
        ("readers.planted", "from pathlib import Path", "is pure and imports pathlib.Path"),
        ("gateways.planted", "import asyncio as a", "is pure and imports asyncio"),
        ("browser.planted", "if True:\n    import socket", "is pure and imports socket"),
        ("handlers.planted", "from subprocess import run", "is pure and imports subprocess.run"),
        ("browser.planted", "from urllib.request import urlopen", "is pure and imports urllib.request.urlopen"),
        ("browser.planted", "from http import client", "is pure and imports http.client"),
        ("browser.planted", "import urllib", "is pure and imports urllib"),
        ("readers.planted", "def f(p):\n    return open(p).read()", "is pure and calls open()"),
        ("rules.planted", "__import__('os')", "is pure and calls __import__()"),
        ("api.planted", "import builtins\nbuiltins.open('a')", "is pure and calls open()"),
    ],
)
def test_a_planted_violation_is_found(module: str, source: str, message: str) -> None:
    found = violations({f"corsmith.{module}": source})
    assert len(found) == 1
    assert message in found[0]
    assert found[0].startswith(f"corsmith.{module}:")


def test_two_packages_of_one_ring_do_not_import_each_other() -> None:
    planted = {
        "corsmith.live.planted": "from corsmith.account import planted",
        "corsmith.account.planted": "from corsmith.local import planted",
        "corsmith.local.planted": "from corsmith.live import planted",
    }
    assert "account and live import each other" in violations(planted)


@pytest.mark.parametrize(
    "source",
    [
        "from corsmith.api.value import Known",
        "from .rule import Rule",
        "from . import rule",
        "from corsmith import __version__",
        "import urllib.parse",
        "from urllib.parse import urlsplit",
        "from collections.abc import Iterator",
        "import yaml",
    ],
)
def test_inward_and_harmless_imports_pass(source: str) -> None:
    assert violations({"corsmith.rules.planted": source}) == []
