"""Random projects: what is repaired is clean and stays so, what is correct is not changed by a byte."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from corsmith.api.caller import CallerFlags
from corsmith.api.cell import Cell
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.repair import checked, repair

from .projects import ORIGIN, Project, projects

QUESTION = Question((".",), CallerFlags(origins=(ORIGIN,)))


def errors(result: Checked) -> list[tuple[str, str, str]]:
    return [
        (group.finding.rule, group.finding.route, group.finding.message)
        for group in result.groups
        if group.finding.severity is Severity.ERROR
    ]


def routes(cells: tuple[Cell, ...]) -> set[str]:
    return {cell.route.label for cell in cells}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_what_is_repaired_is_clean_and_stays_so(project: Project) -> None:
    before = check(Tree(Memory(project.files)), QUESTION)
    assert not before.problems
    assert not before.unexplained
    assert not [cell for cell in before.cells if cell.undecided is not None]
    result = repair(QUESTION, before, lambda finding, fix: True)
    after = checked(QUESTION, result.after)
    assert errors(after) == []
    assert not [cell for cell in after.cells if cell.undecided is not None]
    assert routes(before.cells) == routes(after.cells)
    again = repair(QUESTION, after, lambda finding, fix: True)
    assert again.done == ()
    if project.correct:
        assert errors(before) == []
        assert result.changed() == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(projects())
def test_only_lines_of_the_fix_change(project: Project) -> None:
    before = check(Tree(Memory(project.files)), QUESTION)
    result = repair(QUESTION, before, lambda finding, fix: True)
    for old, new in result.changed().values():
        assert old.count("\r\n") == 0 or new.count("\n") == new.count("\r\n")
        kept = [line for line in old.splitlines() if line in new.splitlines()]
        touched = sum(len(fix.edits) for _, fix in result.done)
        assert len(old.splitlines()) - len(kept) <= touched
        assert new.endswith("\n") == old.endswith("\n")
