"""Settings out of a mapping of the template: texts, lists, numbers, switches, and the functions they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.api.value import Known, OneOf, Text, Texts, Unknown, Value, mapped

from .intrinsics import intrinsic
from .nodes import Mapping, Node, Scalar, Sequence
from .template import Resource, Template
from .values import NOTHING, Nothing, Values, as_text, one_of

R = TypeVar("R")
FUNCTION_TYPES = frozenset({"AWS::Serverless::Function", "AWS::Lambda::Function"})
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_ANY_PLACEHOLDER = re.compile(r"\$\{([^}!]*)\}")
_NUMBER = re.compile(r"-?[0-9]{1,30}$")


_TRUE = frozenset(("true",))
_ON = frozenset(("true", "yes", "on"))


class Reading(Struct):
    """Reads settings of one template."""

    template: Template
    values: Values
    _deployed: dict[tuple[str, ...], tuple[Resource, ...]] = field(default_factory=dict)

    def value(self, node: Node | None) -> Value[Any] | None:
        """Return what `node` stands for; None where it is absent, `AWS::NoValue` or null."""
        if node is None:
            return None
        value = self.values.of(node)
        if isinstance(value, Known) and (value.value is NOTHING or value.value is None):
            return None
        if isinstance(value, OneOf) and any(isinstance(o.value, Nothing) for o in value.options):
            return Unknown(f"whether it is set is undecided: {value.because}", node.span)
        return value

    def built(self, node: Node | None, build: Callable[[Any, Span], R | None]) -> Value[R | None]:
        """Return what `build` makes of a setting, of each of its options where a condition is undecided.

        `build` gets the plain value (a Mapping, a text, a bool …) and its span; None where nothing is set.
        """
        if node is None:
            return Known(None)
        value = self.values.of(node)
        if isinstance(value, Unknown):
            return value

        def made(known: Known[Any]) -> Known[R | None]:
            absent = known.value is NOTHING or known.value is None
            span = known.span or node.span
            return Known(None if absent else build(known.value, span), span, known.via)

        if isinstance(value, Known):
            return made(value)
        return OneOf(tuple(made(option) for option in value.options), value.because, node.span)

    def mapping(self, node: Node | None) -> Mapping | None:
        """Return the mapping that `node` stands for, None for anything else."""
        if node is None or (type(node) is Mapping and len(node.entries) != 1 and not node.tag):
            return node
        value = self.value(node)
        return value.value if isinstance(value, Known) and isinstance(value.value, Mapping) else None

    def at(self, mapping: Mapping | None, *names: str) -> Node | None:
        """Return the node under a path of keys, functions on the way worked out."""
        node: Node | None = mapping
        for name in names:
            within = self.mapping(node)
            node = within.get(name) if within is not None else None
        return node

    def text(self, node: Node | None) -> Text | None:
        """Return a text setting; None where it is not set."""
        if type(node) is Scalar and node.kind == "str" and not node.tag and "{{" not in node.text:
            return Known(node.text, node.span, node.via)
        value = self.value(node)
        if value is None or isinstance(value, Unknown):
            return value
        for option in value.options if isinstance(value, OneOf) else (value,):
            if isinstance(option.value, Mapping | tuple):
                return Unknown("a text should stand here", node.span if node is not None else None)
        if isinstance(node, Scalar) and not node.tag and isinstance(value, Known):
            return Known(node.text, value.span, value.via)
        return mapped(value, as_text)

    def texts(self, node: Node | None) -> Texts | None:
        """Return a list setting; a single text counts as a list of one. None where it is not set."""
        value = self.value(node)
        if value is None or isinstance(value, Unknown):
            return value
        if isinstance(value, OneOf):
            return mapped(value, _items)
        if isinstance(value.value, Mapping):
            return Unknown("a list should stand here", value.span)
        return Known(_items(value.value, value), value.span, value.via)

    def number(self, node: Node | None) -> Value[int] | None:
        """Return a whole number; None where it is not set."""
        value = self.text(node)
        if value is None or isinstance(value, Unknown):
            return value
        for option in value.options if isinstance(value, OneOf) else (value,):
            if not _NUMBER.match(option.value.strip()):
                return Unknown(f"{option.value!r} is no whole number", value.span)
        return mapped(value, lambda text: int(text.strip()))

    def switch(self, node: Node | None) -> Value[bool] | None:
        """Return a switch, as CloudFormation takes it: true, "true", and YAML 1.1's yes and on are one. None: not set."""
        value = self.text(node)
        on = _ON if isinstance(node, Scalar) and node.kind == "bool" else _TRUE
        return value if value is None or isinstance(value, Unknown) else mapped(value, lambda t: t.lower() in on)

    def is_on(self, node: Node | None) -> bool:
        """Say whether a switch is known to be on."""
        value = self.switch(node)
        return isinstance(value, Known) and value.value

    def supposed(self, node: Node | None) -> Mapping | None:
        """Return the mapping that `node` stands for; where a condition is undecided, the one of its first branch."""
        used = intrinsic(node) if node is not None else None
        if used is not None and used[0] == "Fn::If" and isinstance(used[1], Sequence) and len(used[1].items) == 3:
            named = used[1].items[0]
            holds = self.values.holds(named.text) if isinstance(named, Scalar) else None
            if not isinstance(holds, Known):
                return next((found for branch in used[1].items[1:] if (found := self.supposed(branch))), None)
            return self.supposed(used[1].items[1 if holds.value else 2])
        return self.mapping(node)

    def exists(self, resource: Resource) -> bool:
        """Say whether a resource is deployed: it is, unless its condition is known not to hold."""
        condition = resource.body.get("Condition")
        holds = self.values.holds(condition.text) if isinstance(condition, Scalar) else None
        return not (isinstance(holds, Known) and not holds.value)

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of these types that are deployed, in the template's order."""
        known = self._deployed.get(types)
        if known is None:
            found = self.template.of_type(*types)
            known = self._deployed[types] = tuple([resource for resource in found if self.exists(resource)])
        return known

    def symbolic(self, node: Node | None) -> str:
        """Return a text with `${Name}` for each part that only the deployment knows."""
        if node is None:
            return ""
        used = intrinsic(node)
        if used is not None and used[0] == "Fn::Join" and isinstance(used[1], Sequence) and len(used[1].items) == 2:
            between, items = used[1].items
            if isinstance(items, Sequence) and isinstance(between, Scalar):
                return between.text.join([self.symbolic(item) for item in items.items if not _is_nothing(item)])
        value = self.values.of(node)
        if isinstance(value, Known) and not isinstance(value.value, Mapping | tuple | Nothing):
            return as_text(value.value)
        if used is None:
            return ""
        name, argument = used
        if name == "Fn::Join" and isinstance(argument, Sequence) and len(argument.items) == 2:
            return ""
        if name == "Fn::Sub":
            return self._substituted(argument)
        if name == "Fn::If" and isinstance(argument, Sequence) and len(argument.items) == 3:
            return self.symbolic(argument.items[1])
        return "".join(self._placeholder(each) for each in mentioned(node))

    def _substituted(self, argument: Node) -> str:
        text: Node = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
        own: dict[str, Node] = {}
        if isinstance(argument, Sequence) and len(argument.items) > 1 and isinstance(argument.items[1], Mapping):
            own = {entry.key.text: entry.value for entry in argument.items[1].entries}

        def put(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in own:
                return self.symbolic(own[name])
            value = self.values.named(name, text.span)
            known = isinstance(value, Known) and isinstance(value.value, str)
            return as_text(value.value) if known and isinstance(value, Known) else self._placeholder(name)

        return _ANY_PLACEHOLDER.sub(put, text.text) if isinstance(text, Scalar) else ""

    def _placeholder(self, name: str) -> str:
        """Colons part an ARN: a pseudo parameter's name must not bring more of them."""
        named = name if name in self.template.resources else name.partition(".")[0]
        return "${" + named.replace("::", "-") + "}"

    def function(self, node: Node | None) -> Text:
        """Return the logical id of the function that `node` names: by Ref, Arn, an alias of it, or an invocation URI."""
        if node is None:
            return Unknown("no function is named")
        found = [Known(name, node.span) for name in dict.fromkeys(self._functions(node))]
        if not found:
            return Unknown("it names no function of this template", node.span)
        value: Text = one_of(found, "which function is called depends on a condition", node.span)
        return value

    def _functions(self, node: Node) -> Iterator[str]:
        used = intrinsic(node)
        if used is not None and used[0] == "Fn::If" and isinstance(used[1], Sequence) and len(used[1].items) == 3:
            condition = used[1].items[0]
            holds = self.values.holds(condition.text) if isinstance(condition, Scalar) else Unknown("")
            chosen = used[1].items[1:] if not isinstance(holds, Known) else (used[1].items[1 if holds.value else 2],)
            for branch in chosen:
                yield from self._functions(branch)
            return
        for name in mentioned(node):
            yield from self._followed(name, 0)

    def _followed(self, name: str, depth: int) -> Iterator[str]:
        resource = self.template.resources.get(name)
        if resource is None or depth > 4:
            return
        if resource.type in FUNCTION_TYPES:
            yield name
        elif resource.type in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
            target = resource.properties.get("FunctionName")
            for each in mentioned(target) if target is not None else ():
                yield from self._followed(each, depth + 1)


def mentioned(node: Node) -> Iterator[str]:
    """Yield the names that `node` refers to, by Ref, GetAtt or a placeholder of Sub, depth first."""
    pending: list[Node] = [node]
    seen: set[int] = set()
    while pending:
        node = pending.pop()
        used = intrinsic(node)
        if used is not None:
            name, argument = used
            if name == "Ref" and isinstance(argument, Scalar):
                yield argument.text
                continue
            if name == "Fn::GetAtt":
                # `!GetAtt Name.Arn` is one text; a list of two names the resource by itself.
                first = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
                if isinstance(first, Scalar):
                    yield first.text if first is not argument else first.text.partition(".")[0]
                continue
            if name == "Fn::Sub":
                text = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
                own = argument.items[1] if isinstance(argument, Sequence) and len(argument.items) > 1 else None
                names = own.keys() if isinstance(own, Mapping) else ()
                if isinstance(text, Scalar):
                    yield from (n for n in _PLACEHOLDER.findall(text.text) if n not in names)
                if own is not None:
                    pending.append(own)
                continue
            node = argument
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        children = node.items if isinstance(node, Sequence) else tuple(entry.value for entry in node.entries)
        pending += reversed(children)


def _is_nothing(node: Node) -> bool:
    used = intrinsic(node)
    return used is not None and used[0] == "Ref" and isinstance(used[1], Scalar) and used[1].text == "AWS::NoValue"


def _items(value: Any, known: Known[Any] | None = None) -> tuple[Text, ...]:
    if isinstance(value, tuple):
        return tuple(_item(item) for item in value)
    return (Known(as_text(value), known.span if known else None, known.via if known else ()),)


def _item(item: Value[Any]) -> Text:
    if isinstance(item, Known) and isinstance(item.value, Mapping | tuple):
        return Unknown("a text should stand here, not a list or a mapping", item.span)
    return mapped(item, as_text)


def pairs(reading: Reading, node: Node | None, prefix: str = "") -> tuple[tuple[str, Text], ...]:
    """Return a mapping of texts as pairs; only keys that begin with `prefix`, which is taken off."""
    mapping = reading.mapping(node)
    found: list[tuple[str, Text]] = []
    for entry in mapping.entries if mapping is not None else ():
        name = entry.key.text
        if name.startswith(prefix):
            value = reading.text(entry.value)
            if value is not None:
                found.append((name.removeprefix(prefix), value))
    return tuple(found)
