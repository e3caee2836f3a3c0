"""Collects the errors that are found in other people's projects, for somebody to check by hand.

Run: python -m scripts.precision FOLDER... [--rule RULE] [--sample 20]. Each FOLDER holds a repository; each of its folders is
checked as a project. Prints how many errors each rule reports, in how many projects; with --rule a sample of them, drawn
with a fixed seed, each with its places and its message. One place is one finding, however many templates lead there.
"""

from __future__ import annotations

import os
import random
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from corsmith.api.finding import Severity
from corsmith.api.report import Report
from corsmith.api.tree import Tree
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk


class Error(Struct, frozen=True):
    """One error in one project."""

    rule: str
    project: str
    places: tuple[str, ...]
    route: str
    message: str


def errors(repository: Path) -> Iterator[Error]:
    """Yield the errors in the projects of a repository, and print what could not be explained."""
    os.chdir(repository)
    folders = sorted(each.name for each in Path().iterdir() if each.is_dir() and not each.name.startswith("."))
    for folder in folders:
        found = check(Tree(Disk()), Question((folder,)))
        report = Report(found.tree)
        for cell in found.unexplained:
            print(f"unexplained: {repository.name}/{folder}: {cell.route.label}: {cell.verdict.error}")
        for group in found.groups:
            finding = group.finding
            if finding.severity is Severity.ERROR:
                places = tuple(f"{each.file}:{each.line}" for each in map(report.location, finding.spans))
                yield Error(finding.rule, f"{repository.name}/{folder}", places, finding.route, finding.message)


def main() -> None:
    """Print the counts, or a sample."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rule")
    parser.add_argument("--sample", type=int, default=20)
    arguments = parser.parse_args()
    of_rule: dict[str, dict[tuple[str, tuple[str, ...], str], Error]] = defaultdict(dict)
    for folder in [each.resolve() for each in arguments.folders]:
        for error in errors(folder):
            of_rule[error.rule].setdefault((error.project, error.places[:1], error.message), error)
    if arguments.rule is None:
        for rule, found in sorted(of_rule.items()):
            print(f"{len(found):5} in {len({each.project for each in found.values()}):4} projects: {rule}")
        return
    drawn = list(of_rule[arguments.rule].values())
    random.Random(7).shuffle(drawn)
    for each in drawn[: arguments.sample]:
        print(f"{each.project}: {each.route} {', '.join(each.places)}\n    {each.message}")


if __name__ == "__main__":
    main()
