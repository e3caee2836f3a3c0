"""Repaired files, written: a fix that changes several files is written whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from corsmith.api.tree import Unreadable

from . import disk
from .repair import Repair


def write_all(result: Repair) -> dict[str, str]:
    """Write what was repaired; return the files that were left as they were, each with the reason.

    A file that cannot be written keeps those as they were that its fixes change with it.
    """
    changed = result.changed()
    left: dict[str, str] = {}
    for name, (old, _) in changed.items():
        _try(left, name, partial(disk.refuse, name, old))
    _with_others(result, left)
    for name, (old, new) in sorted(changed.items()):
        if name not in left:
            _try(left, name, partial(disk.write, name, old, new))
    return left


def _with_others(result: Repair, left: dict[str, str]) -> None:
    """Leave what a fix changes together with a file that is left."""
    groups = [frozenset(edit.file for edit in fix.edits) for _, fix in result.done]
    grown = True
    while grown:
        grown = False
        for files in groups:
            held = next((name for name in sorted(files) if name in left), None)
            for name in sorted(files - left.keys()) if held is not None else ():
                left[name] = f"{name}: nothing was written, because a fix changes {held} with it"
                grown = True


def _try(left: dict[str, str], name: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Unreadable as error:
        left[name] = str(error)
    except OSError as error:
        left[name] = f"{name}: cannot be written: {error.strerror or error}"
