"""A service: its document with every variable resolved, its functions and their events, and the template it grows into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from msgspec import Struct, field

from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence
from corsmith.readers.refusals import Refusals

from . import naming
from .parts import Unresolved, entries_of, get, items_of, merge, record, settings_of, term, text_of, word

BY = "Serverless"
_TYPE, _PROPERTIES = term("Type"), term("Properties")


class Event(Struct, frozen=True):
    """An event of a function: `value` is what stands under the event's name, `span` the whole of it."""

    function: Function
    value: Node
    span: Span


class Function(Struct, frozen=True):
    """A function of the service. `span` is its name; `body` what is set for it, `settings` the same by name, no nulls."""

    name: str
    body: Mapping
    span: Span
    settings: dict[str, Node]

    @property
    def id(self) -> str:
        """The logical id of the function."""
        return naming.function(self.name)

    @property
    def events(self) -> tuple[Node, ...]:
        """The function's events, each as it stands in the list."""
        return items_of(self.settings.get("events"))


class Stack(Struct):
    """The template under way: its resources by logical id, and what is noted meanwhile."""

    resources: dict[str, Entry] = field(default_factory=dict)
    refusals: Refusals = field(default_factory=Refusals)

    def add(
        self, name: str, type_: str, span: Span, properties: Iterable[tuple[str, Node | None]], **others: Node
    ) -> None:
        """Add a resource, over one of that name. `span` is what people look for: the setting that makes it."""
        own, kind = record(span, properties), term(type_)
        entries = Entry(_TYPE, kind, kind.span.end), Entry(_PROPERTIES, own, span.end)
        body: Node = Mapping(entries + record(span, others.items()).entries if others else entries, span, "made")
        before = self.resources.get(name)
        if before is not None:
            body = merge(before.value, body)
        self.resources[name] = Entry(word(name, span), body, span.end)

    def refuse(self, what: str, span: Span, message: str, *, api: str = "", key: str = "") -> None:
        """Note what Serverless refuses."""
        self.refusals.add(what, span, message, api=api, key=key, by=BY)

    def unread(self, node: Node, what: str) -> None:
        """Note a part of the service that is not known, and with it everything it would make."""
        why = node.because if isinstance(node, Unresolved) else "it has another form than Serverless takes"
        self.refusals.unread.append((node.span, f"{what} cannot be read: {why}"))


class Service(Struct, frozen=True, dict=True):
    """A service. `root` has its variables resolved; `stage` is the stage that is checked."""

    root: Mapping
    stage: Node
    functions: tuple[Function, ...]

    def provider(self, *names: str) -> Node | None:
        """Return a setting of the provider."""
        return get(self._provider.get(names[0]), *names[1:]) if names else get(self.root, "provider")

    @cached_property
    def _provider(self) -> dict[str, Node]:
        """The settings of the provider by name: every function asks for some."""
        return settings_of(get(self.root, "provider"))

    @property
    def name(self) -> str:
        """The service's name, "service" where it is not known."""
        return text_of(get(self.root, "service")) or text_of(get(self.root, "service", "name")) or "service"

    def function(self, name: str) -> Function | None:
        """Return the function of that name."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Function]:
        return {each.name: each for each in self.functions}

    def events(self, kind: str, stack: Stack) -> Iterator[Event]:
        """Yield the events of a kind, in order."""
        for function in self.functions:
            for item in function.events:
                entry = item.entry(kind) if isinstance(item, Mapping) else None
                if entry is None or (isinstance(entry.value, Scalar) and entry.value.kind == "null"):
                    continue
                if isinstance(entry.value, Unresolved):
                    stack.unread(entry.value, f"an {kind} event of {function.name}")
                    continue
                yield Event(function, entry.value, entry.span)


def functions_of(root: Mapping, stack: Stack) -> tuple[Function, ...]:
    """Return the functions of a service: a mapping, or a list of mappings that are laid over one another."""
    node = get(root, "functions")
    found: dict[str, Entry] = {}
    for part in node.items if isinstance(node, Sequence) else () if node is None else (node,):
        if isinstance(part, Scalar) and (part.kind == "null" and not isinstance(part, Unresolved)):
            continue
        if not isinstance(part, Mapping):
            stack.unread(part, "functions")
            continue
        for entry in part.entries:
            before = found.get(entry.key.text)
            value = merge(before.value, entry.value) if before is not None else entry.value
            found[entry.key.text] = Entry(entry.key, value, entry.end)
    return tuple(_functions(found.values(), stack))


def _functions(entries: Iterable[Entry], stack: Stack) -> Iterator[Function]:
    for entry in entries:
        body = entry.value
        if isinstance(body, Scalar) and body.kind == "null" and not isinstance(body, Unresolved):
            continue
        if not isinstance(body, Mapping):
            stack.unread(body, f"the function {entry.key.text}")
            continue
        function = Function(entry.key.text, body, entry.key.span, settings_of(body))
        for item in function.events:
            if isinstance(item, Unresolved):
                stack.unread(item, f"the events of {function.name}")
        yield function


def setting(function: Function, service: Service, name: str) -> Node | None:
    """Return a setting of a function, the provider's where it has none."""
    own = function.settings.get(name)
    return own if own is not None else service.provider(name)


def variables(function: Function, service: Service) -> Mapping | None:
    """Return a function's environment: the provider's, and its own over it."""
    found: dict[str, Entry] = {}
    given = [service.provider("environment"), function.settings.get("environment")]
    for node in given:
        found.update({entry.key.text: entry for entry in entries_of(node)})
    owner = next((node for node in reversed(given) if isinstance(node, Mapping)), None)
    return Mapping(tuple(found.values()), owner.span, owner.style, owner.indent) if owner is not None else None
