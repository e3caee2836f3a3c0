"""Repaired projects, served: a real Chromium lets the page's call through, and no other page's."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from corsmith.api.tree import Memory, Tree
from corsmith.live.browsers import Chromium
from corsmith.project.check import check
from corsmith.project.repair import repair
from tests.generated.plan import ALB, CDK
from tests.local.test_conformance import served
from tests.local.test_served_projects import PROJECTS, call, projects

from .every import of_case
from .planted import repaired
from .test_planted_faults import LEFT

STRANGER = "https://stranger.example.net"
NOT_COMPARED = {
    "openapi-rest-other-origin": "the function is elsewhere, and what it answers nobody can mend here",
    "sam-rest-slower-than-its-integration": "the code lets every page in, the API's own errors one page",
}

pytestmark = [pytest.mark.chromium, pytest.mark.node]


class Served(Struct, frozen=True):
    """A repaired project on disk, and the page's call. `open`: its owner lets every page read, without credentials."""

    files: dict[str, str]
    case: dict[str, Any]
    open: bool


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as running:
        yield running


def _of_folder(folder: Path) -> Served:
    case = json.loads((folder / "case.json").read_text("utf-8"))
    files, question = of_case(folder)
    result = repair(question, check(Tree(Memory(files)), question), lambda finding, fix: True)
    assert result.done
    return Served({**files, **{file: new for file, (_, new) in result.changed().items()}}, case, _is_open(result.after))


def _is_open(checked: Any) -> bool:
    return any(
        ("access-control-allow-origin", "*") in [(name.lower(), value) for name, value in exchange.response.headers]
        for cell in checked.cells
        for exchange in cell.exchanges
    )


FOLDERS = [
    folder
    for folder in projects(PROJECTS)
    if json.loads((folder / "case.json").read_text("utf-8"))["blocked"]
    and not folder.name.startswith("cdk")
    and folder.name not in NOT_COMPARED
]


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_a_repaired_project(folder: Path, browser: Chromium, tmp_path: Path) -> None:
    _judge(_of_folder(folder), browser, tmp_path)


def planted() -> list[int]:
    """Return one repaired project of each dialect, front door and language that Chromium can call without a token."""
    found: dict[tuple[str, str, str], int] = {}
    for number, each in enumerate(repaired()):
        plan = each.project.plan
        plain = not (plan.authorizer or plan.keyed or plan.signed or plan.code.framework)
        deployable = each.project.rule not in (*LEFT, "rest-stage-not-deployed") and "cloudfront" not in str(
            each.project.rule
        )
        # Nothing is installed here.
        needs = any('"lambda-cors"' in edit.text for _, fix in each.result.done for edit in fix.edits)
        if plain and not needs and deployable and each.project.arguments and plan.door != ALB and plan.dialect != CDK:
            found.setdefault((plan.dialect, plan.door, plan.language), number)
    return list(found.values())


@pytest.mark.parametrize("turn", range(12))
def test_a_planted_fault(turn: int, browser: Chromium, tmp_path: Path) -> None:
    numbers = planted()
    assert len(numbers) >= 24
    each = repaired()[numbers[turn * len(numbers) // 12]]
    plan = each.project.plan
    files = {**each.project.files, **{file: new for file, (_, new) in each.result.changed().items()}}
    flags = each.question.flags
    request = {
        "origin": plan.origin if not flags.origins else flags.origins[0],
        "method": plan.method,
        "path": re.sub(r"\{[^}]*\}", "1", plan.path),
        "headers": dict(flags.headers or ()),
        "credentials": bool(flags.credentials),
    }
    _judge(Served(files, {"front_door": plan.door, "request": request}, _is_open(each.after)), browser, tmp_path)


def _judge(project: Served, browser: Chromium, folder: Path) -> None:
    for name, text in project.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    with served(folder, *project.case.get("arguments", ())) as announced:
        mine = call(browser, project.case, announced)
        stranger = {**project.case, "request": {**project.case["request"], "origin": STRANGER}}
        theirs = call(browser, stranger, announced)
    shutil.rmtree(folder)
    assert mine["allowed"], (mine, project.files)
    assert theirs["allowed"] is project.open, (theirs, project.files)
