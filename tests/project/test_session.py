"""A project checked again in a session comes out as if it had been checked from the beginning, whatever has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from corsmith.api.tree import Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.disk import Disk
from corsmith.project.session import Session

from .test_again import CODE, FILES, SHARED, TEMPLATE
from .test_environments import BY_SAMCONFIG, SAMCONFIG

QUESTION = Question((".",))
PAGE = 'fetch("https://abc.execute-api.eu-west-1.amazonaws.com/prod/items", {headers: {"X-Page": "1"}})\n'
TYPED: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "a status": {"src/app.py": CODE.replace("200,", "202,")},
    "a method": {"src/app.py": CODE.replace('"POST"', '"PUT"')},
    "no code": {"src/app.py": ""},
    "code that does not parse": {"src/app.py": CODE.replace("def handler(", "def handler")},
    "what handlers share": {"src/shared.py": SHARED.replace("Allow-Origin", "Allow-Orign")},
    "a line above everything": {"template.yaml": "# a comment\n" + TEMPLATE},
    "a value that handlers take": {"template.yaml": TEMPLATE.replace("app.example.com", "www.example.com")},
    "another path": {"template.yaml": TEMPLATE.replace("/other", "/others")},
    "a template that does not parse": {"template.yaml": TEMPLATE.replace("Resources:", "Resources: [{")},
    "both": {"template.yaml": "\n" + TEMPLATE, "src/app.py": "\n" + CODE},
    "a file that is not saved": {"page.js": PAGE},
    "another template": {"more/template.yaml": TEMPLATE},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def same(found: Checked, unsaved: Mapping[str, str]) -> None:
    fresh = check(Tree(Disk(), dict(unsaved)), QUESTION)
    assert found.problems == fresh.problems
    assert found.cells == fresh.cells
    assert found.plan == fresh.plan
    assert [each.finding for each in found.groups] == [each.finding for each in fresh.groups]


def test_one_change_after_the_other(folder: Path) -> None:
    session = Session()
    for unsaved in [*TYPED.values(), *reversed(TYPED.values())]:
        same(session.check(QUESTION, unsaved), unsaved)


@pytest.mark.parametrize("name", TYPED)
def test_each_change_and_back(folder: Path, name: str) -> None:
    session = Session()
    for unsaved in ({}, TYPED[name], {}, TYPED[name]):
        same(session.check(QUESTION, unsaved), unsaved)


def test_what_other_programs_write(folder: Path) -> None:
    session = Session()
    same(session.check(QUESTION, {}), {})
    _replace(folder / "src" / "app.py", CODE.replace("200,", "204,"))
    same(session.check(QUESTION, {}), {})
    (folder / "page.js").write_text(PAGE, encoding="utf-8")
    same(session.check(QUESTION, {}), {})
    (folder / "src" / "shared.py").unlink()
    same(session.check(QUESTION, {}), {})
    (folder / "src" / "shared.py").write_text(SHARED, encoding="utf-8")
    same(session.check(QUESTION, {}), {})
    (folder / "template.yaml").unlink()
    same(session.check(QUESTION, {}), {})


def test_another_question(folder: Path) -> None:
    session = Session()
    session.check(QUESTION, {})
    standard = Question((".",), profile="standard")
    found = session.check(standard, {})
    assert found.cells == check(Tree(Disk()), standard).cells
    same(session.check(QUESTION, {}), {})


def test_what_did_not_change_is_not_read_again(folder: Path) -> None:
    session = Session()
    first = session.check(QUESTION, {})
    second = session.check(QUESTION, TYPED["a status"])
    assert second.apis[0] is first.apis[0]
    kept = [
        new.asked.key[2]
        for old, new in zip(first.parts, second.parts, strict=True)
        if all(one is other for one, other in zip(old.cells, new.cells, strict=True))
    ]
    assert kept == ["GET /more"]


def test_what_was_typed_before_is_forgotten(folder: Path) -> None:
    session = Session()
    sizes = []
    for number in range(6):
        session.check(QUESTION, {"template.yaml": f"# {number}\n" + TEMPLATE, "src/app.py": f"# {number}\n" + CODE})
        sizes.append(sum(map(len, session._memory._known.values())))
    assert sizes[-1] == sizes[1]


def _replace(file: Path, text: str) -> None:
    """Write a file as many editors do: another one, renamed over it."""
    other = file.with_suffix(".new")
    other.write_text(text, encoding="utf-8")
    other.replace(file)


def test_values_that_stand_beside_the_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"template.yaml": BY_SAMCONFIG, "samconfig.toml": SAMCONFIG}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    session = Session()
    same(session.check(QUESTION, {}), {})
    other = {
        "samconfig.toml": SAMCONFIG.replace('stack_name = "dev"', 'parameter_overrides = "Site=https://b.example.com"')
    }
    same(session.check(QUESTION, other), other)
    assert session.check(QUESTION, other).cells != session.check(QUESTION, {}).cells
