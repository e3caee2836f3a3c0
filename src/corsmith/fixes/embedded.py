"""Code that stands in a template: taken out to be edited as the file that it is, and the edits put back where it stands.

A block scalar of YAML and a heredoc of Terraform hold code line by line, each line behind the block's indentation. Code that is
joined from pieces, folded, or written with escapes is left alone.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields, replace

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.nodes import Mapping, Node, Scalar, Sequence

from .lines import newline_of
from .yaml_source import load, scalar_text

T = TypeVar("T")
TEMPLATES = (".yaml", ".yml", ".template")
_TERRAFORM = (".tf", ".tofu")
_KEYS = ("ZipFile", "InlineCode")
_HEREDOC = re.compile(r"<<-?([A-Za-z_][\w-]*)[ \t]*\r?\n(?s:.*?)\r?\n(?=[ \t]*\1[ \t]*\r?$)", re.MULTILINE)
_HEADER = re.compile(r"\|[-+]?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")


class Embedded(Struct, frozen=True):
    """Code in a template. `places` holds where each character of `code` stands in the template, and where its end does."""

    file: str
    path: str
    code: str
    places: tuple[int, ...]
    pad: str
    newline: str

    def tree(self, tree: Tree) -> Tree:
        """Return a Tree that has the code as a file of its own."""
        return tree.with_text(self.path, self.code)

    def inward(self, value: T) -> T:
        """Return a value with its spans in the template as spans in the code."""
        moved: T = _with_spans(value, self)
        return moved

    def outward(self, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Return edits of the code as edits of the template; others stay as they are."""
        return tuple([self._outward(edit) if edit.file == self.path else edit for edit in edits])

    def _outward(self, edit: Edit) -> Edit:
        text = edit.text.replace("\r\n", "\n")
        text = re.sub(r"\n(?!\n)", f"\n{self.pad}", text).replace("\n", self.newline)
        return Edit(self.file, self.places[edit.start], self.places[edit.end], text)

    def moved(self, span: Span) -> Span:
        """Return a span in the template as one in the code, where it stands there."""
        if span.file != self.file or not self.places[0] <= span.start <= span.end <= self.places[-1]:
            return span
        return Span(self.path, bisect_left(self.places, span.start), bisect_left(self.places, span.end))

    def moved_edit(self, edit: Edit) -> Edit:
        """Return an edit of the template as one of the code."""
        span = self.moved(Span(edit.file, edit.start, edit.end))
        return Edit(span.file, span.start, span.end, edit.text)


def embedded_at(tree: Tree, span: Span) -> Embedded | None:
    """Return the code of the template in which `span` is, None where it is in none that can be edited."""
    for each in embedded_in(tree, span.file):
        if each.places[0] <= span.start and span.end <= each.places[-1]:
            return each
    return None


def embedded_in(tree: Tree, file: str) -> Iterator[Embedded]:
    """Yield the pieces of code that stand in the template `file`."""
    if file.endswith(_TERRAFORM):
        yield from _heredocs(tree, file)
        return
    source = load(tree, file) if file.endswith(TEMPLATES) else None
    for scalar, runtime in _scalars(source.root, "") if source is not None else ():
        start = _HEADER.match(source.text, scalar.span.start) if source is not None else None
        if source is None or start is None or scalar.style != "literal":
            continue
        made = _lines(source.text, start.end(), scalar.span.end, file, runtime)
        if made is not None and made.code.rstrip("\n") == scalar.text.rstrip("\n"):
            yield made


def _scalars(node: Node, runtime: str) -> Iterator[tuple[Scalar, str]]:
    """Yield the texts that hold code, each with the runtime of its function, "" where that is not said."""
    if isinstance(node, Mapping):
        own = scalar_text(node.get("Runtime")) or runtime
        for entry in node.entries:
            if entry.key.text in _KEYS and isinstance(entry.value, Scalar):
                yield entry.value, own
            else:
                yield from _scalars(entry.value, own)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item, runtime)


def _heredocs(tree: Tree, file: str) -> Iterator[Embedded]:
    try:
        text = tree.read(file)
    except Unreadable:
        return
    for found in _HEREDOC.finditer(text):
        start = text.index("\n", found.start()) + 1
        made = _lines(text, start, found.end(), file, "")
        # What Terraform fills in is no code yet.
        if made is not None and "${" not in made.code and "%{" not in made.code:
            yield made


def _lines(text: str, start: int, end: int, file: str, runtime: str) -> Embedded | None:
    """Return the code whose lines stand between two places of a template, without their common indentation."""
    lines = text[start:end].splitlines(keepends=True)
    written = [line for line in lines if line.strip()]
    if not written or any("\t" in line[: len(line) - len(line.lstrip())] for line in written):
        return None
    width = min(len(line) - len(line.lstrip(" ")) for line in written)
    code: list[str] = []
    places: list[int] = []
    at = start
    for line in lines:
        own = line.rstrip("\r\n")
        for column in range(min(width, len(own)), len(own)):
            code.append(own[column])
            places.append(at + column)
        if own != line:
            code.append("\n")
            places.append(at + len(own))
        at += len(line)
    joined = "".join(code)
    path = f"{file}.inline/{start}{_ending(joined, runtime)}"
    return Embedded(file, path, joined, (*places, at), " " * width, newline_of(text))


def _ending(code: str, runtime: str) -> str:
    if runtime.startswith("python") or (not runtime.startswith("node") and _is_python(code)):
        return ".py"
    return ".mjs" if any(line.startswith(("import ", "export ")) for line in code.splitlines()) else ".js"


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _with_spans(value: Any, held: Embedded) -> Any:
    """Return a value with each span in it moved into the code."""
    if isinstance(value, Span):
        return held.moved(value)
    if isinstance(value, tuple):
        made = tuple([_with_spans(each, held) for each in value])
        return value if all(one is other for one, other in zip(made, value, strict=True)) else made
    if isinstance(value, Struct):
        changed = {each.name: _with_spans(getattr(value, each.name), held) for each in fields(value)}
        changed = {name: made for name, made in changed.items() if made is not getattr(value, name)}
        return replace(value, **changed) if changed else value
    return value
