"""Every project that the tests repair: planted faults, the rules' pages, the served projects. Each is repaired once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from msgspec import Struct

from corsmith.api.caller import CallerFlags
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, Question, check
from corsmith.project.repair import Repair, checked, repair
from tests.local.test_served_projects import PROJECTS, projects
from tests.rules.test_pages import PAGES, flags

from .planted import repaired


class Mended(Struct, frozen=True):
    """A project, repaired as `corsmith fix --write --unsafe` does with its caller's flags, and checked again."""

    name: str
    files: dict[str, str]
    question: Question
    result: Repair
    after: Checked

    def now(self) -> dict[str, str]:
        """Return the project's files after the repair."""
        return {**self.files, **{file: new for file, (_, new) in self.result.changed().items()}}


@cache
def pages() -> tuple[Mended, ...]:
    """Return the projects that the rules' pages show."""
    return tuple(_mended(page.rule, page.before, Question((".",), flags(page.arguments))) for page in PAGES)


@cache
def served() -> tuple[Mended, ...]:
    """Return the projects that are served; what the CDK writes is repaired by hand."""
    return tuple(_of_folder(folder) for folder in projects(PROJECTS) if not folder.name.startswith("cdk"))


@cache
def every() -> tuple[Mended, ...]:
    """Return all of them."""
    planted = (Mended(each.name, each.project.files, each.question, each.result, each.after) for each in repaired())
    return (*planted, *pages(), *served())


def changed(*endings: str) -> Iterator[tuple[str, str, str]]:
    """Yield (what it is, text before, text after) of the changed files with one of these endings."""
    for each in every():
        for file, (old, new) in each.result.changed().items():
            if file.endswith(endings):
                yield f"{each.name}/{file}", old, new


def of_case(folder: Path) -> tuple[dict[str, str], Question]:
    """Return a project's files, and the question that its case.json asks."""
    case = json.loads((folder / "case.json").read_text("utf-8"))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "case.json"
    }
    asked = case["request"]
    flags = CallerFlags(
        origins=(asked["origin"],),
        methods=(asked["method"],),
        headers=tuple(asked.get("headers", {}).items()),
        credentials=bool(asked.get("credentials")),
        path=asked["path"],
    )
    return files, Question((".",), flags)


def _of_folder(folder: Path) -> Mended:
    return _mended(folder.name, *of_case(folder))


def _mended(name: str, files: dict[str, str], question: Question) -> Mended:
    result = repair(question, check(Tree(Memory(files)), question), lambda finding, fix: True)
    return Mended(name, files, question, result, checked(question, result.after))
