"""Two changes of which the second is made on what the first leaves, as edits of the text before both."""

from __future__ import annotations

from collections.abc import Callable

from corsmith.api.fix import Conflict, Edit
from corsmith.api.tree import Tree


def one_after_the_other(
    tree: Tree, first: tuple[Edit, ...], second: Callable[[Tree], tuple[Edit, ...]]
) -> tuple[Edit, ...]:
    """Return one edit for each file that differs after both changes; none where one of them changes nothing."""
    try:
        between = tree.with_edits(first)
        then = second(between)
        after = between.with_edits(then)
    except Conflict:
        return ()
    files = sorted({edit.file for edit in (*first, *then)}) if first and then else []
    return tuple(_difference(file, tree.read(file), after.read(file)) for file in files)


def _difference(file: str, old: str, new: str) -> Edit:
    head = _alike(old, new)
    tail = min(min(len(old), len(new)) - head, _alike(old[::-1], new[::-1]))
    return Edit(file, head, len(old) - tail, new[head : len(new) - tail])


def _alike(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
