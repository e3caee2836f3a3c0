"""corsmith.toml and [tool.corsmith]: found upwards, checked, and weaker than flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from corsmith.project.configuration import Pages
from corsmith.project.settings_file import configuration_for
from corsmith.project.toml_lines import key_places

from .projects import ERROR, WARNING, report, rules, run, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    write()
    return tmp_path


def settings(text: str, name: str = "corsmith.toml") -> None:
    Path(name).write_text(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'ignore = ["{WARNING}"]', [ERROR]),
        (f'select = ["{WARNING}"]', [WARNING]),
        ('min-severity = "error"', [ERROR]),
        (f'[per-path-ignores]\n"*.py" = ["{ERROR}"]', [WARNING]),
        (f'[per-path-ignores]\n"**/app.py" = ["{ERROR}"]', [WARNING]),
        (f'[per-path-ignores]\n"src/*.py" = ["{ERROR}"]', [ERROR, WARNING]),
        (f'[per-path-ignores]\n"app.py" = ["{WARNING}"]', [ERROR, WARNING]),
    ],
)
def test_settings_choose_what_counts(text: str, left: list[str]) -> None:
    settings(text)
    assert rules(".") == left


def test_a_flag_counts_before_the_settings() -> None:
    settings(
        f'select = ["{WARNING}"]\nmin-severity = "error"\nfail-on = "never"\n[policy]\norigins = ["https://a.example"]\n'
    )
    assert rules(".") == []
    assert rules(".", "--select", ERROR) == [ERROR]
    assert rules(".", "--min-severity", "warning") == [WARNING]
    assert run("check", ".", "--select", ERROR).exit_code == 0
    assert run("check", ".", "--select", ERROR, "--fail-on", "error").exit_code == 1
    flags = ("--select", ERROR)
    assert report(".", *flags)["findings"][0]["request"]["origin"] == "https://a.example"
    asked = report(".", *flags, "--origin", "https://b.example")["findings"][0]["request"]
    assert asked["origin"] == "https://b.example"


def test_the_policy_says_who_calls() -> None:
    settings(
        '[policy]\norigins = ["https://a.example", "https://*.b.example"]\nheaders = ["X-Trace"]\nmethods = ["PUT"]\n'
    )
    assert report(".")["summary"]["cells"] == 0
    settings(
        '[policy]\norigins = ["https://a.example", "https://*.b.example"]\nheaders = ["X-Trace"]\ncredentials = true\n'
    )
    request = report(".")["findings"][0]["request"]
    assert (request["origin"], request["credentials"]) == ("https://a.example", "include")
    assert ["access-control-request-headers", "x-trace"] in [[n.lower(), v] for n, v in request["headers"]] or (
        ["x-trace", "1"] in [[n.lower(), v] for n, v in request["headers"]]
    )


def test_the_nearest_file_counts_up_to_the_repository(folder: Path) -> None:
    write(folder / "a" / "b")
    settings(f'ignore = ["{ERROR}"]')
    assert rules("a/b") == [WARNING]
    settings(f'[tool.corsmith]\nignore = ["{WARNING}"]\n', "a/pyproject.toml")
    assert rules("a/b") == [ERROR]
    settings("[tool.other]\n", "a/b/pyproject.toml")
    assert rules("a/b/template.yaml") == [ERROR]
    settings("", "a/b/corsmith.toml")
    assert rules("a/b") == [ERROR, WARNING]
    (folder / "a" / "b" / "corsmith.toml").unlink()
    (folder / "a" / "b" / ".git").mkdir()
    assert rules("a/b") == [ERROR, WARNING]


def test_targets_with_settings_of_their_own_are_checked_together(folder: Path) -> None:
    write(folder / "one")
    write(folder / "two")
    settings(f'ignore = ["{ERROR}"]', "one/corsmith.toml")
    settings(f'ignore = ["{WARNING}"]\nfail-on = "never"', "two/corsmith.toml")
    found = report("one", "two")
    assert [each["rule"] for each in found["findings"] if each["severity"] != "info"] == [WARNING, ERROR]
    assert [each["locations"][0]["file"] for each in found["findings"] if each["severity"] != "info"] == [
        "one/template.yaml",
        "two/app.py",
    ]
    assert run("check", "one", "two").exit_code == 0
    assert run("check", "one", "two", "--fail-on", "warning").exit_code == 1


def test_patterns_count_from_the_folder_of_the_settings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "old")
    settings(f'[per-path-ignores]\n"old" = ["{ERROR}", "{WARNING}"]')
    assert rules("old") == []
    assert report("old")["summary"]["ignored"] == 2
    monkeypatch.chdir(folder / "old")
    assert rules(".") == []


WRONG = [
    ("[policy]\norigns = []\n", "corsmith.toml:2:1: unknown key 'origns' (is origins meant?)"),
    ("colour = 1\n", "corsmith.toml:1:1: unknown key 'colour'; known are policy, select"),
    (
        '[policy]\norigins = "https://a.example"\n',
        'corsmith.toml:2:1: policy.origins is "https://a.example"; write a list',
    ),
    ("policy = 3\n", "corsmith.toml:1:1: policy is 3; write a table"),
    ("\n\npolicy.credentials = 1\n", "corsmith.toml:3:1: policy.credentials is 1; write true or false"),
    ("policy = {max-age = true}\n", "corsmith.toml:1:1: policy.max-age is true; write a number of seconds"),
    ('fail-on = "info"\n', 'corsmith.toml:1:1: fail-on is "info"; write "error", "warning" or "never"'),
    (
        'select = [\n  "rest-no-options",\n]\n',
        "corsmith.toml:1:1: there is no rule 'rest-no-options' (is rest-no-options-method",
    ),
    ('[per-path-ignores]\na = ["x-y"]\n', "corsmith.toml:2:1: there is no rule 'x-y'"),
    ('[policy]\norigins = [\n  "https://a.example/"]\n', "corsmith.toml:2:1: 'https://a.example/' ends in a slash"),
    ('[policy]\norigins = ["*"]\ncredentials = true\n', "corsmith.toml:2:1: ('*',) holds '*', which is no wildcard"),
    ("[parameters]\nA = []\n", "corsmith.toml:2:1: parameters.A is []; write a string"),
    ("a = \n", "corsmith.toml:1:5: cannot be read as TOML: Invalid value"),
    ("a = 1\na = 2\n", "cannot be read as TOML: Cannot overwrite a value"),
    ("\udcff", "corsmith.toml:1:1: not UTF-8 text (byte 0)"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    Path("corsmith.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    for command in (("check", "."), ("fix", ".")):
        result = run(*command)
        assert result.exit_code == 2
        assert said in result.stderr
        assert result.stdout == ""


def test_everything_that_is_wrong_is_said_at_once() -> None:
    settings('fail-on = 1\n[policy]\norigins = 1\nmethod = ["PUT"]\n', "pyproject.toml")
    assert run("check", ".").exit_code == 1
    settings('[tool.corsmith]\nfail-on = 1\n[tool.corsmith.policy]\norigins = 1\nmethod = ["PUT"]\n', "pyproject.toml")
    lines = run("check", ".").stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["pyproject.toml:2:1", "pyproject.toml:4:1", "pyproject.toml:5:1"]


def test_every_key_is_read() -> None:
    settings("""\
        stage = "beta"
        config-env = "test"
        policy.origins = ["https://a.example"]
        policy.methods = ["PUT"]
        policy.headers = ["content-type", "x-a: 1"]
        policy.expose-headers = ["etag"]
        policy.max-age = 600
        parameters = {Name = "x", Count = 3, Flag = true}
    """)
    found = configuration_for("template.yaml")
    assert found.policy == Pages(("https://a.example",), ("PUT",), ("content-type", "x-a: 1"), ("etag",), None, 600)
    assert (found.stage, found.config_env) == ("beta", "test")
    assert found.parameters == {"Name": "x", "Count": "3", "Flag": "true"}


@pytest.mark.parametrize("arguments", [("--select", "nonsense"), ("--ignore", "rest-no-option-method")])
@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_filter_with_an_unknown_rule_is_a_usage_error(command: str, arguments: tuple[str, ...]) -> None:
    result = run(command, ".", *arguments)
    assert result.exit_code == 2
    assert "there is no rule" in result.stderr


def test_places_of_keys_are_those_of_the_statement_not_of_text_in_values() -> None:
    text = 'a = """\nb = 1\n"""\n[t] # [u]\nc = [\n  "]", # d = 2\n  {e = 1},\n]\n"f.g" = 1\n'
    text += "h.i = '''x\ny'''\n[[k]]\nl = 1\n"
    assert key_places(text) == {
        ("a",): (1, 1),
        ("t",): (4, 1),
        ("t", "c"): (5, 1),
        ("t", "f.g"): (9, 1),
        ("t", "h"): (10, 1),
        ("t", "h", "i"): (10, 1),
        ("k",): (12, 1),
        ("k", "l"): (13, 1),
    }
