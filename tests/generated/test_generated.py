"""Generated projects: the planted fault is found, at its place, and no other error; correct projects are left alone.

`python -m tests.generated 5000` is the longer run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from corsmith.rules import CATALOGUE

from .judged import checked, disagreements
from .places import PLACES
from .plan import DOORS, Project
from .project import FAULTS, Kind, kinds, of_kind


def some(dialect: str, door: str) -> Iterator[tuple[int, Kind]]:
    """Yield each fault and each framework once, in a language that changes from one to the next."""
    listed = [(at, kind) for at, kind in enumerate(kinds()) if (kind.dialect, kind.door) == (dialect, door)]
    seen: dict[tuple[str, str, str], list[tuple[int, Kind]]] = {}
    for at, kind in listed:
        fault = kind.fault
        named = (f"{fault.rule}: {fault.name}" if fault is not None else "", kind.owner, kind.framework)
        seen.setdefault(named, []).append((at, kind))
    for turn, several in enumerate(seen.values()):
        yield several[turn % len(several)]


@pytest.mark.parametrize(("dialect", "door"), [(dialect, door) for dialect, doors in DOORS.items() for door in doors])
def test_what_was_planted_is_found_and_nothing_else(dialect: str, door: str) -> None:
    wrong = {}
    for seed, kind in some(dialect, door):
        made = of_kind(kind, seed)
        found = disagreements(made, checked(made))
        if found:
            wrong[seed] = found
    assert wrong == {}


def test_every_rule_is_planted() -> None:
    assert {fault.rule for fault in FAULTS} == {rule.id for rule in CATALOGUE}


def test_every_rule_is_planted_in_two_dialects() -> None:
    found: dict[str, set[str]] = {}
    for kind in kinds():
        if kind.fault is not None:
            found.setdefault(kind.fault.rule, set()).add(kind.dialect)
    assert [rule for rule, dialects in found.items() if len(dialects) < 2] == []


def test_every_fault_says_where_it_stands() -> None:
    assert [fault.name for fault in FAULTS if not fault.line and fault.rule not in PLACES] == []


def test_a_number_is_one_project() -> None:
    kind = kinds()[1]
    assert of_kind(kind, 7) == of_kind(kind, 7)
    assert of_kind(kind, 7).files != of_kind(kind, 8).files


def test_a_planted_fault_makes_a_difference() -> None:
    faulty = of_kind(next(kind for kind in kinds() if kind.fault is not None), 3)
    assert disagreements(as_correct(faulty), checked(faulty))


def test_a_fault_that_is_not_there_is_missed() -> None:
    sound = of_kind(next(kind for kind in kinds() if kind.fault is None), 3)
    promised = replace(sound, rule="origin-mismatch")
    assert disagreements(promised, checked(promised)) == ("origin-mismatch is not reported as error",)


def as_correct(project: Project) -> Project:
    return replace(project, rule=None)
