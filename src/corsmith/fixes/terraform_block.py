"""Blocks of Terraform files, and edits to them: lines added, arguments set, entries put into objects."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from msgspec import Struct

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.readers.terraform.parse import parse
from corsmith.readers.terraform.syntax import Block, ObjectOf

from .lines import line_start, pad_of

FILES = (".tf", ".tofu")
Setting = tuple[str, str]
"""A name, and its value as Terraform writes it."""


class Written(Struct, frozen=True):
    """A block of a file."""

    file: str
    text: str
    block: Block

    @property
    def newline(self) -> str:
        """The file's line end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def value(self, name: str) -> str | None:
        """Return an argument's expression as it is written, None without one."""
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return None
        span = attribute.expression.span
        return self.text[span.start : span.end]

    def inside(self, lines: Iterable[str]) -> Edit:
        """Return the edit that adds lines at the end of the block, as far in as its other lines.

        A block on one line opens up: Terraform takes a second argument on lines of their own alone.
        """
        end = self.text.rindex("}", self.block.header.end, self.block.span.end)
        begin = line_start(self.text, end)
        outer = pad_of(self.text, self.block.header.start)
        unit = self._unit(outer)
        pad = outer + unit
        text = self.newline.join(f"{pad}{_indented(line, unit)}" if line else "" for line in lines)
        if not self.text[begin:end].strip():
            return Edit(self.file, begin, begin, text + self.newline)
        start = self.text.index("{", self.block.header.end - 1) + 1
        if start <= begin:
            # The last line holds more than the brace.
            return Edit(self.file, end, end, f"{self.newline}{text}{self.newline}{outer}")
        held = self.text[start:end].strip()
        written = f"{self.newline}{pad}{held}" if held else ""
        return Edit(self.file, start, end, f"{written}{self.newline}{text}{self.newline}{outer}")

    def _unit(self, outer: str) -> str:
        """Return what a level of this block is indented by: as its arguments are."""
        for attribute in self.block.body.attributes:
            own = pad_of(self.text, attribute.key.start)
            if own.startswith(outer) and len(own) > len(outer):
                return own[len(outer) :]
        return "\t" if "\t" in outer else "  "

    def behind(self, blocks: Iterable[Iterable[str]]) -> Edit:
        """Return the edit that adds blocks behind this one."""
        text = "".join(self.newline * 2 + self.newline.join(block) for block in blocks)
        return Edit(self.file, self.block.span.end, self.block.span.end, text)

    def set(self, name: str, value: str) -> Edit:
        """Return the edit that gives an argument the value that Terraform writes as `value`."""
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return self.inside([f"{name.ljust(self._width())} = {value}"])
        span = attribute.expression.span
        return Edit(self.file, span.start, span.end, value)

    def _width(self) -> int:
        """Return how wide the last argument's name is written: equal signs stand below one another."""
        body = self.block.body
        last = body.attributes[-1] if body.attributes else None
        if last is None or any(each.span.start > last.key.start for each in body.blocks):
            return 0
        return max(0, self.text.index("=", last.key.end) - last.key.start - 1)

    def unset(self, name: str) -> tuple[Edit, ...]:
        """Return the edit that takes an argument out, its line or lines with it."""
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return ()
        start = self.text.rfind("\n", 0, attribute.key.start) + 1
        end = self.text.find("\n", attribute.expression.span.end)
        if self.text[start : attribute.key.start].strip() or end < 0:
            return ()
        return (Edit(self.file, start, end + 1, ""),)

    def gone(self) -> Edit:
        """Return the edit that takes the block out, its lines with it, and the blank line that set it off."""
        start = self.text.rfind("\n", 0, self.block.header.start) + 1
        end = self.text.find("\n", self.block.span.end)
        if self.text[:start].endswith(self.newline * 2):
            start -= len(self.newline)
        return Edit(self.file, start, len(self.text) if end < 0 else end + 1, "")

    def put(self, name: str, entries: list[Setting]) -> tuple[Edit, ...]:
        """Return the edit that adds entries to the object that an argument holds; none where it is no written-out object."""
        if not entries:
            return ()
        attribute = self.block.body.attribute(name)
        if attribute is None:
            return (self.inside(["", *assigned(name, entries)]),)
        held = attribute.expression
        if not isinstance(held, ObjectOf):
            return ()
        end = self.text.rindex("}", held.span.start, held.span.end)
        if not held.entries:
            return (Edit(self.file, end, end, " " + ", ".join(f"{key} = {value}" for key, value in entries) + " "),)
        first, last = held.entries[0][0].span.start, held.entries[-1][1].span.end
        line = self.text[self.text.rfind("\n", 0, first) + 1 : first]
        if line.strip():
            return (Edit(self.file, last, last, "".join(f", {key} = {value}" for key, value in entries)),)
        width = max(len(self.text[key.span.start : key.span.end]) for key, _ in held.entries)
        text = "".join(f"{self.newline}{line}{key.ljust(width)} = {value}" for key, value in entries)
        return (Edit(self.file, last, last, text),)


