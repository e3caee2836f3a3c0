"""Measures what `corsmith fix --unsafe` repairs: each planted fault, in each dialect, front door and language.

`python -m scripts.fixable` repairs every kind of generated project (some minutes) and writes the table of docs/fixing.md:
for each rule, how many of its projects are clean afterwards, by dialect and by language of the handler. A number takes
every so manieth kind only.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check
from corsmith.project.repair import checked, repair
from tests.generated.plan import CDK, LANGUAGES
from tests.generated.project import Kind, kinds, of_kind
from tests.rules.test_pages import flags

PAGE = Path("docs/fixing.md")
COLUMNS = ("sam", "cloudformation", "openapi", "serverless", "terraform", *LANGUAGES)
TITLES = ("SAM", "CloudFormation", "OpenAPI", "Serverless", "Terraform", "Python", "JavaScript", "TypeScript")
_TABLE = re.compile(r"(?s)<!-- measured -->\n.*?<!-- /measured -->")


def clean(kind: Kind, number: int) -> bool:
    """Say whether a project of that kind has neither error nor warning after its repair."""
    made = of_kind(kind, number)
    question = Question((".",), flags([*made.arguments]))
    result = repair(question, check(Tree(Memory(made.files)), question), lambda finding, fix: True)
    return all(each.finding.severity is Severity.INFO for each in checked(question, result.after).groups)


def table(every: int) -> str:
    """Return the table, and a line that sums it up, of each `every`th kind."""
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    whole = [0, 0]
    for number, kind in enumerate(kinds()):
        if kind.fault is None or kind.dialect == CDK or number % every:
            continue
        repaired = clean(kind, number)
        for column in (kind.dialect, kind.language):
            count = counts[kind.fault.rule, column]
            count[0] += repaired
            count[1] += 1
        whole[0] += repaired
        whole[1] += 1
    lines = [
        f"{whole[0]:,} of {whole[1]:,} projects, each with one planted fault, are clean after `corsmith fix --unsafe`.",
        "",
    ]
    lines += [f"| rule | {' | '.join(TITLES)} |", "| --- |" + " --- |" * len(TITLES)]
    for rule in sorted({rule for rule, _ in counts}):
        cells = [_cell(counts[rule, column]) if (rule, column) in counts else "" for column in COLUMNS]
        lines.append(f"| [{rule}](rules/{rule}.md) | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(count: list[int]) -> str:
    done, total = count
    return "yes" if done == total else "no" if not done else f"{done} of {total}"


def main(every: int) -> int:
    """Write the table into its page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_TABLE.sub(f"<!-- measured -->\n{table(every)}\n<!-- /measured -->", text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
