"""A fix that changes several files is written whole, or not at all; what stands in the way is said, and nothing is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.api.fix import Edit, Fix
from corsmith.api.tree import Tree
from corsmith.project import disk
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk
from corsmith.project.repair import Repair
from corsmith.project.written import write_all

FOUND = Finding("r", Severity.ERROR, Confidence.HIGH, Category.BLOCKED, "m", "rest_api", "Shop")
NAMES = ("a.py", "b.py", "c.py", "d.py")


@pytest.fixture
def repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repair:
    """Three fixes: of a and b together, of b and c, of d alone."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        (tmp_path / name).write_text("old\nold\n")
    before = check(Tree(Disk()), Question((".",), CallerFlags()))
    done = [
        (FOUND, Fix("one", True, (Edit("a.py", 0, 3, "new"), Edit("b.py", 0, 3, "new")))),
        (FOUND, Fix("two", True, (Edit("b.py", 4, 7, "new"), Edit("c.py", 0, 3, "new")))),
        (FOUND, Fix("three", True, (Edit("d.py", 0, 3, "new"),))),
    ]
    tree = before.tree
    for _, fix in done:
        tree = tree.with_edits(fix.edits)
    after = check(tree, Question((".",), CallerFlags()))
    return Repair(before, after, tuple(done))


def texts(folder: Path) -> list[bool]:
    return [(folder / name).read_text().startswith("new") for name in NAMES]


def test_all_is_written(repaired: Repair, tmp_path: Path) -> None:
    assert write_all(repaired) == {}
    assert texts(tmp_path) == [True] * 4
    assert (tmp_path / "b.py").read_text() == "new\nnew\n"


def test_a_changed_file_holds_back_what_its_fixes_change_with_it(repaired: Repair, tmp_path: Path) -> None:
    (tmp_path / "c.py").write_text("somebody else's\n")
    left = write_all(repaired)
    assert texts(tmp_path) == [False, False, False, True]
    assert (tmp_path / "c.py").read_text() == "somebody else's\n"
    assert "changed since it was read" in left["c.py"]
    assert left["b.py"] == "b.py: nothing was written, because a fix changes c.py with it"
    assert left["a.py"] == "a.py: nothing was written, because a fix changes b.py with it"


def test_a_read_only_file_is_left(repaired: Repair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write everything: the question is asked, not the mode.
    writable = os.access
    monkeypatch.setattr(disk.os, "access", lambda path, mode: Path(path).name != "d.py" and writable(path, mode))
    assert "read-only" in write_all(repaired)["d.py"]
    assert texts(tmp_path) == [True, True, True, False]


def test_a_file_that_is_gone_is_said(repaired: Repair, tmp_path: Path) -> None:
    (tmp_path / "d.py").unlink()
    assert "no such file" in write_all(repaired)["d.py"]
    assert not (tmp_path / "d.py").exists()


def test_a_full_disk_is_said_and_leaves_the_file(
    repaired: Repair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    left = write_all(repaired)
    assert left == {name: f"{name}: cannot be written: No space left on device" for name in NAMES}
    assert texts(tmp_path) == [False] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == list(NAMES)


def test_an_interruption_leaves_whole_files(repaired: Repair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.fsync, []

    def interrupted(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(descriptor)

    monkeypatch.setattr(disk.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(repaired)
    assert texts(tmp_path) == [True, False, False, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == list(NAMES)


def test_a_linked_source_is_written_where_it_is(repaired: Repair, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "d.py").rename(tmp_path / "elsewhere" / "real.py")
    (tmp_path / "d.py").symlink_to("elsewhere/real.py")
    assert write_all(repaired) == {}
    assert (tmp_path / "d.py").is_symlink()
    assert (tmp_path / "elsewhere" / "real.py").read_text() == "new\nold\n"


def test_two_fixes_in_one_line_are_both_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("one two\n")
    before = check(Tree(Disk()), Question((".",), CallerFlags()))
    first, second = Edit("a.py", 0, 3, "eins"), Edit("a.py", 5, 8, "zwei")
    tree = before.tree.with_edits((first,)).with_edits((second,))
    after = check(tree, Question((".",), CallerFlags()))
    assert (
        write_all(Repair(before, after, ((FOUND, Fix("1", True, (first,))), (FOUND, Fix("2", True, (second,)))))) == {}
    )
    assert (tmp_path / "a.py").read_text() == "eins zwei\n"
