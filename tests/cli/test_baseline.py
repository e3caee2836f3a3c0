"""Known findings and revisions: only what is new or worse counts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from .projects import CODE, ERROR, TEMPLATE, WARNING, report, rules, run, write

LAST = '    return {"statusCode": 200'
KNOWN = ("--baseline", "known.json")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write()
    return tmp_path


@pytest.fixture
def known() -> None:
    result = run("check", ".", *KNOWN, "--write-baseline")
    assert result.exit_code == 0
    assert "known from now on: known.json" in result.stderr


@pytest.mark.usefixtures("known")
def test_what_is_known_does_not_count() -> None:
    assert rules(".", *KNOWN) == []
    assert report(".", *KNOWN)["summary"]["known"] >= 2
    result = run("check", ".", *KNOWN)
    assert result.exit_code == 0
    assert " known\n" in result.stdout


@pytest.mark.usefixtures("known")
def test_moved_lines_and_other_blanks_stay_known() -> None:
    moved = CODE.replace("def handler", "\n\n# more\n\ndef handler").replace("        return", "            return")
    write(code=moved, template="# the shop\n" + TEMPLATE)
    assert rules(".", *KNOWN) == []


@pytest.mark.usefixtures("known")
def test_what_is_new_counts() -> None:
    second = '    if event["queryStringParameters"].get("q"):\n        return {"statusCode": 404}\n'
    write(code=CODE.replace(LAST, second + LAST))
    assert rules(".", *KNOWN) == [ERROR]
    assert report(".", *KNOWN)["findings"][0]["locations"][0]["line"] == 8
    assert run("check", ".", *KNOWN).exit_code == 1


@pytest.mark.usefixtures("known")
def test_the_same_line_once_more_is_new() -> None:
    second = '    if event["queryStringParameters"].get("q"):\n        return {"statusCode": 400}\n'
    write(code=CODE.replace(LAST, second + LAST))
    assert rules(".", *KNOWN) == [ERROR]


@pytest.mark.usefixtures("known")
def test_what_is_worse_counts() -> None:
    entries = json.loads(Path("known.json").read_text())
    for each in entries["findings"]:
        each["severity"] = "info" if each["rule"] == WARNING else each["severity"]
        each["routes"] = [] if each["rule"] == ERROR else each["routes"]
    Path("known.json").write_text(json.dumps(entries))
    assert rules(".", *KNOWN) == [ERROR, WARNING]


@pytest.mark.usefixtures("known")
def test_what_is_gone_is_said_and_taken_out_on_demand() -> None:
    write(code=CODE.replace("400}", '400, "headers": HEADERS}'))
    result = run("check", ".", *KNOWN)
    assert "1 known in known.json no longer found; --write-baseline takes them out" in result.stderr
    before = Path("known.json").read_text()
    assert ERROR in before
    run("check", ".", *KNOWN, "--write-baseline")
    assert ERROR not in Path("known.json").read_text()


def test_a_baseline_lies_where_it_likes_and_is_read_from_anywhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "shop")
    run("check", "shop", "--baseline", "ci/known.json", "--write-baseline")
    assert not (folder / "ci").exists()
    (folder / "ci").mkdir()
    run("check", "shop", "--baseline", "ci/known.json", "--write-baseline")
    assert '"file": "../shop/app.py"' in (folder / "ci" / "known.json").read_text()
    monkeypatch.chdir(folder / "shop")
    assert rules(".", "--baseline", "../ci/known.json") == []


BAD = [
    (None, "no such file; --write-baseline makes it"),
    ("{", "is no JSON"),
    ("[]", "is no baseline"),
    ('{"schema": "corsmith-baseline/1", "findings": [{"rule": "x"}]}', "finding 1 lacks one of rule, api, file"),
    (
        '{"schema": "corsmith-baseline/1", "findings": [{"rule": "x", "api": "", "file": "", "code": "", "severity": 1}]}',
        "finding 1 lacks one of",
    ),
]


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_file_that_is_no_baseline_is_said(text: str | None, said: str) -> None:
    if text is not None:
        Path("known.json").write_text(text)
    result = run("check", ".", *KNOWN)
    assert result.exit_code == 2
    assert f"corsmith: --baseline known.json: {said}" in result.stderr


def test_writing_needs_the_name_of_the_file() -> None:
    assert run("check", ".", "--write-baseline").exit_code == 2


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed() -> None:
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "first")


SINCE = ("--since", "HEAD")


@pytest.mark.usefixtures("committed")
def test_nothing_is_new_since_the_last_commit() -> None:
    assert rules(".", *SINCE) == []
    assert run("check", ".", *SINCE).exit_code == 0


@pytest.mark.usefixtures("committed")
def test_since_a_revision_new_findings_count_wherever_they_show() -> None:
    write(template=TEMPLATE.replace("            Method: GET", "            Method: PUT"))
    assert rules(".", *SINCE) == ["rest-no-options-method"]


@pytest.mark.usefixtures("committed")
def test_an_old_finding_counts_where_its_line_changed() -> None:
    write(code=CODE.replace("400}", "400}  # as ever"))
    assert rules(".", *SINCE) == [ERROR]


@pytest.mark.usefixtures("committed")
def test_moved_lines_are_no_change() -> None:
    write(code="import json\n\n\n" + CODE, template="# the shop\n" + TEMPLATE)
    assert rules(".", *SINCE) == []


@pytest.mark.usefixtures("committed")
def test_files_that_git_does_not_know_are_new(folder: Path) -> None:
    write(folder / "two")
    found = report(".", *SINCE)["findings"]
    assert {each["locations"][0]["file"] for each in found} == {"two/app.py", "two/template.yaml"}


@pytest.mark.usefixtures("committed")
def test_a_file_that_is_gone_was_there_then() -> None:
    git("mv", "app.py", "shop.py")
    write(template=TEMPLATE.replace("app.handler", "shop.handler"))
    Path("app.py").unlink()
    assert ERROR in rules(".", *SINCE)


@pytest.mark.usefixtures("committed")
def test_revisions_are_asked_for_from_any_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "two")
    monkeypatch.chdir(folder / "two")
    assert rules(".", *SINCE) == [ERROR, WARNING]
    assert rules("..", *SINCE) == [ERROR, WARNING]


@pytest.mark.usefixtures("committed")
def test_targets_may_be_absolute_or_lie_behind_a_link(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(code=CODE.replace("400}", "400}  # as ever"))
    found = report(str(folder / "template.yaml"), *SINCE)["findings"]
    assert [each["locations"][0]["file"] for each in found] == ["app.py"]
    (folder.parent / "link").symlink_to(folder)
    assert rules("../link", *SINCE) == [ERROR]
    monkeypatch.chdir(folder.parent / "link")
    assert rules("template.yaml", *SINCE) == [ERROR]


@pytest.mark.usefixtures("committed")
def test_long_files_with_many_equal_lines_are_compared(folder: Path) -> None:
    many = "".join(f"  # {number % 7}\n" for number in range(20_000))
    write(template=TEMPLATE + many)
    git("commit", "-q", "-a", "-m", "second")
    write(template=TEMPLATE.replace("  ShopApi:", "  ShopApi:  # the shop") + many.replace("# 3", "# 33"))
    assert rules(".", *SINCE) == [WARNING]


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~5", ""])
def test_an_unknown_revision_is_said(revision: str, folder: Path) -> None:
    result = run("check", ".", f"--since={revision}")
    assert result.exit_code == 2
    assert "there is no revision" in result.stderr
    assert not (folder / "x").exists()


def test_without_a_repository_it_is_said() -> None:
    result = run("check", ".", *SINCE)
    assert result.exit_code == 2
    assert "is in no git repository" in result.stderr


def test_without_git_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    result = run("check", ".", *SINCE)
    assert result.exit_code == 2
    assert "git is not installed" in result.stderr
