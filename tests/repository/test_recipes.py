"""Each recipe is a project that is right: no finding, no blocked cell, and something to judge."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corsmith import check_project
from corsmith.api.finding import Severity

FOLDER = Path(__file__).parents[2] / "docs" / "recipes"
SECTION = re.compile(r"(?m)^## (.+)$")
FILE = re.compile(r'(?ms)^```\w+ title="([^"]+)"\n(.*?)^```$')


def recipes() -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for page in sorted(FOLDER.glob("*.md")):
        parts = SECTION.split(page.read_text(encoding="utf-8"))
        for title, text in zip(parts[1::2], parts[2::2], strict=True):
            files = dict(FILE.findall(text))
            if files:
                found.append((page.stem, title, files))
    return found


RECIPES = recipes()


@pytest.mark.parametrize(("page", "title", "files"), RECIPES, ids=[f"{page}: {title}" for page, title, _ in RECIPES])
def test_a_recipe_is_right(
    page: str, title: str, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    report = check_project(".")
    assert [(each.rule, each.message) for each in report.findings if each.severity is not Severity.INFO] == []
    assert report.problems == ()
    assert report.unexplained == ()
    verdicts = [cell.verdict for cell in report.cells if cell.verdict is not None]
    assert verdicts
    assert all(each.allowed for each in verdicts)
    if page != "openapi":
        assert [cell.undecided.because for cell in report.cells if cell.undecided is not None] == []
    for text in files.values():
        assert "https://app.example.com" in "".join(files.values()), text


def test_each_dialect_has_its_page() -> None:
    pages = {page.stem for page in FOLDER.glob("*.md")}
    assert pages == {"cdk", "cloudformation", "frameworks", "openapi", "sam", "serverless", "terraform"}
    assert {page for page, _, _ in RECIPES} == pages - {"cdk"}
