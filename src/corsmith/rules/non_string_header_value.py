"""non-string-header-value: a header value of the wrong type makes the front door refuse or change the response."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.finding import Category
from corsmith.api.fix import Edit, Fix
from corsmith.api.outcome import Array, Node, Object, Returned
from corsmith.api.span import Span
from corsmith.api.tree import Tree
from corsmith.api.value import Known

from .answers import leaves
from .blocked import Blocked
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain bare errors that the front door sends for a response whose header values are no texts."""
    outcome = blocked.outcome
    if outcome is None or blocked.made_by not in ("gateway", "alb") or blocked.status < 500 or blocked.cell.situation:
        return None
    if not isinstance(outcome.result, Returned):
        return None
    for name, what, span in _wrong(outcome.result.result):
        return Diagnosis(
            f"The value of the header {name} is {what}, so the front door takes the response for malformed and answers "
            f"{blocked.status} itself, without CORS headers. Header values must be texts.",
            tuple(each for each in (span, outcome.span) if each is not None),
            lambda: _as_texts(blocked, outcome.result),
            severity=blocked.severity,
        )
    return None


def _as_texts(blocked: Blocked, result: Returned | object) -> Iterator[Fix]:
    """Write every value that is a list of texts, a number or a switch as a text; others need a person."""
    edits: dict[Edit, None] = {}
    for _, value in _values(result.result) if isinstance(result, Returned) else ():
        edit = _written(blocked.tree, value)
        if edit is not None:
            edits.setdefault(edit)
    if edits:
        yield Fix("Write the header values as texts", safe=True, edits=tuple(edits))


def _written(tree: Tree, value: Node) -> Edit | None:
    span = getattr(value, "span", None)
    if not isinstance(span, Span):
        return None
    text = tree.read(span.file)[span.start : span.end]
    if isinstance(value, Array) and text[:1] + text[-1:] == "[]":
        items = [item.value for item in value.items if isinstance(item, Known) and isinstance(item.value, str)]
        whole = len(items) == len(value.items) and not any(quote in item for item in items for quote in '"\\')
        return Edit(span.file, span.start, span.end, f'"{", ".join(items)}"') if whole else None
    if isinstance(value, Known) and isinstance(value.value, int | float) and text.lower() == str(value.value).lower():
        return Edit(span.file, span.start, span.end, f'"{text.lower()}"')
    return None


def _values(result: Node) -> Iterator[tuple[str, Node]]:
    for top in leaves(result):
        for key, node in top.entries if isinstance(top, Object) else ():
            if key == "headers":
                for holder in leaves(node):
                    yield from holder.entries if isinstance(holder, Object) else ()


def _wrong(result: Node) -> Iterator[tuple[str, str, Span | None]]:
    """Yield (header, what its value is, where) of each value in `headers` that is no text, switch or number first."""
    found = [(rank, name, what, span) for name, value in _values(result) for rank, what, span in _odd(value)]
    for top in leaves(result):
        for key, node in top.entries if isinstance(top, Object) else ():
            if key == "multiValueHeaders":
                for holder in leaves(node):
                    for name, value in holder.entries if isinstance(holder, Object) else ():
                        if isinstance(value, Known) and not isinstance(value.value, list):
                            found.append((0, name, "no list, in multiValueHeaders", value.span))
    for _, name, what, span in sorted(found, key=lambda each: each[0]):
        yield name, what, span


def _odd(value: Node) -> Iterator[tuple[int, str, Span | None]]:
    if isinstance(value, Array):
        yield 0, "a list", value.span
        return
    for leaf in leaves(value):
        if isinstance(leaf, Object):
            yield 0, "an object", leaf.span
        elif isinstance(leaf, Known) and leaf.value is None:
            yield 0, "None", leaf.span
        elif isinstance(leaf, Known) and isinstance(leaf.value, int | float) and not isinstance(leaf.value, bool):
            yield 1, f"the number {leaf.value}", leaf.span
        elif isinstance(leaf, Known) and isinstance(leaf.value, bool):
            yield 2, "a boolean", leaf.span


RULE = Rule(
    "non-string-header-value",
    Category.BLOCKED,
    "a header value of the wrong type makes the front door refuse or change the response",
    explain,
)
