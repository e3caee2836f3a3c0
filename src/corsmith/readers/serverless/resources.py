"""`resources`: CloudFormation of the user's own, laid over what Serverless makes, and its `extensions`.

Source: the guide "AWS Infrastructure Resources".
"""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Node, Scalar, Sequence

from .parts import Unresolved, entries_of, get, merge, record, word
from .service import Stack

_SECTIONS = ("Parameters", "Mappings", "Conditions")
_SET = frozenset({"Condition", "CreationPolicy", "DeletionPolicy", "UpdatePolicy", "UpdateReplacePolicy", "Metadata"})


def template(root: Mapping, stack: Stack) -> Mapping:
    """Return the whole template: what the stack holds, with the service's `resources` over it."""
    span = Span(root.span.file, root.span.start, root.span.start)
    whole: Node = Mapping((), span, "made")
    for part in _parts(get(root, "resources"), stack):
        whole = merge(whole, part)
    own = record(span, [("Resources", _resources(stack, get(whole, "Resources"), span))])
    kept = tuple(entry for entry in entries_of(whole) if entry.key.text in _SECTIONS)
    extended = _extended(own, get(whole, "extensions"), stack)
    return Mapping((*(_readable(entry) for entry in kept), *extended.entries), span, "made")


def _parts(node: Node | None, stack: Stack) -> Iterator[Mapping]:
    for part in node.items if isinstance(node, Sequence) else (node,) if node is not None else ():
        if isinstance(part, Mapping):
            for entry in part.entries:
                if entry.key.text in ("Resources", "extensions") and isinstance(entry.value, Unresolved):
                    stack.unread(entry.value, entry.key.text)
            yield part
        elif isinstance(part, Unresolved) or not (isinstance(part, Scalar) and part.kind == "null"):
            stack.unread(part, "resources")


def _resources(stack: Stack, written: Node | None, span: Span) -> Mapping:
    found = dict(stack.resources)
    for entry in entries_of(written):
        before = found.get(entry.key.text)
        if isinstance(entry.value, Unresolved):
            stack.unread(entry.value, f"the resource {entry.key.text}")
        elif before is not None:
            found[entry.key.text] = Entry(before.key, merge(before.value, entry.value), before.end)
        else:
            found[entry.key.text] = entry
    return Mapping(tuple(found.values()), span, "made")


def _extended(own: Mapping, extensions: Node | None, stack: Stack) -> Mapping:
    found = {entry.key.text: entry for entry in entries_of(get(own, "Resources"))}
    for extension in entries_of(extensions):
        before = found.get(extension.key.text)
        if before is None or not isinstance(before.value, Mapping):
            message = f"There is no resource {extension.key.text} to extend."
            stack.refuse("missing", extension.key.span, message, key=extension.key.text)
            continue
        body = {entry.key.text: entry for entry in before.value.entries}
        for entry in entries_of(extension.value):
            if entry.key.text == "Properties":
                properties = {e.key.text: e for e in entries_of(get(before.value, "Properties"))}
                properties.update({e.key.text: e for e in entries_of(entry.value)})
                made = Mapping(tuple(properties.values()), entry.value.span, "made")
                body["Properties"] = Entry(entry.key, made, entry.end)
            elif entry.key.text in _SET:
                body[entry.key.text] = entry
        whole = Mapping(tuple(body.values()), before.value.span, "made")
        found[extension.key.text] = Entry(before.key, whole, before.end)
    made_of = Mapping(tuple(found.values()), own.span, "made")
    return Mapping((Entry(word("Resources", own.span), made_of, own.span.end),), own.span, "made")


def _readable(section: Entry) -> Entry:
    """Return a section without defaults that are not known: a parameter of that kind has none."""
    if section.key.text != "Parameters" or not isinstance(section.value, Mapping):
        return section
    entries: list[Entry] = []
    for entry in section.value.entries:
        body = entry.value
        if isinstance(body, Mapping) and isinstance(body.get("Default"), Unresolved):
            kept = tuple(each for each in body.entries if each.key.text != "Default")
            entry = Entry(entry.key, Mapping(kept, body.span, body.style, body.indent), entry.end)
        entries.append(entry)
    value = Mapping(tuple(entries), section.value.span, section.value.style, section.value.indent)
    return Entry(section.key, value, section.end)
