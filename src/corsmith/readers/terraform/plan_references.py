"""What the configuration in a plan says about references: a plan leaves out what only the deployment knows."""

from __future__ import annotations

import re

from msgspec import structs

from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .scope import Instance
from .terms import attribute, is_null, join, text, unknown

DEEPEST = 12
_INDEX = re.compile(r"\[[^\]]*\]")
_APIS = {"rest_api_id": "aws_api_gateway_rest_api", "api_id": "aws_apigatewayv2_api"}


class References:
    """The configuration of a plan: for each argument of a block, the resources that its expression names."""

    __slots__ = ("_calls", "_edges", "_expressions", "_instances")

    def __init__(self, configuration: Mapping | None, instances: dict[str, Instance]) -> None:
        self._expressions: dict[str, dict[str, tuple[str, ...]]] = {}
        self._calls: dict[str, dict[str, tuple[str, ...]]] = {}
        self._edges: dict[str, set[str]] = {}
        self._instances = instances
        if configuration is not None:
            self._module(configuration, "", 0)

    def _module(self, module: Mapping, address: str, depth: int) -> None:
        """Take in the blocks of a module, and of those that it calls."""
        for each in _items(module.get("resources")):
            name = _text(each.get("address"))
            origin = f"{address}.{name}" if address else name
            expressions = _named(each.get("expressions"))
            self._expressions[origin] = expressions
            depends = _texts(each.get("depends_on"))
            counted = _references(each.get("for_each_expression")) + _references(each.get("count_expression"))
            named = [*depends, *counted, *(r for refs in expressions.values() for r in refs)]
            self._edges[origin] = {f"{address}.{each}" if address else each for each in named}
        outputs = module.get("outputs")
        for entry in outputs.entries if isinstance(outputs, Mapping) else ():
            expression = entry.value.get("expression") if isinstance(entry.value, Mapping) else None
            self._calls.setdefault(address, {})[f"output.{entry.key.text}"] = _references(expression)
        called = module.get("module_calls")
        for entry in called.entries if isinstance(called, Mapping) and depth < DEEPEST else ():
            if not isinstance(entry.value, Mapping):
                continue
            inner = f"{address}.module.{entry.key.text}" if address else f"module.{entry.key.text}"
            for name, names in _named(entry.value.get("expressions")).items():
                self._calls.setdefault(inner, {})[f"var.{name}"] = names
            own = entry.value.get("module")
            if isinstance(own, Mapping):
                self._module(own, inner, depth + 1)

    def completed(self, instance: Instance, given: Mapping) -> Mapping:
        """Return a resource's arguments with the references that the plan leaves out."""
        present = {entry.key.text for entry in given.entries if not is_null(entry.value)}
        entries = [entry for entry in given.entries if entry.key.text in present]
        inside = _module_of(instance.origin)
        for name, names in self._expressions.get(instance.origin, {}).items():
            if name not in present and names:
                node = self._node(instance, inside, name, names)
                entries.append(Entry(Scalar(name, instance.span), node, instance.span.end))
        return structs.replace(given, entries=tuple(entries))

    def _node(self, instance: Instance, module: str, name: str, names: tuple[str, ...]) -> Node:
        span = instance.span
        found = [node for each in names if (node := self._resolved(each, module, instance, span, 0)) is not None]
        distinct = {str(each.items[0].text): each for each in found if isinstance(each.items[0], Scalar)}
        if len(distinct) == 1:
            node = next(iter(distinct.values()))
            if name == "source_arn":
                return join((text("arn:aws:execute-api:region:account:", span), node), span)
            return node
        if not distinct and name in _APIS:
            # Through a local value, of which a plan says nothing; there is but one that it can be.
            one = [each for each in self._instances.values() if each.type == _APIS[name]]
            if len(one) == 1:
                return attribute(one[0].address, "id", span)
        return unknown(f"the plan leaves {name} open", span, *distinct.values())

    def _resolved(self, name: str, module: str, instance: Instance, span: Span, depth: int) -> Sequence | None:
        """Return the attribute that a name of an expression leads to; None where it leads to no resource."""
        if depth > DEEPEST:
            return None
        words = _INDEX.sub("", name).split(".")
        if words[0] == "var" and len(words) > 1:
            above = module.rpartition(".module.")[0] if ".module." in module else ""
            return self._first(self._calls.get(module, {}).get(f"var.{words[1]}", ()), above, instance, span, depth)
        if words[0] == "module" and len(words) > 2:
            inner = f"{module}.module.{words[1]}" if module else f"module.{words[1]}"
            return self._first(self._calls.get(inner, {}).get(f"output.{words[2]}", ()), inner, instance, span, depth)
        size = 3 if words[0] == "data" else 2
        if words[0] in ("local", "each", "count", "path") or len(words) <= size:
            return None
        target = ".".join(words[:size])
        address = self._address(f"{module}.{target}" if module else target, instance)
        attr = "RootResourceId" if words[size] == "root_resource_id" else words[size]
        return attribute(address, attr, span) if address is not None else None

    def _first(
        self, names: tuple[str, ...], module: str, instance: Instance, span: Span, depth: int
    ) -> Sequence | None:
        found = (self._resolved(each, module, instance, span, depth + 1) for each in names)
        return next((each for each in found if each is not None), None)

    def _address(self, origin: str, instance: Instance) -> str | None:
        """Return the instance of a block that a reference means: the one with the same key, or the only one."""
        found = [each.address for each in self._instances.values() if each.origin == origin]
        own = _INDEX.findall(instance.address)
        alike = [address for address in found if _INDEX.findall(address) == own]
        return alike[0] if alike else found[0] if len(found) == 1 else None

    def before(self, origin: str) -> tuple[str, ...]:
        """Return the blocks that are made before one."""
        seen: set[str] = set()
        pending = [origin]
        while pending:
            for name in self._edges.get(pending.pop(), ()):
                block = _block_of(name)
                if block not in seen:
                    seen.add(block)
                    pending.append(block)
        return tuple(sorted(seen))


def _module_of(origin: str) -> str:
    words = origin.split(".")
    at = 0
    while at + 1 < len(words) and words[at] == "module":
        at += 2
    return ".".join(words[:at])


def _block_of(name: str) -> str:
    """The address of the block that a reference is to: what follows the name is an attribute."""
    words = _INDEX.sub("", name).split(".")
    module = _module_of(".".join(words)).split(".") if words[0] == "module" else []
    rest = words[len(module) :]
    size = 3 if rest[:1] == ["data"] else 2
    return ".".join((*module, *rest[:size]))


def _named(node: Node | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for entry in node.entries if isinstance(node, Mapping) else ():
        found[entry.key.text] = _references(entry.value)
    return found


def _references(node: Node | None) -> tuple[str, ...]:
    """All names of an expression, those of nested blocks too."""
    if isinstance(node, Sequence):
        return tuple(name for item in node.items for name in _references(item))
    if not isinstance(node, Mapping):
        return ()
    own = _texts(node.get("references"))
    return own or tuple(name for entry in node.entries for name in _references(entry.value))


def _texts(node: Node | None) -> tuple[str, ...]:
    return tuple(i.text for i in node.items if isinstance(i, Scalar)) if isinstance(node, Sequence) else ()


def _items(node: Node | None) -> list[Mapping]:
    return [item for item in node.items if isinstance(item, Mapping)] if isinstance(node, Sequence) else []


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
