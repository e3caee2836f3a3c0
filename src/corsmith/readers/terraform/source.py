"""The files of a folder become one module: its variables, locals, resources, calls of other modules, and outputs.

Source: the Terraform language documentation, "Files and Directories" and "Override Files".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from msgspec import Struct, field

from corsmith.api.model import Problem
from corsmith.api.span import locate
from corsmith.api.tree import Tree, Unreadable

from .json_syntax import parse_json
from .parse import parse
from .recognise import is_configuration
from .syntax import Attribute, Block, Body

MOST_FILES = 500
MOST_PROBLEMS = 20
"""Declarations of one module that are told to be there twice."""


class Module(Struct):
    """A module as its folder defines it. `resources` are by "type.name", data sources by "data.type.name"."""

    folder: str
    files: tuple[str, ...] = ()
    variables: dict[str, Block] = field(default_factory=dict)
    locals: dict[str, Attribute] = field(default_factory=dict)
    outputs: dict[str, Block] = field(default_factory=dict)
    resources: dict[str, Block] = field(default_factory=dict)
    calls: dict[str, Block] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: tuple[str, ...] = ()
    """Its files' texts, those that can be read."""


def files_of(tree: Tree, folder: str) -> tuple[str, ...]:
    """Return the module's files in a folder itself, override files last. OpenTofu takes `x.tofu` in place of `x.tf`."""
    inside = {path for path in tree.list(folder) if is_configuration(path) and _folder(path) == _normal(folder)}
    inside -= {path.replace(".tofu", ".tf") for path in inside if ".tofu" in path}
    return tuple(sorted(inside, key=lambda path: (_overrides(path), path)))[:MOST_FILES]


def _folder(path: str) -> str:
    return _normal(posixpath.dirname(path))


def _normal(folder: str) -> str:
    return posixpath.normpath(folder or ".")


def _overrides(path: str) -> bool:
    stem = posixpath.basename(path).partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def module_of(tree: Tree, folder: str) -> Module:
    """Return the module in a folder. What cannot be read is among its problems."""
    module = Module(folder, files_of(tree, folder))
    for file in module.files:
        try:
            text = tree.read(file)
        except Unreadable as error:
            module.problems.append(Problem(file, 1, 1, f"cannot be read: {error.reason}"))
            continue
        module.texts += (text,)
        body, problems = (parse_json if file.endswith(".json") else parse)(text, file)
        module.problems += problems
        _add(module, body, text, file)
    return module


def _add(module: Module, body: Body, text: str, file: str) -> None:
    for block in body.blocks:
        if block.kind == "locals":
            module.locals.update((each.name, each) for each in block.body.attributes)
            continue
        table, name = _table(module, block)
        if table is None:
            continue
        earlier = table.get(name)
        if earlier is not None and _overrides(file):
            table[name] = _merged(earlier, block)
        elif earlier is not None and len(module.problems) < MOST_PROBLEMS:
            place = locate(block.header, text)
            message = f"{block.kind} {name} is declared a second time; the first one counts"
            module.problems.append(Problem(place.file, place.line, place.column, message))
        elif earlier is None:
            table[name] = block


def _table(module: Module, block: Block) -> tuple[dict[str, Block] | None, str]:
    labels = block.labels
    if block.kind in ("resource", "data", "ephemeral") and len(labels) == 2:
        prefix = "" if block.kind == "resource" else block.kind + "."
        return module.resources, f"{prefix}{labels[0]}.{labels[1]}"
    tables = {"variable": module.variables, "output": module.outputs, "module": module.calls}
    return (tables.get(block.kind), labels[0]) if len(labels) == 1 else (None, "")


def _merged(first: Block, second: Block) -> Block:
    """What an override file says counts, attribute by attribute, and for each kind of block."""

    def load() -> Body:
        own, over = first.body, second.body
        named = {each.name for each in over.attributes}
        kinds = set(_kinds(over))
        return Body(
            own.span,
            (*(each for each in own.attributes if each.name not in named), *over.attributes),
            (*(each for each in own.blocks if not kinds & set(_kinds_of(each))), *over.blocks),
        )

    return Block(first.kind, first.labels, first.header, first.span, load)


def _kinds(body: Body) -> Iterator[str]:
    for block in body.blocks:
        yield from _kinds_of(block)


def _kinds_of(block: Block) -> tuple[str, ...]:
    return block.labels if block.kind == "dynamic" else (block.kind,)
