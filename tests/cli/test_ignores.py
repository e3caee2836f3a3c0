"""Findings set aside by a comment: in every comment syntax, with a reason, at their line or above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from corsmith.project.comments import ignores

from .projects import CODE, ERROR, TEMPLATE, WARNING, report, rules, run, write

REASON = "the old client sends no query"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write()
    return tmp_path


def code(comment: str, *, above: bool) -> str:
    line = '        return {"statusCode": 400}'
    return CODE.replace(line, f"        {comment}\n{line}" if above else f"{line}  {comment}")


@pytest.mark.parametrize("above", [False, True])
def test_a_comment_with_a_reason_sets_a_finding_aside(above: bool) -> None:
    assert rules(".") == [ERROR, WARNING]
    write(code=code(f"# corsmith: ignore[{ERROR}] {REASON}", above=above))
    found = report(".")
    assert [each["rule"] for each in found["findings"] if each["severity"] != "info"] == [WARNING]
    assert found["summary"]["ignored"] == 1
    assert [(each["rule"], each["by"], each["reason"]) for each in found["ignored"]] == [(ERROR, "comment", REASON)]
    assert found["ignored"][0]["locations"][0]["file"] == "app.py"
    assert found["remarks"] == []
    result = run("check", ".")
    assert result.exit_code == 0
    assert "; 1 ignored\n" in result.stdout


def test_a_comment_in_yaml_counts_and_several_comments_stand_above_one_line() -> None:
    comments = (
        f"  # corsmith: ignore[rest-no-options-method] not now\n  # corsmith: ignore[{WARNING}] told to the team\n"
    )
    write(template=TEMPLATE.replace("  ShopApi:\n", comments + "  ShopApi:\n"))
    found = report(".")
    assert [each["rule"] for each in found["findings"] if each["severity"] != "info"] == [ERROR]
    assert [each["message"] for each in found["remarks"]] == [
        "nothing to ignore: there is no rest-no-options-method at line 5"
    ]


WRONG = [
    (f"# corsmith: ignore[{ERROR}]", "gives no reason"),
    (f"# corsmith: ignore[{ERROR}] --", "gives no reason"),
    ("# corsmith: ignore because", "names no rule"),
    ("# corsmith: ignore[] because", "names no rule"),
    ("# corsmith: ignore[handler-missing-header-on-error] because", f"is {ERROR} meant?"),
]


@pytest.mark.parametrize(("comment", "said"), WRONG)
def test_a_comment_that_does_not_count_is_said(comment: str, said: str) -> None:
    write(code=code(comment, above=False))
    result = run("check", ".")
    assert result.exit_code == 1
    assert f"error[{ERROR}]" in result.stdout
    assert any(line.startswith("note: app.py:6:") and said in line for line in result.stdout.splitlines())


def test_a_comment_for_nothing_is_said_but_not_where_other_callers_are_asked_about() -> None:
    write(
        code=CODE.replace("400}", '400, "headers": HEADERS}  # corsmith: ignore[handler-missing-headers-on-error] old')
    )
    column = Path("app.py").read_text().split("\n")[5].index("#") + 1
    result = run("check", ".")
    assert result.exit_code == 0
    assert f"note: app.py:6:{column}: nothing to ignore: there is no {ERROR} at line 6" in result.stdout
    assert report(".", "--origin", "https://app.example.com")["remarks"] == []


def test_only_the_line_and_the_rule_named_are_set_aside() -> None:
    write(code=f"# corsmith: ignore[{ERROR}] far away\n{CODE}")
    assert rules(".") == [ERROR, WARNING]
    write(code=code(f"# corsmith: ignore[{WARNING}] another rule", above=False))
    assert rules(".") == [ERROR, WARNING]


def test_what_is_set_aside_is_not_repaired() -> None:
    write(code=code(f"# corsmith: ignore[{ERROR}] {REASON}", above=True))
    result = run("fix", ".", "--write")
    assert "1 set aside" in result.stderr
    assert '        return {"statusCode": 400}\n' in Path("app.py").read_text()
    assert "GatewayResponses" in Path("template.yaml").read_text()


SYNTAXES = [
    ("a.yaml", "a: 1  # corsmith: ignore[x] why", [(1, 1)]),
    ("a.yaml", "a: it's  # corsmith: ignore[x] why", [(1, 1)]),
    ("a.yaml", 'a: "x # corsmith: ignore[x] why"', []),
    ("a.yaml", 'a: "x\n  # corsmith: ignore[x] why"', []),
    ("a.yaml", "a:#corsmith: ignore[x] why", []),
    ("a.yaml", "a: |\n  x()  // corsmith: ignore[x] why", [(2, 2)]),
    ("a.yaml", "a: [1\n# corsmith: ignore[x] why\nb: }", [(2, 3)]),
    ("a.template", "a: 1 # corsmith: ignore[x] why", [(1, 1)]),
    ("a.template", '{"a": 1} // corsmith: ignore[x] why', [(1, 1)]),
    ("a.json", '{"a": 1 // corsmith: ignore[x] why\n}', [(1, 1)]),
    ("a.json", '{"a": "// corsmith: ignore[x] why"}', []),
    ("a.json", '{"a": /* corsmith: ignore[x] why */ 1}', [(1, 1)]),
    ("main.tf", "a = 1 # corsmith: ignore[x] why", [(1, 1)]),
    ("main.tf", "// corsmith: ignore[x] why\na = 1", [(1, 2)]),
    ("main.tf", "/* corsmith: ignore[x] why */\na = 1", [(1, 2)]),
    ("main.tf", 'a = "# corsmith: ignore[x] why"', []),
    ("main.tf", "a = <<EOT\n# corsmith: ignore[x] why\nEOT\n", []),
    ("a.py", "x = 1  # corsmith: ignore[x] why", [(1, 1)]),
    ("a.py", "x = 1  # noqa  # corsmith: ignore[x] why", [(1, 1)]),
    ("a.py", 'x = "# corsmith: ignore[x] why"', []),
    ("a.py", '"""\n# corsmith: ignore[x] why\n"""', []),
    ("a.py", "# corsmith: ignore[x] why\r\nx = 1\r\n", [(1, 2)]),
    ("a.py", "é = 'ü'  # corsmith: ignore[x] why", [(1, 1)]),
    ("a.mjs", "x() // corsmith: ignore[x] why", [(1, 1)]),
    ("a.ts", "const s = `\n// corsmith: ignore[x] why`", []),
    ("a.ts", "const s = '// corsmith: ignore[x] why'", []),
    ("a.js", "/* corsmith: ignore[x] why */ x()", [(1, 1)]),
    ("a.js", "// corsmith: ignore[x] one\n// corsmith: ignore[y] two\nx()", [(1, 3), (2, 3)]),
]


@pytest.mark.parametrize(("path", "text", "places"), SYNTAXES)
def test_comments_are_read_in_the_syntax_of_their_file(path: str, text: str, places: list[tuple[int, int]]) -> None:
    found = ignores(path, text)
    assert [(each.line, each.about) for each in found] == places
    assert all(each.reason in ("why", "one", "two") for each in found)
