"""Writes `docs/front-doors.md` from the rows of `corsmith.gateways.facts`.

`python -m scripts.front_doors` rewrites the page; with `--check` it changes nothing and exits 1 when the page is behind.
"""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import fields

from corsmith.gateways import Assumptions
from corsmith.gateways.facts import FACTS, Fact

PAGE = Path("docs/front-doors.md")
CONFIDENCE = ("documented", "measured", "reported", "assumed")
INTRODUCTION = """\
# What the front doors do

corsmith answers for five front doors of AWS as AWS answers: the static check, the local gateway and the audit all ask
the same code. Each row below is one behaviour, where it is known from, and how well. Each has a test of its name.

* *documented*: AWS says so.
* *measured*: somebody recorded it on AWS.
* *reported*: users describe it.
* *assumed*: nobody says; the row is the working assumption.

A row with a switch is disputed or unproven: a finding that depends on it has medium confidence and names the switch, a
field of `corsmith.gateways.Assumptions`, whose values are listed at the end.
"""


def page() -> str:
    """Return the page as it should be."""
    parts = [INTRODUCTION, _summary()]
    parts += [f"## {name}\n\n{_table(facts)}" for name, facts in FACTS.items()]
    parts.append(f"## Switches\n\n{_switches()}")
    return "\n".join(parts)


def _summary() -> str:
    head = "| front door | " + " | ".join(CONFIDENCE) + " | with a switch |\n| --- |" + " ---: |" * 5 + "\n"
    rows = []
    for name, facts in FACTS.items():
        counts = [sum(fact.confidence == each for fact in facts) for each in CONFIDENCE]
        counts.append(sum(bool(fact.assumption) for fact in facts))
        rows.append(f"| {name} | " + " | ".join(str(count) for count in counts) + " |\n")
    return head + "".join(rows)


def _table(facts: tuple[Fact, ...]) -> str:
    rows = [f"| {_cell(fact.statement)} | {_cell(fact.source)} | {_confidence(fact)} |\n" for fact in facts]
    return "| what | from | confidence |\n| --- | --- | --- |\n" + "".join(rows)


def _confidence(fact: Fact) -> str:
    return f"{fact.confidence}, `{fact.assumption}`" if fact.assumption else fact.confidence


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _switches() -> str:
    described = {fact.assumption: fact.statement for facts in FACTS.values() for fact in facts if fact.assumption}
    rows = [f"| `{each.name}` | `{each.default!r}` | {_cell(described[each.name])} |\n" for each in fields(Assumptions)]
    return "| switch | working assumption | decides |\n| --- | --- | --- |\n" + "".join(rows)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is behind."""
    wanted = page()
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{PAGE} is behind the facts: run python -m scripts.front_doors", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
