"""Each rule in a second dialect: it finds the bad project, alone, and nothing in the good one."""

from __future__ import annotations

import shlex

import pytest

from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check

from .second_dialect import PAIRS
from .test_pages import flags


def checked(files: dict[str, str], arguments: str) -> Checked:
    return check(Tree(Memory(files)), Question((".",), flags(shlex.split(arguments))))


def rules(found: Checked, *severities: Severity) -> set[str]:
    return {each.finding.rule for each in found.groups if not severities or each.finding.severity in severities}


@pytest.mark.parametrize("rule", PAIRS)
def test_the_bad_project(rule: str) -> None:
    found = checked(PAIRS[rule].bad, PAIRS[rule].arguments)
    assert not found.problems
    assert not found.unexplained
    assert rule in rules(found)
    assert rules(found, Severity.ERROR) <= {rule}


@pytest.mark.parametrize("rule", PAIRS)
def test_the_good_project(rule: str) -> None:
    found = checked(PAIRS[rule].good, PAIRS[rule].arguments)
    assert not found.problems
    assert not found.unexplained
    assert rules(found, Severity.ERROR) == set()
    own = [each.finding for each in found.groups if each.finding.rule == rule and each.finding.severity != "info"]
    assert own == []
    assert any(cell.verdict is not None and cell.verdict.allowed for cell in found.cells)
