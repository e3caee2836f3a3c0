"""The Globals section, merged into the resources it is for.

Mappings are merged key by key, lists are joined (the global items first), everything else is the resource's own.
Source: the SAM developer guide, "Globals section of the AWS SAM template".
"""

from __future__ import annotations

from corsmith.readers.intrinsics import intrinsic
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence
from corsmith.readers.template import Resource, Template

SECTIONS = {
    "AWS::Serverless::Function": "Function",
    "AWS::Serverless::Api": "Api",
    "AWS::Serverless::HttpApi": "HttpApi",
}


def properties_of(template: Template, resource: Resource) -> Mapping:
    """Return the properties of a SAM resource with its globals."""
    section = template.globals.get(SECTIONS.get(resource.type, "")) if template.globals is not None else None
    if not isinstance(section, Mapping):
        return resource.properties
    ignored = resource.body.get("IgnoreGlobals")
    if isinstance(ignored, Scalar) and ignored.text == "*":
        return resource.properties
    names = (
        {item.text for item in ignored.items if isinstance(item, Scalar)} if isinstance(ignored, Sequence) else set()
    )
    kept = tuple(entry for entry in section.entries if entry.key.text not in names)
    return _joined(Mapping(kept, section.span), resource.properties)


def _joined(above: Mapping, own: Mapping) -> Mapping:
    entries: dict[str, Entry] = {entry.key.text: entry for entry in above.entries}
    for entry in own.entries:
        before = entries.get(entry.key.text)
        if before is not None:
            value = _merge(before.value, entry.value)
            entry = entry if value is entry.value else Entry(entry.key, value, entry.end)
        entries[entry.key.text] = entry
    return Mapping(tuple(entries.values()), own.span, own.style, own.indent, own.tag)


def _merge(above: Node, own: Node) -> Node:
    if intrinsic(above) is not None or intrinsic(own) is not None:
        return own
    if isinstance(above, Mapping) and isinstance(own, Mapping):
        return _joined(above, own)
    if isinstance(above, Sequence) and isinstance(own, Sequence):
        return Sequence(above.items + own.items, own.span, own.style, own.indent, own.tag)
    return own
