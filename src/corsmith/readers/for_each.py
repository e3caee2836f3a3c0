"""Loops of a template, `Fn::ForEach`, are gone through before anything else is read.

Source: the CloudFormation reference, "Fn::ForEach" and "AWS::LanguageExtensions transform". A loop stands in Resources,
Conditions or Outputs, or in the properties of a resource; loops may stand in loops. In what it repeats, `${Name}` and `&{Name}`
(without what is no letter or digit) stand for the item, and so does a `Ref` to the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as Names

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.model import Problem
from corsmith.api.span import Span
from corsmith.api.value import Known, Step, Unknown, Value

from .nodes import Entry, Mapping, Node, Scalar, Sequence
from .refusals import Refusals
from .template import Template, template_of
from .values import Values, as_text

LOOP = "Fn::ForEach::"
MOST = 20_000
"""How many entries the loops of one template may make: CloudFormation takes 500 resources."""
_SECTIONS = frozenset({"Conditions", "Resources", "Outputs"})
_PLACEHOLDER = re.compile(r"([$&])\{\s*([A-Za-z0-9]+)\s*\}")
_OTHER = re.compile("[^A-Za-z0-9]+")


def unlooped(root: Mapping, template: Template) -> tuple[Mapping, Template, tuple[Problem, ...]]:
    """Return a template with its loops gone through, and what is wrong with them; as it is where it has none."""
    if LOOP not in template.text and not any(name.startswith(LOOP) for name in _names(root)):
        return root, template, ()
    found = unrolled(root, Values(template))
    made = template_of(found.root, template.file, template.text, template.settings, template.configured)
    problems = Refusals(unread=list(dict.fromkeys(found.unread))).problems(template.text)
    return found.root, replace(made, open=dict(found.open)), problems


def _names(root: Mapping) -> Iterator[str]:
    """Yield the names in the sections that loops may stand in: they may come from other files."""
    for entry in root.entries:
        if entry.key.text in _SECTIONS and isinstance(entry.value, Mapping):
            yield from (inner.key.text for inner in entry.value.entries)


class Unrolled(Struct, frozen=True):
    """A template without loops. `unread`: what is wrong with them; `open`: the names of loops over what is not known."""

    root: Mapping
    unread: tuple[tuple[Span, str], ...] = ()
    open: Names[str, str] = {}


def unrolled(root: Mapping, values: Values) -> Unrolled:
    """Return a template with its loops gone through; `values` gives what they go over."""
    loops = _Loops(values)
    entries = tuple(
        Entry(entry.key, loops.node(entry.value, {}), entry.end) if entry.key.text in _SECTIONS else entry
        for entry in root.entries
    )
    return Unrolled(replace(root, entries=entries), tuple(loops.unread), loops.open)


Items = Names[str, Scalar]
"""What the names of the loops around a node stand for."""


class _Loops(Struct):
    values: Values
    unread: list[tuple[Span, str]] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def node(self, node: Node, items: Items) -> Node:
        """Return a node with its loops gone through, and with what the names around it stand for."""
        if isinstance(node, Scalar):
            return _scalar(node, items) if items else node
        if isinstance(node, Sequence):
            parts = tuple([self.node(item, items) for item in node.items])
            same = all(new is old for new, old in zip(parts, node.items, strict=True))
            return node if same else replace(node, items=parts)
        return self.function(node, items) if items and len(node.entries) == 1 else self.mapping(node, items)

    def function(self, node: Mapping, items: Items) -> Node:
        """Return a mapping that may be a `Ref` or a `Fn::Sub` of a loop's name."""
        (entry,) = node.entries
        name, argument = entry.key.text, entry.value
        if name in ("Ref", "Fn::Sub") and isinstance(argument, Scalar) and not argument.tag:
            put = _scalar(replace(argument, tag="!" + name.removeprefix("Fn::")), items)
            if not put.tag:
                return put
        return self.mapping(node, items)

    def mapping(self, node: Mapping, items: Items) -> Mapping:
        """Return a mapping whose loops have become the entries that they make."""
        entries: dict[str, Entry] = {}
        changed = False
        for entry in node.entries:
            if entry.key.text.startswith(LOOP):
                changed = True
                for each in self.loop(entry, items):
                    if each.key.text in entries:
                        self.unread.append((entry.key.span, f"the loop makes {each.key.text} a second time"))
                    entries.setdefault(each.key.text, each)
                continue
            key = _scalar(entry.key, items) if items else entry.key
            value = self.node(entry.value, items)
            changed = changed or key is not entry.key or value is not entry.value
            entries[key.text] = entry if key is entry.key and value is entry.value else Entry(key, value, entry.end)
        return replace(node, entries=tuple(entries.values())) if changed else node

    def loop(self, entry: Entry, items: Items) -> Iterator[Entry]:
        """Yield the entries that a loop makes."""
        parts = entry.value.items if isinstance(entry.value, Sequence) else ()
        name, over, repeated = parts if len(parts) == 3 else (None, entry.value, None)
        if not (isinstance(name, Scalar) and isinstance(repeated, Mapping)):
            self.unread.append((entry.key.span, f"{entry.key.text} needs a name, a list and what it repeats"))
            return
        for item in self.over(self.node(over, items), name.text, entry):
            self.made += len(repeated.entries)
            if self.made > MOST:
                message = f"the loops make more than {MOST:,} entries; the others are not read"
                self.unread.append((entry.key.span, message))
                return
            yield from self.mapping(repeated, {**items, name.text: item} if item is not None else items).entries

    def over(self, node: Node, name: str, loop: Entry) -> Iterator[Scalar | None]:
        """Yield what a loop goes over; None once where that is not known: then its name stands for any."""
        whole = self.values.of(node)
        found: tuple[Value[object], ...] = (
            whole.value if isinstance(whole, Known) and isinstance(whole.value, tuple) else (whole,)
        )
        for each in found:
            if isinstance(each, Known) and not isinstance(each.value, Mapping | tuple):
                step = Step(
                    f"the loop {loop.key.text.removeprefix(LOOP)}, its item {as_text(each.value)}", loop.key.span
                )
                yield Scalar(as_text(each.value), each.span or node.span, "str", "plain", via=(step, *each.via))
            else:
                because = each.because if isinstance(each, Unknown) else "it is no list of texts"
                self.open.setdefault(name, f"what the loop {loop.key.text.removeprefix(LOOP)} goes over: {because}")
                yield None


def _scalar(node: Scalar, items: Items) -> Scalar:
    """Return a text with the items in place of the loops' names; what was put together stands where the text stands."""
    if node.tag == "!Ref":
        item = items.get(node.text)
        return item if item is not None else node
    if "{" not in node.text:
        return node
    used: list[Step] = []

    def put(match: re.Match[str]) -> str:
        item = items.get(match.group(2))
        if item is None:
            return match.group()
        used.extend(item.via[:1])
        return item.text if match.group(1) == "$" else _OTHER.sub("", item.text)

    text = _PLACEHOLDER.sub(put, node.text)
    if not used:
        return node
    # Without a placeholder left it is a plain text, which may name a resource.
    tag = "" if node.tag == "!Sub" and "${" not in text else node.tag
    return replace(node, text=text, tag=tag, kind="str" if not node.tag else node.kind, via=(*used, *node.via))
