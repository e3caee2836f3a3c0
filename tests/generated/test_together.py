"""Two projects in one folder: of each the same is found as of it alone."""

from __future__ import annotations

import random

import pytest

from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Question, check

from .project import kinds, of_kind


def found(files: dict[str, str]) -> tuple[list[tuple[str, str, str, str]], int]:
    result = check(Tree(Memory(files)), Question((".",)))
    said = [
        (each.finding.severity.value, each.finding.rule, each.finding.spans[0].file, each.finding.route)
        for each in result.groups
    ]
    return sorted(said), len(result.cells)


@pytest.mark.parametrize("seed", range(6))
def test_projects_beside_each_other_are_checked_as_if_they_were_alone(seed: int) -> None:
    dice = random.Random(seed)
    for turn in range(8):
        pair = [of_kind(dice.choice(kinds()), turn) for _ in range(2)]
        if pair[0].plan.path == pair[1].plan.path and any(each.plan.page for each in pair):
            continue  # a page's call of that path may be meant for either
        one, other = (
            {f"{at}/{name}": text for name, text in made.files.items()} for at, made in zip("ab", pair, strict=True)
        )
        first, second, both = found(one), found(other), found({**one, **other})
        assert both == (sorted(first[0] + second[0]), first[1] + second[1])
