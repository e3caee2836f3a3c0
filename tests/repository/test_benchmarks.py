"""The tables of figures are those of the result files, and each says when, with what and where it was measured."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import tables
from benchmarks.measured import RESULTS, said

FILES = sorted(RESULTS.glob("*.json"))
PAGES = (tables.PAGE, tables.PAGE.parent / "docs" / "lambda-cors.md")


def test_the_page_shows_the_last_results(capsys: pytest.CaptureFixture[str]) -> None:
    assert (tables.main(["--check"]), capsys.readouterr().out) == (0, "")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_result_says_when_with_what_and_where(file: Path) -> None:
    stamp = json.loads(file.read_text(encoding="utf-8"))["measured"]
    assert date.fromisoformat(stamp["date"]) >= date(2026, 11, 1)
    assert {"corsmith", "Python"} <= set(stamp["versions"])
    assert all(stamp["versions"].values())
    assert stamp["machine"]["processors"] > 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_figure_stands_without_its_date(page: Path) -> None:
    """A table of speeds or sizes is inside of a place that is filled from a result."""
    text = re.sub(r"(?s)<!-- (\w+) -->.*?<!-- (?:end|/\1) -->", "", page.read_text(encoding="utf-8"))
    assert [line for line in text.splitlines() if re.match(r"\|.*\d+(\.\d+)? (s|ms|µs|MiB)\b", line)] == []


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0.0, "quiet: other work took less than 1 % of them"),
        (0.03, "quiet: other work took 3 % of them"),
        (0.4, "not quiet: other work took 40 % of them"),
        (None, "what else the machine did is not known"),
    ],
)
def test_how_quiet_it_was(others: Any, words: str) -> None:
    machine = {"processors": 2, "model": "a model", "system": "Linux 6.1"}
    stamp = {"date": "2026-11-05", "versions": {"corsmith": "9.9.9"}, "machine": machine, "others": others}
    assert said(stamp) == f"Measured on 5 November 2026: corsmith 9.9.9; 2 processors (a model), Linux 6.1; {words}."