def _indented(line: str, unit: str) -> str:
    """Return a line of ours in the file's own indentation."""
    own = len(line) - len(line.lstrip(" "))
    return unit * (own // 2) + line[own:] if unit.startswith("\t") else line


def block(kind: str, settings: list[Setting]) -> list[str]:
    """Return the lines of a block, its arguments aligned as `terraform fmt` does."""
    return [f"{kind} {{", *(f"  {line}" for line in aligned(settings)), "}"]


def assigned(name: str, settings: list[Setting]) -> list[str]:
    """Return the lines of an argument that holds an object."""
    return [f"{name} = {{", *(f"  {line}" for line in aligned(settings)), "}"]


def aligned(settings: list[Setting]) -> Iterator[str]:
    """Yield lines of arguments with their equal signs below one another."""
    width = max((len(name) for name, _ in settings), default=0)
    yield from (f"{name.ljust(width)} = {value}" for name, value in settings)


def resource(
    kind: str, name: str, settings: list[Setting], inner: str = "", content: list[Setting] | None = None
) -> tuple[str, ...]:
    """Return the lines of a resource; `inner` is an argument that holds the object `content`."""
    lines = [f"  {line}" for line in aligned(settings)]
    if content:
        lines += ["", *(f"  {line}" for line in assigned(inner, content))]
    return (f'resource "{kind}" "{name}" {{', *lines, "}")


def module_of(tree: Tree, beside: str) -> Iterator[Written]:
    """Yield the blocks of the module that the file `beside` belongs to."""
    folder = posixpath.dirname(beside)
    for file in tree.list(folder or "."):
        if posixpath.dirname(file) == folder and file.endswith(FILES):
            yield from _blocks(tree, file)


def _blocks(tree: Tree, file: str) -> Iterator[Written]:
    try:
        text = tree.read(file)
    except Unreadable:
        return
    for each in parse(text, file)[0].blocks:
        yield Written(file, text, each)


def block_at(tree: Tree, span: Span) -> Written | None:
    """Return the block whose header, or which itself, stands at `span`; None where it is none that can be edited."""
    if not span.file.endswith(FILES):
        return None
    for outer in _blocks(tree, span.file):
        block: Block | None = outer.block
        while block is not None:
            if span in (block.header, block.span):
                return Written(outer.file, outer.text, block)
            held = (each for each in block.body.blocks if each.span.start <= span.start and span.end <= each.span.end)
            block = next(held, None) if block.span.start <= span.start and span.end <= block.span.end else None
    return None


def block_around(tree: Tree, span: Span) -> Written | None:
    """Return the innermost block that `span` is in; None where it is in none that can be edited."""
    found: Written | None = None
    for outer in _blocks(tree, span.file) if span.file.endswith(FILES) else ():
        block: Block | None = outer.block
        while block is not None and block.span.start <= span.start and span.end <= block.span.end:
            found = Written(outer.file, outer.text, block)
            block = next(
                (each for each in block.body.blocks if each.span.start <= span.start and span.end <= each.span.end),
                None,
            )
    return found
