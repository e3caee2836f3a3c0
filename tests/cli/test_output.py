"""--output: the whole report or the old file; and what is said of files passed over."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from .projects import report, run, write

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schema" / "check.schema.json").read_text())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write()
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "html"])
def test_every_format_goes_to_a_file_as_it_goes_to_the_terminal(form: str, folder: Path) -> None:
    printed = run("check", ".", "--format", form).stdout
    assert run("check", ".", "--format", form, "--output", "report").stdout == ""
    assert (folder / "report").read_bytes().decode() == printed
    assert printed.endswith("\n")
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "report", "template.yaml"]


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(folder: Path) -> None:
    (folder / "real").write_text("old")
    (folder / "real").chmod(0o640)
    (folder / "link").symlink_to("real")
    run("check", ".", "--output", "link")
    assert (folder / "link").is_symlink()
    assert (folder / "real").stat().st_mode & 0o777 == 0o640
    assert "1 error" in (folder / "real").read_text()
    mask = os.umask(0o027)
    try:
        run("check", ".", "--output", "new")
    finally:
        os.umask(mask)
    assert (folder / "new").stat().st_mode & 0o777 == 0o640


def test_what_is_no_file_is_written_as_it_is() -> None:
    assert run("check", ".", "--output", os.devnull).exit_code == 1
    assert Path(os.devnull).is_char_device()


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_left_behind(folder: Path) -> None:
    result = run("check", ".", "--output", "none/report")
    assert result.exit_code == 2
    assert "corsmith: --output none/report: cannot be written: No such file or directory" in result.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["app.py", "template.yaml"]


def test_files_passed_over_are_named_in_one_line(folder: Path) -> None:
    for name in ("a.json", "b.json", "c.yaml", "d.yaml", "e.yml"):
        (folder / name).write_text("a: 1\n" if name.endswith("l") else "{}")
    assert "\npassed over, for they hold no template: a.json, b.json, c.yaml and 2 more\n" in run("check", ".").stdout
    found = report(".")
    assert found["passed_over"] == ["a.json", "b.json", "c.yaml", "d.yaml", "e.yml"]
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_names_cannot_steer_the_terminal(folder: Path) -> None:
    text = (folder / "template.yaml").read_text()
    (folder / "template.yaml").write_text(text.replace("/items", '"/\\x1b]0;title\\x07\\x9b2J\\r"'))
    shown = run("check", ".").stdout
    assert "title" in shown
    assert not {"\x1b", "\x07", "\x9b", "\r"} & set(shown)
