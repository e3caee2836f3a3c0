"""Verdicts per second of the model on the recorded cases, beside the real Chromium's on the same cases.

Run: python -m benchmarks.browser [--repeat N] [--without-chromium]. Prints a table and writes
benchmarks/results/browser.json. The model is promised to give 25,000 verdicts per second of CPU on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corsmith.browser import MODEL, PROFILES, simulate

from .measured import keep

ROOT = Path(__file__).parents[1]
RECORDED = ROOT / "tests" / "browser" / "data" / "recorded.json"
PROMISED = 25_000


def main() -> int:
    """Measure, print, and write what was measured; return 1 where the promise is broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=100)
    parser.add_argument("--without-chromium", action="store_true")
    given = parser.parse_args()
    cases = [each["case"] for each in json.loads(RECORDED.read_text(encoding="utf-8"))]
    rows = [
        {
            "judge": f"model of {name}" if name != MODEL else "model",
            "verdicts_per_cpu_second": _model(cases, name, given.repeat),
        }
        for name in (*PROFILES, MODEL)
    ]
    chromium = None if given.without_chromium else _chromium(cases)
    if chromium is not None:
        rows.append(chromium)
    result = {"cases": len(cases), "runs": given.repeat, "promised": PROMISED, "rows": rows}
    keep("browser", result)
    print(shown(result))
    slow = [row for row in rows[: len(PROFILES)] if row["verdicts_per_cpu_second"] < PROMISED]
    return 1 if slow else 0


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table."""
    rows = [f"| {row['judge']} | {row['verdicts_per_cpu_second']:,.0f} |" for row in found["rows"]]
    head = ["| who judges | verdicts per second of CPU |", "| --- | ---: |"]
    return "\n".join([*head, *rows, "", f"{found['cases']} recorded cases, best of {found['runs']} runs."])


def _model(cases: list[dict[str, Any]], profile: str, repeat: int) -> float:
    def judge() -> None:
        for case in cases:
            simulate(case, profile)

    return len(cases) / min(_cpu(judge) for _ in range(repeat))


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _chromium(cases: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Judge the cases in Chromium; the browser's processes are this one's children. None where there is none."""
    try:
        from corsmith.live.browsers import BrowserMissingError, Chromium
    except ImportError:
        return None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, wall = time.process_time(), time.monotonic()
    try:
        with Chromium() as browser:
            browser.judge(cases)
    except BrowserMissingError:
        return None
    took = time.monotonic() - wall
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    spent = time.process_time() - start + children
    program = os.environ.get("CORSMITH_CHROMIUM", "chromium")
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return {
        "judge": version or "Chromium",
        "verdicts_per_cpu_second": len(cases) / spent,
        "verdicts_per_second": len(cases) / took,
    }


if __name__ == "__main__":
    raise SystemExit(main())
