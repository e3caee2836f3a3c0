"""A CloudFormation or SAM template: its sections by name, each resource once."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct, field

from corsmith.api.span import Span

from .nodes import Mapping, Node, Scalar, Sequence
from .settings import Settings

ACCOUNT = "corsmith::Account"
"""The key in a template's Metadata that says: it was read from an account, and what is not in it is not there."""


class Resource(Struct, frozen=True):
    """A resource. `properties` is empty where the template gives none, or no mapping.

    `span` is its logical id: what people look for, and one line, however long the resource is.
    """

    name: str
    type: str
    properties: Mapping
    body: Mapping
    span: Span


class Template(Struct, frozen=True, dict=True):
    """The sections of a template. `text` is the file's text, to cut spans from."""

    file: str
    text: str
    settings: Settings
    configured: dict[str, str] = field(default_factory=dict)
    """Parameters that the tool's own configuration gives (samconfig.toml)."""
    parameters: dict[str, Mapping] = field(default_factory=dict)
    mappings: dict[str, Mapping] = field(default_factory=dict)
    conditions: dict[str, Node] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    globals: Mapping | None = None
    metadata: Mapping | None = None
    open: dict[str, str] = field(default_factory=dict)
    """Names of loops over what is not known, each with the reason."""

    def part(self, span: Span | None, whole: str, at: int, length: int) -> Span | None:
        """Return the span of a part of the text `whole` that stands at `span`; `span` itself where it is not written plainly."""
        if span is None or span.file != self.file:
            return span
        for start in (span.start, span.start + 1):
            if self.text[start : start + len(whole)] == whole and start + len(whole) <= span.end:
                return Span(span.file, start + at, start + at + length)
        return span

    @property
    def is_account(self) -> bool:
        """Say whether this is what an account holds, not what somebody wrote."""
        return self.metadata is not None and self.metadata.get(ACCOUNT) is not None

    def of_type(self, *types: str) -> tuple[Resource, ...]:
        """Return the resources of these types, in the template's order."""
        found = [placed for type_ in types for placed in self._by_type.get(type_, ())]
        if len(types) > 1:
            found.sort(key=lambda placed: placed[0])
        return tuple(resource for _, resource in found)

    @cached_property
    def _by_type(self) -> dict[str, list[tuple[int, Resource]]]:
        """The resources of each type, with their places in the template."""
        found: dict[str, list[tuple[int, Resource]]] = {}
        for place, resource in enumerate(self.resources.values()):
            found.setdefault(resource.type, []).append((place, resource))
        return found


def template_of(root: Mapping, file: str, text: str, settings: Settings, configured: dict[str, str]) -> Template:
    """Return the template whose document is `root`. Sections that are no mappings count as absent."""
    resources: dict[str, Resource] = {}
    section = root.get("Resources")
    for entry in section.entries if isinstance(section, Mapping) else ():
        name, body = entry.key.text, entry.value
        if not isinstance(body, Mapping):
            continue
        kind = body.get("Type")
        properties = body.get("Properties")
        resources[name] = Resource(
            name,
            kind.text if isinstance(kind, Scalar) else "",
            properties if isinstance(properties, Mapping) and not properties.tag else Mapping((), body.span),
            body,
            entry.key.span,
        )
    conditions = root.get("Conditions")
    return Template(
        file,
        text,
        settings,
        configured,
        _mappings(root.get("Parameters")),
        _mappings(root.get("Mappings")),
        {entry.key.text: entry.value for entry in conditions.entries} if isinstance(conditions, Mapping) else {},
        resources,
        _mapping(root.get("Globals")),
        _mapping(root.get("Metadata")),
    )


def transforms(root: Mapping) -> tuple[str, ...]:
    """Return the names of the macros that the template is passed through."""
    node = root.get("Transform")
    items = node.items if isinstance(node, Sequence) else (node,) if node is not None else ()
    return tuple(item.text for item in items if isinstance(item, Scalar))


def _mapping(node: Node | None) -> Mapping | None:
    return node if isinstance(node, Mapping) else None


def _mappings(node: Node | None) -> dict[str, Mapping]:
    if not isinstance(node, Mapping):
        return {}
    return {entry.key.text: entry.value for entry in node.entries if isinstance(entry.value, Mapping)}
