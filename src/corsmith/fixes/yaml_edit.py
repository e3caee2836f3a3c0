"""Edits to YAML and JSON text at nodes: entries and items added, values replaced, in the style that stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsmith.api.fix import Edit
from corsmith.api.span import Span
from corsmith.readers.nodes import Entry, Mapping, Sequence

from .lines import line_end, line_start, next_line
from .yaml_source import Source
from .yaml_written import Content, block, flow, list_item, over_lines, scalar, unit_of


def add_entry(source: Source, mapping: Mapping, name: str, content: Content) -> Edit:
    """Return the edit that adds an entry at the end of `mapping`."""
    return add_entries(source, mapping, {name: content})


def add_entries(source: Source, mapping: Mapping, entries: dict[str, Content]) -> Edit:
    """Return the edit that adds several entries at the end of `mapping`."""
    if mapping.style == "flow":
        return _in_flow(source, mapping, entries)
    place = line_end(source.text, mapping.span.end)
    lines = [line for name, content in entries.items() for line in block(name, content, mapping.indent, source)]
    return Edit(source.file, place, place, source.newline + source.newline.join(lines))


def _in_flow(source: Source, mapping: Mapping, entries: dict[str, Content]) -> Edit:
    end = mapping.span.end - 1
    own = _own(mapping)
    if not own:
        inner = ", ".join(f"{scalar(name, source.json)}: {flow(each, source.json)}" for name, each in entries.items())
        # Merge keys alone are no entries, and need a comma all the same.
        there = source.text[mapping.span.start + 1 : end].strip()
        return Edit(source.file, end, end, f", {inner}" if there else inner)
    last = own[-1].span.end
    pad = _pad(source, mapping, own[0].span)
    unit = unit_of(source) if source.json and pad != " " else ""
    written = [f"{scalar(name, source.json)}: {over_lines(each, pad, unit, source)}" for name, each in entries.items()]
    return _behind(source, last, pad, written)


def _behind(source: Source, last: int, pad: str, written: list[str]) -> Edit:
    """Return the edit that adds parts to a flow collection; a comment stays beside the part that it is about."""
    comment = _COMMENT.match(source.text, last) if pad != " " else None
    if comment is None:
        return Edit(source.file, last, last, "".join(f",{pad}{each}" for each in written))
    added = f",{pad}".join(written)
    return Edit(source.file, last, comment.end(), f",{comment[2]}{pad}{added}{comment[1]}")


_COMMENT = re.compile(r"(,?)([ \t]+(?:#|//)[^\r\n]*)")


def append_item(source: Source, sequence: Sequence, content: Content) -> Edit:
    """Return the edit that adds an item at the end of `sequence`."""
    return append_items(source, sequence, [content])


def append_items(source: Source, sequence: Sequence, items: list[Content]) -> Edit:
    """Return the edit that adds items at the end of `sequence`."""
    if sequence.style == "flow":
        end = sequence.span.end - 1
        written = [flow(item, source.json) for item in items]
        if not sequence.items:
            return Edit(source.file, end, end, ", ".join(written))
        last = sequence.items[-1].span.end
        if not sequence.span.start < last <= end:
            # An alias, whose value stands elsewhere.
            last = sequence.span.start + len(source.text[sequence.span.start : end].rstrip())
        pad = _pad(source, sequence, sequence.items[0].span)
        return _behind(source, last, pad, written)
    place = line_end(source.text, sequence.span.end)
    lines = [line for item in items for line in list_item(item, sequence.indent, source)]
    return Edit(source.file, place, place, "".join(source.newline + line for line in lines))


def replace_value(source: Source, entry: Entry, parent: Mapping, content: Content) -> Edit:
    """Return the edit that puts `content` in the place of an entry's value.

    A value that stands elsewhere, under an anchor, stays there: the alias gives way.
    """
    colon = source.text.index(":", entry.key.span.end) + 1
    value = entry.value.span
    if value.start < colon:
        written = source.text[colon : entry.end]
        value = Span(source.file, entry.end - len(written.lstrip()), entry.end)
    if parent.style == "flow" or not isinstance(content, (dict, list)) or not content:
        below = bool(set("\r\n") & set(source.text[colon : value.start]))
        start = colon if below else value.start
        return Edit(source.file, start, value.end, " " * below + flow(content, source.json))
    lines = block(entry.key.text, content, parent.indent, source)
    return Edit(source.file, colon, value.end, source.newline.join(["", *lines[1:]]))


def remove_entries(source: Source, mapping: Mapping, gone: tuple[Entry, ...]) -> tuple[Edit, ...]:
    """Return the edits that take entries out of `mapping`: their lines, or in flow style the commas with them.

    Entries that a merge key brings stand elsewhere, and stay.
    """
    entries = _own(mapping)
    kept = [each for each in entries if each not in gone]
    if not kept and mapping.style == "flow":
        return (Edit(source.file, mapping.span.start + 1, mapping.span.end - 1, ""),)
    edits: list[Edit] = []
    for index, entry in enumerate(entries):
        if entry in kept:
            continue
        following = next((each for each in entries[index + 1 :] if each in kept), None)
        first = index == 0 or entries[index - 1] in kept
        if mapping.style == "flow":
            edits += _from_flow(source, entries, index, following) if first else ()
        elif not (edits and entry.span.start < edits[-1].end):
            edits.append(_own_lines(source, entry, following))
    return tuple(edits)


def _from_flow(source: Source, entries: tuple[Entry, ...], index: int, following: Entry | None) -> Iterator[Edit]:
    """Take the run of entries out that begins at `index`, and a comma with it."""
    last = entries[index:] if following is None else entries[index : entries.index(following)]
    if index > 0:
        yield Edit(source.file, entries[index - 1].span.end, last[-1].span.end, "")
    elif following is not None:
        yield Edit(source.file, entries[0].span.start, following.key.span.start, "")


def _own_lines(source: Source, entry: Entry, following: Entry | None) -> Edit:
    start = line_start(source.text, entry.span.start)
    if source.text[start : entry.span.start].strip() and following is not None:
        # The first entry of a list's item: the dash stays.
        return Edit(source.file, entry.span.start, following.span.start, "")
    return Edit(source.file, start, next_line(source.text, entry.span.end), "")


def _own(mapping: Mapping) -> tuple[Entry, ...]:
    """Return the entries that are written in the mapping itself: those of merge keys stand elsewhere."""
    return tuple(each for each in mapping.entries if mapping.span.start <= each.span.start < mapping.span.end)


def _pad(source: Source, holder: Mapping | Sequence, first: Span) -> str:
    """Return what stands between the parts of a flow collection: a line break and blanks, or one blank."""
    between = source.text[holder.span.start + 1 : first.start]
    broken = re.search(r"(\r?\n|\r)[ \t]*\Z", between)
    return broken[0] if broken is not None else " "


def insert_in_text(source_text: str, span: Span, addition: str) -> Edit:
    """Return the edit that appends `addition` inside the quotes of the text at `span`, whatever the language."""
    end = span.end
    while end > span.start and source_text[end - 1] in "'\"":
        end -= 1
    return Edit(span.file, end, end, addition)
