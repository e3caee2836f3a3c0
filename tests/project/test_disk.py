"""Files are replaced whole or not at all, and never when they changed since they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from corsmith.api.tree import Unreadable
from corsmith.project import disk
from corsmith.project.disk import Disk, write


def test_text_comes_without_byte_order_mark_and_with_its_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2")
    assert Disk().read(str(file)) == "a: 1\r\nb: 2"


def test_a_byte_order_mark_and_the_mode_survive_a_write(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    file.chmod(0o640)
    write(str(file), "a: 1\r\n", "a: 2\r\n")
    assert file.read_bytes() == b"\xef\xbb\xbfa: 2\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["t.yaml"]


def test_a_file_that_changed_since_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("a: 3\n")
    with pytest.raises(Unreadable, match="changed since it was read"):
        write(str(file), "a: 1\n", "a: 2\n")
    assert file.read_text() == "a: 3\n"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("a: 1\n")
    link = tmp_path / "link.yaml"
    link.symlink_to("real.yaml")
    write(str(link), "a: 1\n", "a: 2\n")
    assert link.is_symlink()
    assert (tmp_path / "real.yaml").read_text() == "a: 2\n"


def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "t.yaml"
    file.write_text("a: 1\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write(str(file), "a: 1\n", "a: 2\n")
    assert file.read_text() == "a: 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["t.yaml"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.yaml", None, "no such file"),
        ("latin.yaml", b"\xe9", "not UTF-8 text"),
        ("folder", "dir", "is a folder"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: object, reason: str) -> None:
    path = tmp_path / name
    if content == "dir":
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        Disk().read(str(path))


def test_dependencies_and_loops_of_links_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("src", "node_modules/x", ".aws-sam/build"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.py").write_text("")
    (tmp_path / "src" / "loop").symlink_to(tmp_path)
    assert Disk().list(".") == ("src/a.py",)
