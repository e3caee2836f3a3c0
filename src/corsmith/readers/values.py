"""What the nodes of a template stand for: parameters, conditions and functions become Values.

Nothing is guessed: what only the deployment knows (attributes of resources, imports, secrets) is unknown, with the reason.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.api.value import Known, OneOf, Step, Unknown, Value

from .intrinsics import intrinsic
from .nodes import Mapping, Node, Scalar, Sequence
from .parameters import parameter
from .template import Template


class Nothing:
    """What `AWS::NoValue` stands for: the setting is not there."""

    __slots__ = ()


NOTHING = Nothing()
MOST_OPTIONS = 32
"""How many combinations of undecided values are told apart."""

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]{0,30})$")
_TRUE = frozenset({"true", "yes", "on"})
_RESOLVED_LATER = re.compile(r"\{\{resolve:([a-z-]+):([^}]*)\}\}")


class Values(Struct):
    """The values of one template. `functions`: a dialect's own, by name; None for CloudFormation's."""

    template: Template
    functions: Functions | None = None
    _decided: dict[str, Value[bool]] = field(default_factory=dict)
    _depth: int = 0

    def of(self, node: Node) -> Value[Any]:
        """Return what `node` stands for: a str, int, float, bool or None, a tuple of Values, a Mapping node, or NOTHING."""
        if type(node) is Scalar and not node.tag:
            return scalar(node)
        used = intrinsic(node)
        if used is not None:
            self._depth += 1
            try:
                if self._depth > 64:
                    return Unknown("the template's functions are nested too deep, or refer to themselves", node.span)
                return self._function(used[0], used[1], node)
            finally:
                self._depth -= 1
        if isinstance(node, Scalar):
            return scalar(node)
        if isinstance(node, Sequence):
            items = (self.of(item) for item in node.items)
            return Known(tuple(item for item in items if not _is_nothing(item)), node.span)
        return Known(node, node.span)

    def _function(self, name: str, argument: Node, node: Node) -> Value[Any]:
        work = (_FUNCTIONS if self.functions is None else self.functions).get(name)
        if work is None:
            return Unknown(f"{name} is worked out when the stack is deployed", node.span)
        return work(self, argument, node)

    def ref(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Ref` gives."""
        if not isinstance(argument, Scalar):
            return Unknown("Ref names no parameter or resource", node.span)
        return self.named(argument.text, node.span)

    def named(self, name: str, span: Span) -> Value[Any]:
        """Return the value of a parameter; unknown for a resource or anything else of that name."""
        if name == "AWS::NoValue":
            return Known(NOTHING, span)
        given = self.template.settings.parameters.get(name)
        if name in self.template.parameters:
            return parameter(self.template, name, span)
        if name.startswith("AWS::"):
            if given is not None:
                return Known(given, span, (Step(f"{name}, given by the user"),))
            return Unknown(f"{name} is known only when the stack is deployed", span)
        base = name.partition(".")[0]
        if base in self.template.resources:
            return Unknown(f"{name} is known only when the stack is deployed", span)
        if name in self.template.open:
            return Unknown(self.template.open[name], span)
        return Unknown(f"{name} is neither a parameter nor a resource of this template", span)

    def sub(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::Sub` gives."""
        own: dict[str, Node] = {}
        text: Node = argument
        if isinstance(argument, Sequence) and argument.items:
            text = argument.items[0]
            if len(argument.items) > 1 and isinstance(argument.items[1], Mapping):
                own = {entry.key.text: entry.value for entry in argument.items[1].entries}
        if not isinstance(text, Scalar):
            return Unknown("Fn::Sub has no text", node.span)
        parts: list[Value[Any]] = []
        at = 0
        for match in _PLACEHOLDER.finditer(text.text):
            parts.append(Known(text.text[at : match.start()]))
            name = match.group(1).strip()
            if name.startswith("!"):
                parts.append(Known("${" + name[1:] + "}"))
            elif name in own:
                parts.append(self.of(own[name]))
            else:
                parts.append(self.named(name, node.span))
            at = match.end()
        parts.append(Known(text.text[at:]))
        return _later(_combined(parts, "".join, node.span), node.span)

    def join(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::Join` gives."""
        if not (isinstance(argument, Sequence) and len(argument.items) == 2 and isinstance(argument.items[0], Scalar)):
            return Unknown("Fn::Join needs a delimiter and a list", node.span)
        items = self.of(argument.items[1])
        if not isinstance(items, Known):
            return items
        if not isinstance(items.value, tuple):
            return Unknown("Fn::Join needs a list", node.span)
        return _combined(items.value, argument.items[0].text.join, node.span)

    def split(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::Split` gives."""
        if not (isinstance(argument, Sequence) and len(argument.items) == 2 and isinstance(argument.items[0], Scalar)):
            return Unknown("Fn::Split needs a delimiter and a text", node.span)
        delimiter = argument.items[0].text
        text = self.of(argument.items[1])
        if not delimiter:
            return Unknown("Fn::Split needs a delimiter", node.span)

        def parts(known: Known[Any]) -> tuple[Known[str], ...]:
            whole, at, found = as_text(known.value), 0, []
            for part in whole.split(delimiter):
                found.append(Known(part, self.template.part(known.span, whole, at, len(part)), known.via))
                at += len(part) + len(delimiter)
            return tuple(found)

        if isinstance(text, Known):
            return Known(parts(text), node.span, text.via)
        if isinstance(text, OneOf):
            return OneOf(tuple(Known(parts(o), o.span, o.via) for o in text.options), text.because, node.span)
        return text

    def select(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::Select` gives."""
        if not (isinstance(argument, Sequence) and len(argument.items) == 2):
            return Unknown("Fn::Select needs an index and a list", node.span)
        index, items = self.of(argument.items[0]), self.of(argument.items[1])
        if not isinstance(items, Known):
            return items
        if not isinstance(index, Known):
            return index
        try:
            chosen: Value[Any] = items.value[int(index.value)]
        except (ValueError, TypeError, IndexError):
            return Unknown("Fn::Select picks an item that is not there", node.span)
        return chosen

    def find_in_map(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::FindInMap` gives."""
        if not (isinstance(argument, Sequence) and len(argument.items) >= 3):
            return Unknown("Fn::FindInMap needs a map and two keys", node.span)
        keys = [self.of(item) for item in argument.items[:3]]
        whole = _combined(keys, "\0".join, node.span)
        if isinstance(whole, Unknown):
            return whole
        options = whole.options if isinstance(whole, OneOf) else (whole,)
        otherwise = _path(argument.items[3], "DefaultValue") if len(argument.items) > 3 else None
        found: list[Known[Any]] = []
        for option in options:
            name, first, second = option.value.split("\0")
            entry = _path(self.template.mappings.get(name), first, second)
            if entry is None and otherwise is not None:
                default = self.of(otherwise)
                if not isinstance(default, Known):
                    return default
                found.append(default)
                continue
            value = self.of(entry) if entry is not None else None
            if isinstance(value, Known):
                step = Step(f"mapping {name}, {first}, {second}", value.span)
                found.append(Known(value.value, value.span, (step, *option.via)))
            elif isinstance(whole, Known):
                return Unknown(f"the mapping {name} has no {first}, {second}", node.span)
        return one_of(found, whole.because if isinstance(whole, OneOf) else "", node.span)

    def length(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::Length` gives."""
        items = self.of(argument)
        if isinstance(items, Known) and isinstance(items.value, tuple):
            return Known(len(items.value), node.span, items.via)
        return items if isinstance(items, Unknown) else Unknown("Fn::Length needs a list", node.span)

    def choose(self, argument: Node, node: Node) -> Value[Any]:
        """Return what `Fn::If` gives."""
        if not (isinstance(argument, Sequence) and len(argument.items) == 3 and isinstance(argument.items[0], Scalar)):
            return Unknown("Fn::If needs a condition and two values", node.span)
        name = argument.items[0].text
        holds = self.holds(name)
        if isinstance(holds, Known):
            return self.of(argument.items[1 if holds.value else 2])
        branches = [self.of(item) for item in argument.items[1:]]
        return merged(branches, f"it depends on the condition {name}: {holds.because}", node.span)

    def holds(self, name: str) -> Value[bool]:
        """Say whether the condition `name` holds."""
        if name not in self._decided:
            node = self.template.conditions.get(name)
            self._decided[name] = Unknown(f"the condition {name} refers to itself")
            self._decided[name] = (
                self.test(node) if node is not None else Unknown(f"the template has no condition {name}")
            )
        return self._decided[name]

    def test(self, node: Node) -> Value[bool]:
        """Return what a condition's expression gives."""
        used = intrinsic(node)
        if used is None and isinstance(node, Mapping) and len(node.entries) == 1:
            used = node.entries[0].key.text, node.entries[0].value
        if used is None:
            return Unknown("it is no condition", node.span)
        name, argument = used
        if name == "Condition" and isinstance(argument, Scalar):
            return self.holds(argument.text)
        items = argument.items if isinstance(argument, Sequence) else ()
        if name == "Fn::Equals" and len(items) == 2:
            return _equal(self.of(items[0]), self.of(items[1]), node.span)
        parts = [self.test(item) for item in items]
        if name == "Fn::Not" and len(parts) == 1:
            part = parts[0]
            return Known(not part.value, node.span) if isinstance(part, Known) else part
        if name in ("Fn::And", "Fn::Or"):
            decisive = name == "Fn::Or"
            if any(isinstance(part, Known) and part.value is decisive for part in parts):
                return Known(decisive, node.span)
            return next((part for part in parts if not isinstance(part, Known)), Known(not decisive, node.span))
        return Unknown(f"{name} is no condition that can be worked out here", node.span)


Functions = dict[str, Callable[[Values, Node, Node], Value[Any]]]
"""Name of a function to what works it out, from its argument and the node of its use."""
_FUNCTIONS: Functions = {
    "Ref": Values.ref,
    "Fn::Sub": Values.sub,
    "Fn::Join": Values.join,
    "Fn::Split": Values.split,
    "Fn::Select": Values.select,
    "Fn::FindInMap": Values.find_in_map,
    "Fn::If": Values.choose,
    "Fn::Length": Values.length,
    "Fn::GetAtt": lambda values, argument, node: _attribute(argument, node),
    "Fn::ImportValue": lambda values, argument, node: Unknown("it is imported from another stack", node.span),
}


def scalar(node: Scalar) -> Value[Any]:
    """Return the value of a scalar: bool, None, int where it is written as one, str for everything else."""
    if node.kind == "str" and "{{" not in node.text:
        return Known(node.text, node.span, node.via)
    if node.kind == "bool":
        return Known(node.text.lower() in _TRUE, node.span, node.via)
    if node.kind == "null":
        return Known(None, node.span, node.via)
    if node.kind == "int" and _INTEGER.match(node.text):
        return Known(int(node.text), node.span, node.via)
    if "{{resolve:" in node.text:
        return _later(Known(node.text, node.span, node.via), node.span)
    return Known(node.text, node.span, node.via)


def as_text(value: Any) -> str:
    """Return a plain value as CloudFormation writes it into a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def one_of(found: Iterable[Known[Any]], because: str, span: Span | None) -> Value[Any]:
    """Return a value for the options that were found: Known where they are all alike."""
    options: list[Known[Any]] = []
    for option in found:
        if all(option.value is not other.value and option.value != other.value for other in options):
            options.append(option)
    if not options:
        return Unknown(because, span)
    if len(options) == 1:
        return options[0]
    if len(options) > MOST_OPTIONS:
        return Unknown(because, span)
    return OneOf(tuple(options), because, span)


def merged(branches: Iterable[Value[Any]], because: str, span: Span | None) -> Value[Any]:
    """Return what may be any of `branches`: unknown as soon as one is."""
    found: list[Known[Any]] = []
    for branch in branches:
        if isinstance(branch, Unknown):
            return Unknown(f"{because}; and {branch.because}", span)
        found += branch.options if isinstance(branch, OneOf) else (branch,)
    return one_of(found, because, span)


def _combined(parts: Iterable[Value[Any]], join: Callable[[Iterable[str]], str], span: Span) -> Value[Any]:
    choices: list[tuple[Known[Any], ...]] = []
    because = ""
    for part in parts:
        if isinstance(part, Unknown):
            return Unknown(part.because, span, part.via)
        if isinstance(part, OneOf):
            because = because or part.because
            choices.append(part.options)
        else:
            choices.append((part,))
    count = 1
    for options in choices:
        count *= len(options)
    if count > MOST_OPTIONS:
        return Unknown(because, span)
    found = [
        Known(join(as_text(p.value) for p in pick), span, tuple(step for p in pick for step in p.via))
        for pick in itertools.product(*choices)
    ]
    return one_of(found, because, span)


def _equal(left: Value[Any], right: Value[Any], span: Span) -> Value[bool]:
    sides: list[set[str]] = []
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
        sides.append({as_text(o.value) for o in (side.options if isinstance(side, OneOf) else (side,))})
    if not sides[0] & sides[1]:
        return Known(False, span)
    if len(sides[0]) == len(sides[1]) == 1:
        return Known(True, span)
    because = next(side.because for side in (left, right) if isinstance(side, OneOf))
    return Unknown(because, span)


def _attribute(argument: Node, node: Node) -> Value[Any]:
    if isinstance(argument, Sequence):
        name = ".".join(item.text for item in argument.items if isinstance(item, Scalar))
    else:
        name = argument.text if isinstance(argument, Scalar) else "an attribute"
    return Unknown(f"{name} is known only when the stack is deployed", node.span)


def _later(value: Value[Any], span: Span) -> Value[Any]:
    options = value.options if isinstance(value, OneOf) else (value,) if isinstance(value, Known) else ()
    for option in options:
        match = _RESOLVED_LATER.search(option.value) if isinstance(option.value, str) else None
        if match is not None:
            return Unknown(f"{match.group(2)} is read from {match.group(1)} when the stack is deployed", span)
    return value


def _path(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _is_nothing(value: Value[Any]) -> bool:
    return isinstance(value, Known) and value.value is NOTHING
