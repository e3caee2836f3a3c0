"""Generated projects with one planted fault each, repaired once for all tests that look at them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.repair import Repair, checked, repair
from tests.generated.plan import CDK, Project
from tests.generated.project import Kind, kinds, of_kind
from tests.rules.test_pages import flags

EVERYTHING = "CORSMITH_KINDS"
"""Set to anything, this variable asks for every kind of project; else there is one for each fault in each dialect."""


class Repaired(Struct, frozen=True):
    """A project before and after `corsmith fix --write --unsafe`, checked again as the next run will."""

    name: str
    project: Project
    question: Question
    result: Repair
    after: Checked

    @property
    def before(self) -> Checked:
        """The first check."""
        return self.result.before


def chosen() -> Iterator[tuple[str, Kind, int]]:
    """Yield a name, a kind and a number for each project. What the CDK writes is repaired by hand."""
    seen: dict[tuple[str, str, str], int] = {}
    by_fault: dict[tuple[str, str, str], list[tuple[int, Kind]]] = {}
    for number, kind in enumerate(kinds()):
        if kind.fault is not None and kind.dialect != CDK:
            by_fault.setdefault((kind.fault.rule, kind.fault.name, kind.dialect), []).append((number, kind))
    for turn, (key, group) in enumerate(by_fault.items()):
        # The languages and front doors take turns.
        for number, kind in group if EVERYTHING in os.environ else [group[turn % len(group)]]:
            seen[key] = seen.get(key, 0) + 1
            yield f"{' '.join(key)} {kind.door} {kind.language} {seen[key]}", kind, number


@cache
def repaired() -> tuple[Repaired, ...]:
    """Return every chosen project, repaired."""
    return tuple(_repaired(name, of_kind(kind, number)) for name, kind, number in chosen())


def _repaired(name: str, project: Project) -> Repaired:
    question = Question((".",), flags([*project.arguments]))
    result = repair(question, check(Tree(Memory(project.files)), question), lambda finding, fix: True)
    return Repaired(name, project, question, result, checked(question, result.after))
