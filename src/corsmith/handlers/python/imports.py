"""Imports: modules of the tree are run, all others stay names."""

from __future__ import annotations

import ast

from ..decisions import TRUE, Value
from ..loaded import once
from ..machine import Frame, Machine
from ..store import Record
from ..values import Const, External, Module
from .source import Source, parse

# Packages that are understood by what they do, also where a copy of them is in the tree.
_KNOWN_BY_NAME = {
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "chalice",
    "corsheaders",
    "django",
    "fastapi",
    "flask",
    "flask_cors",
    "lambda_cors",
    "mangum",
    "pydantic",
    "requests",
    "rest_framework",
    "serverless_wsgi",
    "starlette",
}


def load(machine: Machine, segments: tuple[str, ...]) -> Module | None:
    """Return the module of that dotted name, run; None where the tree does not hold it."""
    path = machine.finder.find(segments)
    if path is None or segments[0] in _KNOWN_BY_NAME:
        return None
    name = ".".join(segments)
    scope = machine.loaded(path)
    if scope is None:
        scope = once(machine, path, segments, lambda: _run(machine, path, segments))
        if scope is None:
            return None
    return Module(name, scope)


def _run(machine: Machine, path: str, segments: tuple[str, ...]) -> int | None:
    try:
        text = machine.finder.tree.read(path)
    except Exception as error:  # noqa: BLE001 - a tree's source may fail in its own way; the file is then unread
        machine.say_unread(str(error), None)
        return None
    source = parse(path, text)
    machine.files.append(path)
    if not isinstance(source, Source):
        from .recovering import recover

        machine.problems.append(source)
        recovered = recover(path, text)
        machine.say_unread(f"{path} does not parse{' in part' if recovered else ''}", None)
        if recovered is None:
            return None
        source = recovered
    package = segments if path.endswith("/__init__.py") else segments[:-1]
    scope = machine.store.add(Record("scope", {"__name__": Const(".".join(segments)), "__file__": Const(path)}))
    machine.modules[path] = scope
    machine.packages[scope] = package
    outside = (machine.frame, machine.condition)
    machine.frame = Frame(source, scope, scope, package)
    machine.execute(source.tree.body)
    machine.frame = outside[0]
    if outside[0] is not None and machine.condition is TRUE:
        machine.condition = outside[1]
    return scope


def import_module(machine: Machine, node: ast.Import) -> None:
    """Run an `import`."""
    for alias in node.names:
        segments = tuple(alias.name.split("."))
        module: Value = load(machine, segments) or External(alias.name)
        if alias.asname is not None or len(segments) == 1:
            machine.write(alias.asname or alias.name, module)
        else:
            _bind_dotted(machine, segments, module)


def _bind_dotted(machine: Machine, segments: tuple[str, ...], module: Value) -> None:
    """`import a.b` binds `a`, through which `b` is reached."""
    if isinstance(module, External):
        machine.write(segments[0], External(segments[0]))
        return
    top: Value | None = load(machine, segments[:1])
    if top is None:
        top = Module(segments[0], machine.store.add(Record("scope", {})))
    owner = top
    for depth, name in enumerate(segments[1:], 2):
        inner: Value = (
            module
            if depth == len(segments)
            else load(machine, segments[:depth]) or Module(name, machine.store.add(Record("scope", {})))
        )
        if isinstance(owner, Module):
            machine.store.writable(owner.scope).fields.setdefault(name, inner)
            owner = inner
    machine.write(segments[0], top)


def import_from(machine: Machine, node: ast.ImportFrom) -> None:
    """Run a `from … import`."""
    base = tuple(node.module.split(".")) if node.module else ()
    if node.level:
        package = machine.frame.package
        base = (*package[: len(package) - node.level + 1], *base)
    module = load(machine, base) if base else None
    for alias in node.names:
        if alias.name == "*":
            if module is not None:
                fields = machine.store.records[module.scope].fields
                for name, value in list(fields.items()):
                    if not name.startswith("_"):
                        machine.write(name, value)
            continue
        machine.write(alias.asname or alias.name, _member(machine, base, module, alias.name))


def _member(machine: Machine, base: tuple[str, ...], module: Module | None, name: str) -> Value:
    if module is not None:
        found = machine.store.records[module.scope].fields.get(name)
        if found is not None:
            return found
    inner = load(machine, (*base, name))
    return inner or External(".".join((*base, name)))
