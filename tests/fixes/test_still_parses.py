"""What was repaired is still what its own tools read: Python, Node, Terraform, SAM's translator, cfn-lint."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import hcl2
import pytest
import yaml

from corsmith.api.tree import Memory, Tree
from corsmith.handlers.javascript.source import parse
from corsmith.project.check import Question, check
from corsmith.project.repair import repair
from tests.readers.translated import Refusal, translate
from tests.rules.test_pages import PAGES, flags

from .planted import repaired


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


def changed(*endings: str) -> Iterator[tuple[str, str, str]]:
    """Yield (what it is, text before, text after) of the changed files with one of these endings."""
    return (each for each in _every() if each[0].endswith(endings))


@cache
def _every() -> tuple[tuple[str, str, str], ...]:
    """Return what was changed in the planted projects, and in the projects of the rules' pages."""
    found = [(f"{each.name}/{file}", *texts) for each in repaired() for file, texts in each.result.changed().items()]
    for page in PAGES:
        question = Question((".",), flags(page.arguments))
        result = repair(question, check(Tree(Memory(page.before)), question), lambda finding, fix: True)
        found += [(f"{page.rule}/{file}", *texts) for file, texts in result.changed().items()]
    return tuple(found)


def test_python() -> None:
    found = list(changed(".py"))
    assert len(found) > 50
    for name, _, text in found:
        compile(text, name, "exec")


def test_node(tmp_path: Path) -> None:
    found = list(changed(".js", ".mjs", ".cjs"))
    assert len(found) > 20
    for number, (name, _, text) in enumerate(found):
        file = tmp_path / f"{number}.{name.rpartition('.')[2]}"
        file.write_text(text, encoding="utf-8")
        said = subprocess.run(["node", "--check", str(file)], capture_output=True, text=True, check=False)
        assert said.returncode == 0, (name, said.stderr, text)


def test_typescript() -> None:
    found = list(changed(".ts"))
    assert len(found) > 20
    for name, _, text in found:
        assert not parse(name, text).problems, text


def test_terraform() -> None:
    found = list(changed(".tf"))
    assert len(found) > 30
    for name, _, text in found:
        assert hcl2.loads(text if text.endswith("\n") else text + "\n"), name


def test_json() -> None:
    for _, _, text in changed(".json"):
        json.loads(text)


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's tags."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: (suffix, str(node.value)))  # type: ignore[no-untyped-call]


def test_yaml_has_every_key_once() -> None:
    for name, _, text in changed(".yaml", ".yml"):
        assert yaml.load(text, _Loader), name
        keys = [line for line in re.findall(r"^( *[\w/{}+.-]+):", text, re.MULTILINE) if not line.startswith(" ")]
        assert len(keys) == len(set(keys)), name


def test_the_translator_refuses_nothing_new() -> None:
    found = [each for each in changed("template.yaml") if "Transform: AWS::Serverless" in each[2]]
    assert len(found) > 40
    for name, old, new in found:
        assert refusals(new) <= refusals(old), (name, new)


def refusals(text: str) -> set[str]:
    """Return why the translator refuses a template; nothing where it does not."""
    try:
        translate(text)
    except Refusal as refusal:
        return set(refusal.messages)
    return set()


def test_cfn_lint_finds_nothing_new(tmp_path: Path) -> None:
    # Every second one: the linter is slow.
    found = list(changed("template.yaml"))[::2]
    for when in ("before", "after"):
        (tmp_path / when).mkdir()
    for number, (_, old, new) in enumerate(found):
        (tmp_path / "before" / f"{number}.yaml").write_text(old, encoding="utf-8")
        (tmp_path / "after" / f"{number}.yaml").write_text(new, encoding="utf-8")
    before, after = (_linted(tmp_path / when, len(found)) for when in ("before", "after"))
    for number, (name, _, new) in enumerate(found):
        assert after[number] <= before[number], (name, after[number] - before[number], new)


def _linted(folder: Path, count: int) -> list[set[str]]:
    """Return the errors of each template, by the id of their rule."""
    program = str(Path(sys.executable).with_name("cfn-lint"))
    files = [str(folder / f"{number}.yaml") for number in range(count)]
    said = subprocess.run(
        [program, "--format", "json", "--regions", "us-east-1", "--", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    errors: list[set[str]] = [set() for _ in range(count)]
    for each in json.loads(said.stdout):
        if each["Level"] == "Error":
            errors[int(Path(each["Filename"]).stem)].add(each["Rule"]["Id"])
    return errors
