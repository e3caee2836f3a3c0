"""Asks cfn-lint about the faults that the rules' pages show, and writes the table of `docs/comparison.md`.

    python -m scripts.linters

A page has a template before and after its repair. cfn-lint tells of the fault where it says something of the first that it
does not say of the second. Pages whose fault stands in another dialect or in code alone are asked about as well: that is what
people have.
"""

from __future__ import annotations

import datetime
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from importlib.metadata import version
from pathlib import Path

from corsmith.rules import CATALOGUE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "comparison.md"
RULES = ROOT / "docs" / "rules"
_FILE = re.compile(r'(?ms)^```\w+ title="([^"]+)"\n(.*?)^```$')
_ENDINGS = (".yaml", ".yml", ".json")
_KINDS = ("blocked", "deploy", "security", "advice")


def templates(rule: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return a page's CloudFormation and SAM templates before and after, by name."""
    text = (RULES / f"{rule}.md").read_text(encoding="utf-8")
    before, _, rest = text.partition("\n## Before\n")[2].partition("\n## After\n")
    return _templates(before), _templates(rest)


def _templates(text: str) -> dict[str, str]:
    return {name: body for name, body in _FILE.findall(text) if name.endswith(_ENDINGS) and "Resources" in body}


def lint(folder: Path, files: list[str]) -> dict[str, Counter[str]]:
    """Return what cfn-lint says of each file: how often each of its rules."""
    command = [
        str(Path(sys.executable).with_name("cfn-lint")),
        "--format",
        "json",
        "--regions",
        "us-east-1",
        "--",
        *files,
    ]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    said: dict[str, Counter[str]] = {file: Counter() for file in files}
    for each in json.loads(told.stdout):
        said[Path(each["Filename"]).name][each["Rule"]["Id"]] += 1
    return said


def table() -> str:
    """Return one row for each category of rules."""
    asked: dict[str, list[tuple[str, str | None, str | None]]] = {kind: [] for kind in _KINDS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rule in CATALOGUE:
            before, after = templates(rule.id)
            pair: list[str | None] = [None, None]
            shared = next((each for each in before if each in after), None)
            if shared is not None:
                for at, text in enumerate((before[shared], after[shared])):
                    pair[at] = f"{rule.id}-{at}.yaml"
                    (folder / str(pair[at])).write_text(text, encoding="utf-8")
            asked[rule.category].append((rule.id, pair[0], pair[1]))
        said = lint(folder, [each.name for each in sorted(folder.iterdir())])
    rows = []
    for kind, rules in asked.items():
        found = sorted(rule for rule, before, after in rules if before and after and said[before] - said[after])
        names = ", ".join(f"[{rule}](rules/{rule}.md)" for rule in found) or "-"
        shown = sum(before is not None for _, before, _ in rules)
        rows.append(f"| {kind} | {len(rules)} | {shown} | {len(rules)} | {len(found)} | {names} |\n")
    head = "| category | faults shown | of them in a template that cfn-lint reads | corsmith | cfn-lint | which |\n"
    head += "| --- | ---: | ---: | ---: | ---: | --- |\n"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    note = (
        f"\ncorsmith {version('corsmith')}, cfn-lint {version('cfn-lint')}; {today}, by `python -m scripts.linters`.\n"
    )
    return head + "".join(rows) + note


def main() -> int:
    """Write the table; return the exit code."""
    text = PAGE.read_text(encoding="utf-8")
    made = table()
    PAGE.write_text(
        re.sub(r"(?s)(<!-- linters -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{made}{m[2]}", text), encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
