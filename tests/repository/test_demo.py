"""The demo succeeds only where it shows what it promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from scripts.demo.calls import Call, load
from scripts.demo.static import Opinion
from scripts.demo.table import Measured, Row, lines, shortcomings

ROOT = Path(__file__).parents[2]

BLOCKED = Measured(Opinion("blocked", "some-rule", "Change it"), "blocked", "blocked")
ALLOWED = Measured(Opinion("allowed"), "allowed", "allowed")


def rows(number: int) -> tuple[Row, ...]:
    return tuple(Row(Call("https://a.example", "Api", "GET", f"/{n}"), BLOCKED, ALLOWED) for n in range(number))


def test_eight_routes_blocked_before_and_none_after_is_enough() -> None:
    assert shortcomings(rows(8), 8) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"before": replace(BLOCKED, live="allowed")}, "GET /0: the judges disagree before the fix"),
        ({"before": replace(BLOCKED, static=Opinion("undecided"))}, "GET /0: the judges disagree before the fix"),
        ({"after": replace(ALLOWED, chromium="blocked")}, "GET /0: the judges disagree after the fix"),
        ({"after": BLOCKED}, "GET /0: still blocked"),
        ({"after": replace(ALLOWED, chromium="allowed, but 502")}, "GET /0: still allowed, but 502"),
        ({"before": ALLOWED}, "only 7 routes are blocked before the fix; 8 were to be shown"),
    ],
)
def test_what_falls_short_is_said(change: dict[str, Measured], sentence: str) -> None:
    first, *rest = rows(8)
    assert sentence in shortcomings((replace(first, **change), *rest), 8)


def test_two_calls_of_one_route_count_once() -> None:
    twice = Row(Call("https://a.example", "Api", "GET", "/0", meets="error", status=404), BLOCKED, ALLOWED)
    assert shortcomings((*rows(7), twice), 8) == ["only 7 routes are blocked before the fix; 8 were to be shown"]


def test_the_tables_columns_line_up() -> None:
    head, rule, *body = lines(rows(2))
    starts = [match.start() for match in re.finditer(r"(?<!-)-+", rule)]
    assert len(starts) == 9
    assert all(line[start - 1] == " " != line[start] for line in (head, *body) for start in starts[1:])


def test_the_example_has_more_than_enough_calls() -> None:
    calls = load(ROOT / "examples" / "storefront" / "calls.json")
    assert len({(call.api, call.method, call.path) for call in calls}) >= 10
    assert any(call.credentials for call in calls)


@pytest.mark.chromium
def test_the_demo_shows_what_the_readme_shows() -> None:
    told = subprocess.run([sys.executable, "-m", "scripts.demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr + told.stdout
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("```text\n")[-1].split("```")[0]
    table, _, closing = told.stdout.rpartition("\n\n")
    assert table in shown
    assert closing.split(". ")[0] in shown
