"""What would keep a stranger out: the origins that are meant in the place of what lets in more."""

from __future__ import annotations

from collections.abc import Iterator

from corsmith.api.fix import Edit, Fix
from corsmith.api.span import Span
from corsmith.api.tree import Tree, Unreadable
from corsmith.fixes import code
from corsmith.fixes.code_lists import literals_of, regex_of, remove_literal
from corsmith.fixes.lists import remove_from_list
from corsmith.fixes.literals import TEMPLATES, replace_item

from .admitted import Admitted

_WILD = ("*", "https://*", "http://*")


def narrow(admitted: Admitted, tree: Tree) -> Iterator[Fix]:
    """Yield ways to allow the meant origins alone; who else was let in may have been meant, so each needs thought."""
    for edits in _ways(admitted, tree):
        if edits:
            yield Fix(f"Allow {_listed(admitted.meant)} alone", safe=False, edits=edits)


def _listed(origins: tuple[str, ...]) -> str:
    return origins[0] if len(origins) == 1 else f"{', '.join(origins[:-1])} and {origins[-1]}"


def _ways(admitted: Admitted, tree: Tree) -> Iterator[tuple[Edit, ...]]:
    places = tuple(dict.fromkeys((*admitted.wildcard, *admitted.where)))
    wild = [span for span in places if _bare(tree, span) in _WILD]
    for span in wild:
        yield replace_item(tree, span, admitted.meant)
    for span in places:
        if _bare(tree, span) == admitted.stranger.origin:
            yield remove_from_list(tree, span) if span.file.endswith(TEMPLATES) else remove_literal(tree, span)
    for file in _files(admitted, tree):
        yield from _of_code(admitted, tree, file)


def _of_code(admitted: Admitted, tree: Tree, file: str) -> Iterator[tuple[Edit, ...]]:
    for span in literals_of(tree, file, (admitted.stranger.origin,)):
        yield remove_literal(tree, span)
    for pattern in admitted.patterns:
        for span in literals_of(tree, file, (pattern,)):
            exact = tuple(origin.replace(".", "[.]") for origin in admitted.meant)
            whole = exact[0] if len(exact) == 1 else f"({'|'.join(exact)})"
            yield replace_item(tree, span, (f"^{whole}$",))
        yield from regex_of(tree, file, pattern, admitted.meant)
    for span in literals_of(tree, file, _WILD):
        yield replace_item(tree, span, admitted.meant)
    yield from code.compare_with_list(tree, file, admitted.meant)


def _files(admitted: Admitted, tree: Tree) -> Iterator[str]:
    outcome = admitted.cell.outcome
    spans = (*admitted.where, *admitted.wildcard, *((outcome.span,) if outcome is not None else ()))
    yield from dict.fromkeys(
        span.file for span in spans if not span.file.endswith(TEMPLATES) or code.is_code(tree, span)
    )


def _bare(tree: Tree, span: Span) -> str:
    try:
        return tree.read(span.file)[span.start : span.end].strip("'\"`")
    except Unreadable:
        return ""
