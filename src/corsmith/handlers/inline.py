"""Code that stands in the template itself (`ZipFile`, `InlineCode`): read as the file AWS makes of it, shown where it stands."""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import fields, replace

from corsmith.api.function import Function
from corsmith.api.outcome import HandlerSummary
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.api.value import Known

T = TypeVar("T")


def place_of(function: Function, language: str) -> str:
    """Return the path under which the code is read: CloudFormation names it `index`, Terraform's archives as they say."""
    ending = ".py" if language == "python" else ".mjs" if _is_module(function) else ".js"
    handler = str(function.handler.value) if isinstance(function.handler, Known) else ""
    name = handler.rpartition(".")[0] if function.span.file.endswith((".tf", ".tf.json")) else ""
    return f"{function.span.file}.inline/{function.name}/{name or 'index'}{ending}"


def _is_module(function: Function) -> bool:
    text = function.inline.value if isinstance(function.inline, Known) else ""
    return any(line.startswith(("import ", "export ")) for line in str(text).splitlines())


def in_template(summary: HandlerSummary, tree: Tree, code: Known[str], path: str) -> HandlerSummary:
    """Return the summary of the file `path`, with its spans where the code stands in the template."""
    span = code.span
    if span is None:
        return summary
    try:
        template = tree.read(span.file)
    except Unreadable:
        return summary
    starts = _starts(template[span.start : span.end], code.value)
    lines = code.value.splitlines(keepends=True)
    offsets = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def moved(at: int) -> int:
        row = max(number for number, offset in enumerate(offsets) if offset <= at)
        start = starts[row] if row < len(starts) else None
        return span.end if start is None else min(span.start + start + at - offsets[row], span.end)

    def move(found: Span) -> Span:
        if found.file != path:
            return found
        if all(start is None for start in starts):
            return span
        return Span(span.file, moved(found.start), max(moved(found.start), moved(found.end)))

    whole: HandlerSummary = _with_spans(summary, move)
    files = tuple(dict.fromkeys(span.file if file == path else file for file in summary.files))
    problems = tuple(
        replace(each, file=span.file, line=_line(template, span.start) + each.line) for each in summary.problems
    )
    return replace(whole, files=files, problems=problems)


def _line(template: str, at: int) -> int:
    """Return the number of the line that a block scalar begins on: its first line of code is the next."""
    return template.count("\n", 0, at) + 1


def _starts(raw: str, value: str) -> list[int | None]:
    """Return where each line of `value` begins in the text that it was made from; None for lines that are not in it."""
    found: list[int | None] = []
    at = 0
    for line in value.splitlines():
        bare = line.strip()
        if not bare:
            found.append(at)
            continue
        there = raw.find(bare, at)
        if there < 0:
            found.append(None)
            continue
        found.append(there - (len(line) - len(line.lstrip())))
        at = there + len(bare)
    return found


def _with_spans(value: Any, move: Any) -> Any:
    """Return a value with `move` applied to each span in it."""
    if isinstance(value, Span):
        return move(value)
    if isinstance(value, tuple):
        made = tuple(_with_spans(each, move) for each in value)
        return value if all(one is other for one, other in zip(made, value, strict=True)) else made
    if isinstance(value, Struct):
        changed = {}
        for field in fields(value):
            before = getattr(value, field.name)
            after = _with_spans(before, move)
            if after is not before:
                changed[field.name] = after
        return replace(value, **changed) if changed else value
    return value
