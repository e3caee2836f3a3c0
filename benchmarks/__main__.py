"""Runs every benchmark; writes `benchmarks/results/*.json` and the tables of `BENCHMARKS.md`."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import re
from pathlib import Path
from typing import Any

from . import commands

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "BENCHMARKS.md"
RESULTS = ROOT / "benchmarks" / "results"


def main() -> None:
    """Measure, and write what was measured."""
    rows = commands.rows()
    machine = {
        "python": platform.python_version(),
        "system": platform.system(),
        "processors": os.cpu_count(),
        "corsmith": importlib.metadata.version("corsmith"),
        "cfn-lint": importlib.metadata.version("cfn-lint"),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "commands.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n")
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), "commands", table(rows, machine)), encoding="utf-8")


def table(rows: list[dict[str, Any]], machine: dict[str, Any]) -> str:
    """Return the rows as a table, a line for each job, and what they were measured on."""
    tools = list(dict.fromkeys(row["tool"] for row in rows))
    figures = {(row["job"], row["tool"]): f"{row['cpu']:.2f} s" for row in rows}
    head = ["| CPU time | " + " | ".join(tools) + " |", "| --- |" + " ---: |" * len(tools)]
    jobs = dict.fromkeys(row["job"] for row in rows)
    body = [f"| {job} | " + " | ".join(figures.get((job, tool), "-") for tool in tools) + " |" for job in jobs]
    what = f"Least of five runs. Python {machine['python']}, {machine['processors']} processors, {machine['system']}"
    versions = ", ".join(f"{tool} {machine[tool]}" for tool in tools)
    return "\n".join([*head, *body, "", f"{what}; {versions}."])


def with_table(page: str, name: str, text: str) -> str:
    """Return `page` with the part between the markers of `name` replaced."""
    marked = re.compile(rf"(?s)(<!-- {name} -->\n).*?(<!-- end -->)")
    assert marked.search(page), f"BENCHMARKS.md has no marker for {name}"
    return marked.sub(lambda found: found[1] + text + "\n" + found[2], page)


main()
