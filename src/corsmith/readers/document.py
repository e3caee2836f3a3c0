"""YAML and JSON text becomes nodes with positions.

PyYAML's C parser does the work; what it hands over is walked once. Keys are texts, anchors, aliases and merge keys are
resolved, local tags (`!Ref`) stay on their nodes. Bounded: text of up to 2,000,000 characters (CloudFormation takes
templates of up to 1 MB), 100 levels. Positions are offsets in characters, a byte order mark not counted.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import is_
from typing import Any

import yaml
from msgspec import Struct, field

from corsmith.api.model import Problem
from corsmith.api.span import Span

from .json_nodes import json_nodes
from .json_text import as_yaml
from .nodes import Entry, Mapping, Node, Scalar, Sequence

LONGEST = 2_000_000
DEEPEST = 100
MOST_ENTRIES = 100_000
"""How many entries merge keys may add up to in one document."""

_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_CORE = "tag:yaml.org,2002:"
_MERGE = _CORE + "merge"
_KINDS = {_CORE + kind: kind for kind in ("str", "int", "float", "bool", "null", "timestamp")}
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+\s*")
_ALIAS_VALUE = re.compile(r"[ \t]*:(?:\s|#[^\n]*\n)*\*[^\s,\[\]{}]+")
_ALIAS_ITEM = re.compile(r"(?:\s|#[^\n]*\n)*-\s+\*[^\s,\[\]{}]+")


class Document(Struct, frozen=True):
    """What was read: the root node (None where there is none), and what is wrong with the file."""

    root: Node | None
    problems: tuple[Problem, ...] = ()


_IMPLICIT = yaml.SafeLoader.yaml_implicit_resolvers
_DEFAULT = {yaml.ScalarNode: _CORE + "str", yaml.SequenceNode: _CORE + "seq", yaml.MappingNode: _CORE + "map"}


class _Composer(yaml.cyaml.CParser):  # type: ignore[misc, name-defined]
    """PyYAML's C parser with tags as its CSafeLoader gives them: the same text is looked at once for its tag."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._plain: dict[str, str] = {}

    # No tag depends on the path of a node, so that none is kept: these take the arguments, and do nothing.
    descend_resolver = is_
    ascend_resolver = tuple

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        """Return the tag of a node that has none."""
        if kind is not yaml.ScalarNode or not implicit[0]:
            return _DEFAULT[kind]
        tag = self._plain.get(value)
        if tag is None:
            tag = self._plain[value] = _plain_tag(value)
        return tag


def _plain_tag(value: str) -> str:
    """Return the tag of a scalar without quotes."""
    if len(value) > 5 and value[0].isalpha():
        # No word that stands for something else is as long.
        return _CORE + "str"
    return next((tag for tag, test in _IMPLICIT.get(value[:1], ()) if test.match(value)), _CORE + "str")


@lru_cache(maxsize=256)
def _plain_kind(value: str) -> str:
    return _KINDS[_plain_tag(value)]


