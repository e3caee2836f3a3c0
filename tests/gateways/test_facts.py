"""The tables of facts themselves: ids, confidence, switches, and that each row has a test of its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corsmith.gateways.assumptions import Assumptions
from corsmith.gateways.facts import FACTS

HERE = Path(__file__).parent
ALL = [fact for facts in FACTS.values() for fact in facts]


def names_of_tests():
    text = "".join(path.read_text() for path in HERE.glob("test_*_facts.py"))
    return set(re.findall(r"^def (test_\w+)", text, re.MULTILINE))


@pytest.mark.parametrize("fact", ALL, ids=lambda fact: fact.id)
def test_each_fact_has_its_test(fact):
    assert f"test_{fact.id.replace('-', '_')}" in names_of_tests()


def test_ids_are_unique():
    assert len({fact.id for fact in ALL}) == len(ALL)


@pytest.mark.parametrize("fact", ALL, ids=lambda fact: fact.id)
def test_each_fact_has_source_and_confidence(fact):
    assert fact.source
    assert fact.confidence in ("documented", "measured", "reported", "assumed")
    assert fact.statement.endswith(".")
    assert len(fact.statement) > 15


def test_each_switch_is_named_by_a_fact():
    named = {fact.assumption for fact in ALL if fact.assumption}
    assert named == set(Assumptions.__struct_fields__)
