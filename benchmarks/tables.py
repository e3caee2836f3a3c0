"""Writes the tables of BENCHMARKS.md from the result files, each with the date, the versions and the machine of its figures.

python -m benchmarks.tables [NAME...]  writes them, all without a name
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


def write(*names: str) -> None:
    """Write the tables of these benchmarks, or all of them, as their result files have them."""

    def written(place: re.Match[str]) -> str:
        name = place["name"]
        return place[0] if names and name not in names else f"<!-- {name} -->\n{shown(name)}\n<!-- end -->"

    PAGE.write_text(PLACE.sub(written, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the page, or compare it; return the exit code."""
    if "--check" not in arguments:
        write(*arguments)
        return 0
    text = PAGE.read_text(encoding="utf-8")
    late = [place["name"] for place in PLACE.finditer(text) if place["table"] != shown(place["name"]) + "\n"]
    if late:
        print(f"run python -m benchmarks.tables: {', '.join(late)} have other results than BENCHMARKS.md shows")
    return int(bool(late))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