@lru_cache(maxsize=8)
def parse(text: str, file: str) -> Document:
    """Return the nodes of a YAML or JSON text. Nothing is raised: what cannot be read is among the problems.

    The latest documents are kept: who reads a template, and who edits it, ask for the same ones.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > LONGEST:
        size = f"{len(text):,} characters"
        return Document(
            None, (Problem(file, 1, 1, f"cannot be read: {size}, more than the {LONGEST:,} of a template"),)
        )
    strict = json_nodes(text, file, _plain_kind, DEEPEST)
    if strict is not None:
        return Document(strict)
    readable = as_yaml(text)
    try:
        composed = yaml.compose(readable, _Composer)
    except yaml.MarkedYAMLError as error:
        return Document(None, (_marked(error, text, file),))
    except yaml.reader.ReaderError as error:
        return Document(None, (_unreadable(error, text, file),))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Document(None, (Problem(file, 1, 1, f"cannot be read: {error}"),))
    if composed is None:
        return Document(None, (Problem(file, 1, 1, "cannot be read: it is empty"),))
    walk = _Walk(text, file)
    try:
        root = walk.node(composed, 0)
    except _Hopeless as error:
        return Document(None, (*walk.problems, error.problem))
    return Document(root, tuple(walk.problems))


def _marked(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    said = ": ".join(part for part in (error.context, error.problem) if part)
    if "cannot start any token" in said and mark is not None:
        character = text[mark.index : mark.index + 1]
        quoted = f"{character!r} cannot begin a value; a text that begins with it needs quotes"
        said = "a tab stands here; YAML is indented with spaces" if character == "\t" else quoted
    return Problem(file, line, column, f"cannot be read: {said}")


def _unreadable(error: yaml.reader.ReaderError, text: str, file: str) -> Problem:
    at = min(int(error.position), len(text))
    before = text[:at]
    column = at - before.rfind("\n")
    return Problem(file, before.count("\n") + 1, column, f"cannot be read: {error.reason}")


class _Hopeless(Exception):  # noqa: N818 - the document is given up
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Walk(Struct):
    text: str
    file: str
    problems: list[Problem] = field(default_factory=list)
    done: dict[int, Node] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)
    merged: int = 0

    def node(self, composed: Any, depth: int) -> Node:
        if type(composed) is yaml.ScalarNode:
            return self.scalar(composed)
        known = self.done.get(id(composed))
        if known is not None:
            return known
        if id(composed) in self.under_way:
            raise _Hopeless(self.problem(composed, "cannot be read: an alias stands inside what it stands for"))
        if depth >= DEEPEST:
            raise _Hopeless(self.problem(composed, f"cannot be read: nested deeper than {DEEPEST} levels"))
        self.under_way.add(id(composed))
        made: Node = (
            self.sequence(composed, depth) if isinstance(composed, yaml.SequenceNode) else self.mapping(composed, depth)
        )
        self.under_way.discard(id(composed))
        self.done[id(composed)] = made
        return made

    def scalar(self, composed: yaml.ScalarNode) -> Scalar:
        tag = composed.tag
        kind = _KINDS.get(tag)
        start, end = composed.start_mark.index, composed.end_mark.index
        if kind == "str" and not composed.style and self.text[start : start + 1] != "&":
            return Scalar(composed.value, Span(self.file, start, end))
        style = _STYLES[composed.style]
        if style == "literal" or style == "folded":
            end = self.before_blank(start, end)
        if self.text.startswith("&", start):
            start = self.start(composed)
        if kind is not None:
            return Scalar(composed.value, Span(self.file, start, end), kind, style)
        core = tag.startswith(_CORE)
        return Scalar(
            composed.value,
            Span(self.file, start, end),
            tag[len(_CORE) :] if core else "str",
            style,
            "" if core else tag,
        )

    def sequence(self, composed: yaml.SequenceNode, depth: int) -> Sequence:
        items = tuple([self.node(child, depth + 1) for child in composed.value])
        end = items[-1].span.end if items else composed.end_mark.index
        if items and items[-1].span.start < composed.start_mark.index:
            end = self.alias_end(_ALIAS_ITEM, items[-2].span.end if len(items) > 1 else composed.start_mark.index)
        return Sequence(items, *self.shape(composed, end))

    def mapping(self, composed: yaml.MappingNode, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        end = composed.end_mark.index
        for key, value in composed.value:
            if key.tag == _MERGE:
                for entry in self.merging(value, depth):
                    merged.setdefault(entry.key.text, entry)
                end = value.end_mark.index
                if value.start_mark.index < key.start_mark.index:
                    end = self.alias_end(_ALIAS_VALUE, key.end_mark.index)
                continue
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(self.problem(key, "cannot be read: a key that is no plain text"))
                continue
            name = self.scalar(key)
            read = self.scalar(value) if type(value) is yaml.ScalarNode else self.node(value, depth + 1)
            if name.text in entries:
                self.problems.append(self.problem(key, f"the key {name.text!r} stands twice here; the last one counts"))
            end = read.span.end
            if end <= name.span.end:
                end = self.alias_end(_ALIAS_VALUE, name.span.end)
            entries[name.text] = Entry(name, read, end)
        for text, entry in merged.items():
            entries.setdefault(text, entry)
        return Mapping(tuple(entries.values()), *self.shape(composed, end))

    def merging(self, composed: Any, depth: int) -> tuple[Entry, ...]:
        values = composed.value if isinstance(composed, yaml.SequenceNode) else [composed]
        found: list[Entry] = []
        for value in values:
            read = self.node(value, depth + 1)
            if not isinstance(read, Mapping):
                self.problems.append(self.problem(value, "cannot be read: `<<` merges mappings only"))
                continue
            found += read.entries
        self.merged += len(found)
        if self.merged > MOST_ENTRIES:
            raise _Hopeless(self.problem(composed, f"cannot be read: merge keys add up to more than {MOST_ENTRIES:,}"))
        return tuple(found)

    def shape(self, composed: Any, end: int) -> tuple[Span, str, int, str]:
        """Return the span, style, indentation and tag of a collection whose last part ends at `end`.

        The C parser ends a block where the next token begins: comments and blank lines would belong to it.
        """
        flow = bool(composed.flow_style)
        span = Span(self.file, self.start(composed), composed.end_mark.index if flow else end)
        return span, "flow" if flow else "block", self.indent(composed), self.tag(composed)

    def indent(self, composed: Any) -> int:
        """The column of a block's keys or dashes, also where a tag or an anchor stands above them."""
        column: int = composed.start_mark.column
        if composed.flow_style or not composed.value or self.text[composed.start_mark.index] not in "&!":
            return column
        first = composed.value[0]
        at = (first[0] if isinstance(first, tuple) else first).start_mark.index
        line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        return len(line) - len(line.lstrip(" "))

    def alias_end(self, pattern: re.Pattern[str], at: int) -> int:
        """Where the alias behind `at` ends; `at` itself where there is none, as behind a key without a value."""
        match = pattern.match(self.text, at)
        return match.end() if match is not None else at

    def start(self, composed: Any) -> int:
        start: int = composed.start_mark.index
        if self.text[start : start + 1] == "&":
            anchor = _ANCHOR.match(self.text, start)
            if anchor is not None:
                start = anchor.end()
        return start

    def before_blank(self, start: int, end: int) -> int:
        """A block scalar's end, without the blank lines and indentation that the parser counts to it."""
        return start + len(self.text[start:end].rstrip())

    def tag(self, composed: Any) -> str:
        tag: str = composed.tag
        return "" if tag.startswith(_CORE) else tag

    def problem(self, composed: Any, message: str) -> Problem:
        return Problem(self.file, composed.start_mark.line + 1, composed.start_mark.column + 1, message)
