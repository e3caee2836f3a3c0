"""Templates in JSON keep their layout: what is added is laid out as the file is, whatever it is indented by."""

from __future__ import annotations

import json

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair

from .test_generated_files import BARE, QUESTION, cdk


def plain() -> dict[str, object]:
    """Return a template without anything of the CDK in it."""
    found: dict[str, dict[str, dict[str, object]]] = json.loads(cdk())
    del found["Resources"]["CDKMetadata"]
    for resource in found["Resources"].values():
        resource.pop("Metadata", None)
    found["Resources"]["Items"]["Properties"] = {"Runtime": "nodejs22.x", "Handler": "app.handler", "Code": "src"}
    return dict(found)


def repaired(text: str) -> str:
    """Return the template's text after the repair, which leaves nothing to do."""
    question = Question(("template.json",), QUESTION.flags)
    result = repair(
        question, check(Tree(Memory({"template.json": text, "src/app.js": BARE})), question), lambda f, x: True
    )
    after = checked(question, result.after)
    assert [each.finding.rule for each in after.groups if each.finding.severity != "info"] == []
    assert repair(question, after, lambda finding, fix: True).done == ()
    assert len(result.done) == 3
    return result.after.tree.read("template.json")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("unit", [1, 2, 4, "\t"])
def test_the_layout_is_the_file_s(unit: int | str, end: str) -> None:
    text = json.dumps(plain(), indent=unit) + "\n"
    found = repaired(text.replace("\n", end))
    assert found.count("\n") == found.count(end)
    assert found.replace(end, "\n") == json.dumps(json.loads(found), indent=unit) + "\n"


def test_what_is_on_one_line_stays_there() -> None:
    found = repaired(json.dumps(plain()))
    assert found == json.dumps(json.loads(found))
