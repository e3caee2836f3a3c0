"""The generate and init commands: the policy of flags and settings, and one clear line for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main
from corsmith.cli.generate import FRONT_DOORS, TARGETS
from corsmith.generate import FRONT_DOORS as WRITTEN_DOORS
from corsmith.generate import TARGETS as WRITTEN_TARGETS
from corsmith.project.settings_file import configuration_for

from .projects import write

ORIGIN = ("--origin", "https://app.example.com")
HTTP = ("--for", "sam", "--front-door", "http_api")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), catch_exceptions=False)


def test_the_choices_are_those_of_the_package() -> None:
    assert (TARGETS, FRONT_DOORS) == (WRITTEN_TARGETS, WRITTEN_DOORS)


def test_flags_make_the_policy() -> None:
    flags = ("--method", "put", "--header", "Content-Type", "--header", "x-a: 1", "--expose-header", "etag")
    text = run("generate", *HTTP, *ORIGIN, *flags, "--max-age", "60", "--credentials").stdout
    for said in ("- https://app.example.com", "- PUT", "- content-type", "- x-a", "- etag", "MaxAge: 60"):
        assert said in text
    assert "AllowCredentials: true" in text


def test_the_settings_make_it_where_no_flag_does() -> None:
    Path("corsmith.toml").write_text('[policy]\norigins = ["https://a.example"]\nheaders = ["x-a"]\nmax-age = 5\n')
    text = run("generate", *HTTP).stdout
    assert "- https://a.example\n" in text
    assert "- x-a\n" in text
    assert "MaxAge: 5\n" in text
    text = run("generate", *HTTP, *ORIGIN, "--max-age", "6").stdout
    assert "a.example\n" not in text
    assert "MaxAge: 6\n" in text


def test_it_can_go_to_a_file(folder: Path) -> None:
    printed = run("generate", *HTTP, *ORIGIN).stdout
    assert run("generate", *HTTP, *ORIGIN, "--output", "cors.yaml").stdout == ""
    assert (folder / "cors.yaml").read_text() == printed


WRONG = [
    ((*HTTP,), "whose pages? Name their origins with --origin"),
    ((*HTTP, "--origin", "https://app.example.com/"), "ends in a slash"),
    ((*HTTP, "--origin", "*", "--credentials"), "origins: holds '*', which is no wildcard when credentials travel;"),
    ((*HTTP, "--origin", "https://*.example.com"), "https://*.example.com cannot be said by http_api"),
    (("--for", "sam", "--front-door", "alb", *ORIGIN), "a load balancer adds no CORS headers"),
    ((*HTTP, *ORIGIN, "--path", "/x"), "--path narrows a check"),
    ((*HTTP, *ORIGIN, "--header", "a b"), "is no header"),
    ((*HTTP, *ORIGIN, "--output", "none/x"), "cannot be written"),
    (("--for", "sam", *ORIGIN), "Missing option '--front-door'"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_what_cannot_be_generated_is_said(arguments: tuple[str, ...], said: str) -> None:
    result = run("generate", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_init_writes_what_the_project_says_and_changes_no_verdict(folder: Path) -> None:
    write(template=(TEMPLATE_WITH_ORIGIN))
    before = run("check", ".", "--format", "json").stdout
    result = run("init")
    assert (result.exit_code, result.stderr) == (0, "corsmith.toml: written\n")
    text = (folder / "corsmith.toml").read_text()
    assert '  "https://shop.example",  # template.yaml:' in text
    assert '# methods = ["GET"]' in text
    assert configuration_for(".").policy.origins == ("https://shop.example",)
    assert run("check", ".", "--format", "json").stdout == before


TEMPLATE_WITH_ORIGIN = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  ShopApi:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration:
        AllowOrigins: [https://shop.example/]
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Events:
        Get: {Type: HttpApi, Properties: {ApiId: !Ref ShopApi, Path: /items, Method: GET}}
"""


def test_init_takes_flags_and_every_line_of_it_can_be_taken_in(folder: Path) -> None:
    write(template=TEMPLATE_WITH_ORIGIN)
    flags = ("--method", "PUT", "--header", "x-a", "--expose-header", "etag", "--max-age", "60", "--no-credentials")
    assert run("init", *ORIGIN, *flags).exit_code == 0
    policy = configuration_for(".").policy
    assert policy.origins == ("https://app.example.com",)
    assert (policy.methods, policy.headers, policy.expose_headers) == (("PUT",), ("x-a",), ("etag",))
    assert (policy.credentials, policy.max_age) == (False, 60)
    assert run("init", "--force").exit_code == 0
    text = (folder / "corsmith.toml").read_text()
    commented = [line.removeprefix("# ") for line in text.splitlines() if " = " in line or line.startswith("# [")]
    (folder / "corsmith.toml").write_text("[policy]\n" + "\n".join(line for line in commented if line[0] != "["))
    assert run("check", ".").exit_code in (0, 1, 2)


def test_templates_that_disagree_stay_each_with_its_own(folder: Path) -> None:
    write(folder / "one", template=TEMPLATE_WITH_ORIGIN)
    write(folder / "two", template=TEMPLATE_WITH_ORIGIN.replace("shop.example", "other.example"))
    before = run("check", ".", "--format", "json").stdout
    assert run("init").exit_code == 0
    text = (folder / "corsmith.toml").read_text()
    assert '#   "https://shop.example",  # one/template.yaml:' in text
    assert configuration_for(".").policy.origins == ()
    assert run("check", ".", "--format", "json").stdout == before


def test_what_is_there_is_kept(folder: Path) -> None:
    write()
    (folder / "pyproject.toml").write_text("[tool.corsmith]\n")
    result = run("init")
    assert result.exit_code == 2
    assert "pyproject.toml holds settings already" in result.stderr
    (folder / "corsmith.toml").write_text("# mine\n")
    result = run("init", "template.yaml")
    assert result.exit_code == 2
    assert "corsmith.toml is there already; --force replaces it" in result.stderr
    assert (folder / "corsmith.toml").read_text() == "# mine\n"
    assert run("init", "--force").exit_code == 0
    assert "[policy]" in (folder / "corsmith.toml").read_text()


def test_init_says_what_it_cannot_do(folder: Path) -> None:
    result = run("init")
    assert result.exit_code == 2
    assert (
        result.stderr == "corsmith: .: a folder without files. Where no project says whose pages call, --origin does\n"
    )
    assert run("init", *ORIGIN).exit_code == 0
    (folder / "corsmith.toml").unlink()
    write()
    (folder / "app.py").write_text("def handler(event, context):\n    return {}\n")
    result = run("init", "--origin", "https://App.example.com/")
    assert result.exit_code == 2
    assert "ends in a slash" in result.stderr
    assert not (folder / "corsmith.toml").exists()
    assert "name yours in it, or with --origin" in run("init").stderr


DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_what_is_written() -> None:
    text = (DOCS / "generate.md").read_text(encoding="utf-8")
    shown = text.split("```text\n$ corsmith ")[1].split("```")[0]
    command, _, printed = shown.partition("\n")
    assert run(*command.split()).stdout == printed


def test_the_settings_that_the_page_shows_are_taken(folder: Path) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    (folder / "corsmith.toml").write_text(text.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    found = configuration_for(".")
    assert found.policy.headers == ("authorization", "x-trace: 1")
    assert found.per_path_ignores == (("legacy/**", ("rest-missing-gateway-responses",)),)
    assert found.parameters == {"PageOrigin": "https://app.example.com"}
