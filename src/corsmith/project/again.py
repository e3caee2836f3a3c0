"""A project checked again after an edit: only what depends on the edited files.

An edit of a handler changes the routes that its function answers, and nothing else, as long as it serves the same paths.
An edit of anything that more depends on, such as a template, is a check of the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from msgspec.structs import replace

from corsmith.api.model import Api
from corsmith.api.tree import Tree

from .behaviours import CODE, Behaviours, code_of
from .check import Checked, Plan, Question, check
from .memory import Memory
from .part import part


def again(question: Question, before: Checked, tree: Tree, edited: Collection[str]) -> Checked:
    """Return what `check` gives for `tree`, in which the files `edited` differ from what was checked before."""
    memory = before.memory.branch()
    read = before.memory.touched(edited)
    if all(key[0] == CODE for key in read):
        changed = {api.file: frozenset(_changed(api, before, read)) for api in before.apis}
        if all(_serve_the_same(before, memory, tree, api, changed[api.file]) for api in before.apis):
            return _with_code(before, memory, tree, changed)
    return check(tree, question, replace(before, memory=memory, plan=_plan(before, edited)))


def _plan(before: Checked, edited: Collection[str]) -> Plan:
    """Return who calls, without the calls that edited pages make: what they send is read again."""
    return {
        key: who
        for key, who in before.plan.items()
        if not any(place.file in edited for caller in who for _, place in caller.set_at)
    }


def _changed(api: Api, before: Checked, read: set[tuple[Any, ...]]) -> Iterator[str]:
    for key in read:
        yield from before.functions.get((api.file, key), ())


def _serve_the_same(before: Checked, memory: Memory, tree: Tree, api: Api, names: frozenset[str]) -> bool:
    """Say whether the functions serve what they served, of the same files, and with the same problems."""
    for function in api.functions if names else ():
        if function.name in names:
            old, old_problems = code_of(before.memory, before.tree, function)
            new, problems = code_of(memory, tree, function)
            if (old.serves, old.files, old_problems) != (new.serves, new.files, problems):
                return False
    return True


def _with_code(before: Checked, memory: Memory, tree: Tree, changed: dict[str, frozenset[str]]) -> Checked:
    parts = list(before.parts)
    for api in before.apis:
        names = changed[api.file]
        if names:
            behaviours = Behaviours(tree, {each.name: each for each in api.functions}, memory)
            for at in {at for name in names for at in before.answered_by.get((api.file, name), ())}:
                parts[at] = part(parts[at].asked, before.judges[api.file], behaviours)
    return Checked(
        tree, before.apis, tuple(parts), before.problems, before.passed_over, before.plan, memory, before.judges
    )
