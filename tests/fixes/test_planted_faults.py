"""Every planted fault is gone after the repair, and nothing with it: no route, no method, no certainty, no other line."""

from __future__ import annotations

import difflib
from collections import Counter

import pytest

from corsmith.api.finding import Severity
from corsmith.project.check import Checked, check
from corsmith.project.left import why_left
from corsmith.project.prove import first_safe
from corsmith.project.repair import repair
from tests.generated.project import Kind, kinds, of_kind

from .planted import Repaired, _repaired, chosen, repaired

LEFT = {
    "alb-answers-itself": "whether the page's address or the listener is to change, their owner says",
    "template-refused": "with what method a page calls, nobody else knows",
}
"""Rules that may find something after the repair, and why: in words, the report says what to do."""

REPAIRED = pytest.mark.parametrize("number", range(len(list(chosen()))), ids=[name for name, _, _ in chosen()])


def at(number: int) -> Repaired:
    """Return a repaired project."""
    return repaired()[number]


def findings(checked: Checked) -> list[str]:
    """Return the rules of errors and warnings."""
    return [each.finding.rule for each in checked.groups if each.finding.severity is not Severity.INFO]


@REPAIRED
def test_nothing_is_found_any_more(number: int) -> None:
    each = at(number)
    left = [rule for rule in findings(each.after) if rule not in LEFT]
    assert left == [], [fix.title for _, fix in each.result.done]
    assert each.after.problems == each.before.problems
    assert not each.after.unexplained


@REPAIRED
def test_what_is_left_is_told_in_words(number: int) -> None:
    each = at(number)
    for group in each.after.groups:
        if group.finding.rule in LEFT:
            assert [fix.edits for fix in first_safe(each.question, each.after, group)] == [()]
            assert (
                why_left(each.question, each.after, group, ())
                == next(iter(first_safe(each.question, each.after, group))).by_hand
            )


@REPAIRED
def test_no_route_and_no_certainty_is_lost(number: int) -> None:
    each = at(number)
    before, after = (
        Counter((c.route.front_door.name, c.route.label) for c in of.cells) for of in (each.before, each.after)
    )
    assert set(before) <= set(after)
    undecided = [sum(cell.undecided is not None for cell in of.cells) for of in (each.before, each.after)]
    assert undecided[1] <= undecided[0]


@REPAIRED
def test_a_second_run_has_nothing_to_do(number: int) -> None:
    each = at(number)
    assert repair(each.question, each.after, lambda finding, fix: True).done == ()


@REPAIRED
def test_only_lines_of_the_fixes_change(number: int) -> None:
    each = at(number)
    edits = [edit for _, fix in each.result.done for edit in fix.edits]
    for file, (old, new) in each.result.changed().items():
        mine = [edit for edit in edits if edit.file == file]
        replaced = sum(old.count("\n", edit.start, edit.end) + 1 for edit in mine)
        written = sum(edit.text.count("\n") + 1 for edit in mine)
        lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
        assert sum(line.startswith("- ") for line in lines) <= replaced
        assert sum(line.startswith("+ ") for line in lines) <= written
        assert new.endswith("\n") == old.endswith("\n")


CORRECT = [(number, kind) for number, kind in enumerate(kinds()) if kind.fault is None]


def _said(kind: Kind) -> str:
    return " ".join(part for part in (kind.dialect, kind.door, kind.language, kind.owner, kind.framework) if part)


@pytest.mark.parametrize(("number", "kind"), CORRECT, ids=[_said(kind) for _, kind in CORRECT])
def test_a_correct_project_is_not_changed_by_a_byte(number: int, kind: Kind) -> None:
    each = _repaired("", of_kind(kind, number))
    assert findings(each.before) == []
    assert each.result.changed() == {}
    assert check(each.result.after.tree, each.question).problems == each.before.problems
