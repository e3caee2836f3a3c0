"""Whatever is repaired: no error is left that people can do without, no route, no certainty, no other line."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from corsmith.api.finding import Severity
from corsmith.api.tree import Memory, Tree
from corsmith.project.check import Checked, check
from corsmith.project.prove import first_safe
from corsmith.project.repair import repair

from .every import Mended, pages, served

BY_HAND = {"alb-answers-itself": "whether the page or the listener is to change, their owner says"}
"""Projects whose error stays, and why."""
ELSEWHERE = frozenset(("openapi-rest-other-origin", "preflight-redirected"))
"""Projects whose call is answered outside of their files: a blocked preflight hid that."""
PROJECTS = [*pages(), *served()]
EACH = pytest.mark.parametrize("each", PROJECTS, ids=[each.name for each in PROJECTS])


def errors(checked: Checked) -> list[str]:
    return [group.finding.rule for group in checked.groups if group.finding.severity is Severity.ERROR]


@EACH
def test_no_error_is_left(each: Mended) -> None:
    left = errors(each.after)
    assert (left == []) is (each.name not in BY_HAND), [fix.title for _, fix in each.result.done]
    assert not each.after.unexplained
    assert each.after.problems == each.result.before.problems


@EACH
def test_where_an_error_is_left_the_way_is_said(each: Mended) -> None:
    for group in each.after.groups:
        if group.finding.severity is not Severity.INFO:
            (fix,) = first_safe(each.question, each.after, group)
            assert fix.edits == ()
            assert len(fix.by_hand) > 40


@EACH
def test_no_route_no_method_and_no_certainty_is_lost(each: Mended) -> None:
    before, after = (
        Counter((c.route.front_door.name, c.route.label, c.caller.method) for c in of.cells)
        for of in (each.result.before, each.after)
    )
    assert set(before) <= set(after)
    undecided = [sum(cell.undecided is not None for cell in of.cells) for of in (each.result.before, each.after)]
    assert undecided[1] <= undecided[0] or each.name in ELSEWHERE


@EACH
def test_nothing_is_merely_ignored(each: Mended) -> None:
    marks = ("corsmith: ignore", "corsmith.toml", "[tool.corsmith]")
    for file, (old, new) in each.result.changed().items():
        assert all(new.count(mark) == old.count(mark) for mark in marks), file
    assert each.now().keys() == each.files.keys()


@EACH
def test_the_next_check_finds_the_same_from_the_files_alone(each: Mended) -> None:
    assert errors(check(Tree(Memory(each.now())), each.question)) == errors(each.after)


@EACH
def test_a_second_run_has_nothing_to_do(each: Mended) -> None:
    assert repair(each.question, each.after, lambda finding, fix: True).done == ()


def git(folder: Path, *arguments: str) -> str:
    identity = (
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.autocrlf=0",
    )
    told = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
    return told.stdout.decode()


def test_the_lines_that_git_shows_are_those_of_the_fixes(tmp_path: Path) -> None:
    told = counted(tmp_path, {each.name: (each.files, each.now()) for each in PROJECTS})
    wanted = {f"{each.name}/{file}": most for each in PROJECTS for file, most in touched(each).items()}
    assert surplus(told, wanted) == []
    assert len(told) >= 60


def test_a_line_that_no_fix_wrote_is_counted(tmp_path: Path) -> None:
    each = next(each for each in PROJECTS if len(each.result.done) == 1)
    now = {file: text + "\n" * 9 for file, text in each.now().items()}
    told = counted(tmp_path, {"": (each.files, now)})
    assert surplus(told, touched(each)) == sorted(each.files)


def counted(folder: Path, projects: dict[str, tuple[dict[str, str], dict[str, str]]]) -> dict[str, tuple[int, int]]:
    """Return how many lines git shows as removed from each file and added to it."""
    git(folder, "init", "-q")
    for name, (before, _) in projects.items():
        write(folder / name, before)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "before")
    for name, (_, after) in projects.items():
        write(folder / name, after)
    lines = (line.split("\t") for line in git(folder, "diff", "--numstat", "--no-renames").splitlines())
    return {file: (int(removed), int(added)) for added, removed, file in lines}


def surplus(told: dict[str, tuple[int, int]], most: dict[str, tuple[int, int]]) -> list[str]:
    """Return the files of which git shows more lines than the fixes may have changed."""
    return sorted(
        file
        for file, lines in told.items()
        if any(one > may for one, may in zip(lines, most.get(file, (0, 0)), strict=True))
    )


def touched(each: Mended) -> dict[str, tuple[int, int]]:
    """Return how many lines the fixes of a project may remove from each file, and add to it."""
    tree = each.result.before.tree
    found: dict[str, tuple[int, int]] = {}
    for _, fix in each.result.done:
        for edit in fix.edits:
            removed, added = found.get(edit.file, (0, 0))
            old = tree.read(edit.file)[edit.start : edit.end]
            found[edit.file] = (removed + old.count("\n") + 1, added + edit.text.count("\n") + 1)
        tree = tree.with_edits(fix.edits)
    return found


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
