"""Correct projects are left alone: no error, no warning, nothing unexplained; remarks only."""

from __future__ import annotations

import pytest

from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

from .correct_projects import PROJECTS


@pytest.mark.parametrize("name", PROJECTS)
def test_a_correct_project_is_left_alone(name: str) -> None:
    found = check(Tree(Memory(PROJECTS[name])), Question((".",)))
    assert found.problems == ()
    said = [(each.finding.severity, each.finding.rule, each.finding.message) for each in found.groups]
    assert [each for each in said if each[0] is not Severity.INFO] == []
    assert found.unexplained == ()
    assert any(cell.verdict is not None and cell.verdict.allowed for cell in found.cells)


@pytest.mark.parametrize("name", PROJECTS)
def test_remarks_are_few(name: str) -> None:
    found = check(Tree(Memory(PROJECTS[name])), Question((".",)))
    rules = [each.finding.rule for each in found.groups]
    assert len(rules) <= 2, rules
