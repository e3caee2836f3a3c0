"""Each rule's page is its test: its "Before" triggers the rule and no other error, its fix gives "After"."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.repair import repair
from corsmith.rules import CATALOGUE

from .page import FOLDER, Page, load

PAGES = [load(path) for path in sorted(FOLDER.glob("*.md")) if path.stem != "index"]
SECTIONS = ("What happens", "Before", "What the browser prints", "After")


def flags(arguments: list[str]) -> CallerFlags:
    found = CallerFlags()
    rest = iter(arguments)
    for argument in rest:
        if argument == "--origin":
            found = replace(found, origins=(*found.origins, next(rest)))
        elif argument == "--method":
            found = replace(found, methods=(*found.methods, next(rest)))
        elif argument == "--path":
            found = replace(found, path=next(rest))
        elif argument == "--header":
            name, _, value = next(rest).partition(": ")
            found = replace(found, headers=(*(found.headers or ()), (name, value)))
        elif argument in ("--credentials", "--no-credentials"):
            found = replace(found, credentials=argument == "--credentials")
        else:
            assert argument == ".", argument
    return found


def checked(files: dict[str, str], page: Page) -> tuple[Question, Checked]:
    question = Question((".",), flags(page.arguments))
    return question, check(Tree(Memory(files)), question)


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    assert {page.rule for page in PAGES} == {rule.id for rule in CATALOGUE}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.rule)
def test_a_page_has_its_parts(page: Page) -> None:
    rule = next(rule for rule in CATALOGUE if rule.id == page.rule)
    assert page.title == page.rule
    assert page.lead == f"*{rule.category}*: {re.sub(' +', ' ', rule.summary)}"
    assert tuple(page.sections)[: len(SECTIONS)] == SECTIONS
    assert page.before
    assert page.after


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.rule)
def test_before_triggers_the_rule_and_no_other(page: Page) -> None:
    _, before = checked(page.before, page)
    assert not before.problems
    assert not before.unexplained
    found = {group.finding.rule for group in before.groups if group.finding.severity is Severity.ERROR}
    own = [group.finding for group in before.groups if group.finding.rule == page.rule]
    assert own, [group.finding.rule for group in before.groups]
    assert found <= {page.rule}
    if page.prints is not None:
        printed = [finding.evidence.console for finding in own if finding.evidence is not None]
        assert any(_same(page.prints, line) for line in printed), printed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.rule)
def test_after_is_clean_and_what_the_fix_gives(page: Page) -> None:
    question, before = checked(page.before, page)
    _, after = checked({**page.before, **page.after}, page)
    assert [group.finding.rule for group in after.groups if group.finding.severity is Severity.ERROR] == []
    # A remark may stay where a fault was: a person has not finished, but pages work.
    assert _severities(after, page.rule) < _severities(before, page.rule)
    repaired = repair(question, before, lambda finding, fix: finding.rule == page.rule)
    changed = {file: text for file, (_, text) in repaired.changed().items()}
    if changed:
        assert changed == page.after


def _severities(checked: Checked, rule: str) -> set[Severity]:
    found = {group.finding.severity for group in checked.groups if group.finding.rule == rule}
    return found | {Severity.INFO} if found else found


def _same(promised: str, printed: str | None) -> bool:
    # Host names in the pages are placeholders.
    neutral = re.compile(r"at '[^']*'")
    return printed is not None and neutral.sub("at ''", promised) == neutral.sub("at ''", printed)
