"""The fix command: a diff by default, files with --write, and never a file that is not what it was."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main
from corsmith.project import disk

from .test_check import BARE, FUNCTION, GOOD


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "template.yaml").write_bytes(FUNCTION.format(handler="app.handler").replace("\n", "\r\n").encode())
    (tmp_path / "app.py").write_text(BARE)
    return tmp_path


def run(*arguments: str, answers: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=answers, catch_exceptions=False)


def test_without_write_the_diff_is_shown_and_nothing_changes(folder: Path) -> None:
    before = (folder / "template.yaml").read_bytes()
    result = run("fix", ".")
    assert "+++ b/template.yaml" in result.stdout
    assert "+    CorsConfiguration:" in result.stdout
    assert "run again with --write" in result.stderr
    assert (folder / "template.yaml").read_bytes() == before


def test_write_repairs_and_a_second_run_finds_nothing(folder: Path) -> None:
    assert run("fix", ".", "--write").exit_code == 0
    text = (folder / "template.yaml").read_bytes()
    assert b"\r\n" in text
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert run("check", ".").exit_code == 0
    again = run("fix", ".", "--write")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "Nothing to fix.\n")
    assert (folder / "template.yaml").read_bytes() == text


def test_a_correct_project_is_not_changed_by_a_byte(folder: Path) -> None:
    (folder / "app.py").write_text(GOOD)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert run("fix", ".", "--write", "--unsafe").exit_code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_interactive_asks_for_each_fix(folder: Path) -> None:
    before = (folder / "template.yaml").read_bytes()
    refused = run("fix", ".", "--interactive", answers="n\n")
    assert refused.exit_code == 1
    assert "the browser prints:" in refused.stderr
    assert (folder / "template.yaml").read_bytes() == before
    assert run("fix", ".", "--interactive", answers="y\n").exit_code == 0
    assert (folder / "template.yaml").read_bytes() != before


def test_an_unsafe_fix_needs_its_flag(folder: Path) -> None:
    (folder / "app.py").write_text(GOOD)
    flags = ("--credentials", "--origin", "https://a.example")
    assert run("fix", ".", *flags).exit_code == 1
    result = run("fix", ".", *flags, "--unsafe", "--write")
    assert result.exit_code == 0
    assert '"access-control-allow-origin": "https://a.example"' in (folder / "app.py").read_text()
    assert run("check", ".", *flags).exit_code == 0


def test_a_file_that_changed_meanwhile_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = disk.write

    def late(path: str, before: str, after: str) -> None:
        Path(path).write_text("somebody else's\n")
        real(path, before, after)

    monkeypatch.setattr(disk, "write", late)
    result = run("fix", ".", "--write")
    assert result.exit_code == 2
    assert "template.yaml: changed since it was read; nothing was written" in result.stderr
    assert (folder / "template.yaml").read_text() == "somebody else's\n"


def test_a_missing_target_is_one_line() -> None:
    result = run("fix", "nowhere", "--write")
    assert result.exit_code == 2
    assert result.stderr.startswith("corsmith: nowhere:1:1: no such file or folder")


def test_an_origin_that_nobody_declared_is_said_to_be_a_stand_in(folder: Path) -> None:
    assert "https://app.example.com stands in for it" in run("fix", ".").stderr
    assert "stands in" not in run("fix", ".", "--origin", "https://shop.example").stderr
    assert run("fix", ".", "--write").exit_code == 0
    assert run("fix", ".").stderr == "Nothing to fix.\n"


TWO = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  One: {Type: AWS::Serverless::HttpApi}
  Two: {Type: AWS::Serverless::HttpApi}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        A: {Type: HttpApi, Properties: {ApiId: !Ref One, Path: /a, Method: GET}}
        B: {Type: HttpApi, Properties: {ApiId: !Ref Two, Path: /b, Method: GET}}
"""


@pytest.mark.parametrize(
    ("answers", "fixed"), [("a\n", 2), ("q\n", 0), ("y\nn\n", 1), ("?\nno\nyes\n", 1), ("n\nq\n", 0)]
)
def test_one_answer_can_stand_for_the_rest(answers: str, fixed: int, folder: Path) -> None:
    (folder / "template.yaml").write_text(TWO)
    result = run("fix", ".", "--interactive", answers=answers)
    assert (folder / "template.yaml").read_text().count("CorsConfiguration") == fixed
    assert result.stderr.count("because you declined: Configure CORS on") == 2 - fixed
    assert ("y: apply it" in result.stderr) == ("?" in answers)
    assert result.exit_code == (0 if fixed == 2 else 1)


def test_interactive_shows_the_difference_and_the_console_message() -> None:
    shown = run("fix", ".", "--interactive", answers="n\n").stderr
    assert "    +    CorsConfiguration:" in shown
    assert "  the browser prints: Access to fetch at" in shown


def test_what_is_left_is_listed_with_the_reason(folder: Path) -> None:
    (folder / "app.py").write_text(GOOD)
    flags = ("--credentials", "--origin", "https://a.example")
    assert "because the fix needs thought, and --unsafe:" in run("fix", ".", *flags).stderr
    (folder / "app.py").write_text("def handler(event, context):\n    return 3 + [\n")
    result = run("fix", ".")
    assert result.exit_code == 2


def test_writing_among_uncommitted_changes_is_warned_of(folder: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    assert "warning" not in run("fix", ".").stderr
    (folder / "app.py").write_text(f"# changed\n{BARE}")
    assert "not committed" not in run("fix", ".").stderr
    assert "has 1 file with changes that are not committed" in run("fix", ".", "--write").stderr
    git("add", ".")
    git("commit", "-q", "-m", "second")
    (folder / "template.yaml").write_bytes(FUNCTION.format(handler="app.handler").encode())
    git("commit", "-q", "-a", "-m", "third")
    assert "not committed" not in run("fix", ".", "--write").stderr


def test_only_selected_rules_are_repaired(folder: Path) -> None:
    before = (folder / "template.yaml").read_bytes()
    result = run("fix", ".", "--write", "--ignore", "httpapi-no-cors-config")
    assert "set aside by comments, settings or flags" in result.stderr
    assert (folder / "template.yaml").read_bytes() == before
    assert result.exit_code == 0


def test_advice_is_counted_and_nothing_that_is_left(folder: Path) -> None:
    (folder / "template.yaml").write_text(FUNCTION.format(handler="app.handler").replace("Method: GET", "Method: ANY"))
    wrapped = (
        "from lambda_cors import Policy, cors\n\n\n@cors(Policy(origins=['https://a.example'], methods=['PUT']))\n"
    )
    (folder / "app.py").write_text(wrapped + BARE)
    result = run("fix", ".", "--origin", "https://a.example", "--method", "PUT")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "1 more to think about: corsmith check tells\nNothing to fix.\n"


def on_a_terminal(answers: str, *arguments: str) -> tuple[int, str]:
    """Run corsmith with a terminal on every stream; return its exit code and what the terminal shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "corsmith", *arguments]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
            while part := os.read(ours, 65536):
                shown += part
        os.close(ours)
        return process.wait(), shown.decode()


def test_on_a_terminal_the_origin_is_asked_for_once(folder: Path) -> None:
    code, shown = on_a_terminal("https://Shop.example/\nhttps://shop.example\n", "fix", ".", "--write")
    assert code == 0, shown
    assert "has capitals, which browsers never send" in shown
    assert shown.count("No origin of a page is declared") == 1
    assert "https://shop.example" in (folder / "template.yaml").read_text()
    code, shown = on_a_terminal("", "fix", ".")
    assert "Origin of your pages" not in shown
