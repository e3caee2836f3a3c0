"""Check generated projects, a longer run: `python -m tests.generated 5000 [FIRST]`.

Prints the projects of which something else is found than was planted, and the counts. Returns 1 where there is one.
"""

from __future__ import annotations

import sys
from collections import Counter

from .judged import checked, disagreements
from .project import kinds, project


def main(count: int, first: int) -> int:
    """Check `count` projects, from number `first` on."""
    of_rule: Counter[str] = Counter()
    wrong = cells = 0
    for seed in range(first, first + count):
        made = project(seed)
        found = checked(made)
        cells += len(found.cells)
        of_rule[made.rule or "correct"] += 1
        for each in disagreements(made, found):
            wrong += 1
            print(f"{seed}: {made.plan.dialect}, {made.plan.door}, {made.plan.language}: {each}", flush=True)
    for rule, number in sorted(of_rule.items()):
        print(f"{number:6} {rule}")
    print(f"{count} projects of {len(kinds())} kinds, {cells} cells, {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*(int(each) for each in (*sys.argv[1:], *("5000", "0")[len(sys.argv) - 1 :]))))
