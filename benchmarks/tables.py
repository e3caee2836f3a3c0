"""Writes the tables of BENCHMARKS.md from the result files, each with the date, the versions and the machine of its figures.

python -m benchmarks.tables            writes
python -m benchmarks.tables --check    says which tables are others than their results, and exits with 1
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

from .measured import RESULTS, said

PAGE = Path(__file__).parents[1] / "BENCHMARKS.md"
PLACE = re.compile(r"(?ms)^<!-- (?P<name>[a-z]+) -->\n(?P<table>.*?)^<!-- end -->$")


def shown(name: str) -> str:
    """Return the table of a benchmark's last result, and under it what it was measured with."""
    found = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    table: str = importlib.import_module(f"benchmarks.{name}").shown(found)
    return f"{table}\n\n{said(found['measured'])}"


def page(text: str) -> str:
    """Return the page with each table as its result file has it."""
    return PLACE.sub(lambda place: f"<!-- {place['name']} -->\n{shown(place['name'])}\n<!-- end -->", text)


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; return the exit code."""
    text = PAGE.read_text(encoding="utf-8")
    if "--check" not in arguments:
        PAGE.write_text(page(text), encoding="utf-8")
        return 0
    late = [place["name"] for place in PLACE.finditer(text) if place["table"] != shown(place["name"]) + "\n"]
    if late:
        print(f"run python -m benchmarks.tables: {', '.join(late)} have other results than BENCHMARKS.md shows")
    return int(bool(late))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
