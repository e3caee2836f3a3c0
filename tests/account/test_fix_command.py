"""corsmith audit --fix, --apply and --undo as people run them, against an account on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corsmith.cli import main

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import ORIGIN, Clients, Rest
from .pretending import Shared, point, share

PLAN = ("audit", "--fix", "--origin", ORIGIN)
APPLY = (*PLAN, "--apply", "--yes")


@pytest.fixture(scope="module")
def one() -> Iterator[tuple[FakeAws, Shared, Any]]:
    with serving(FakeAws()) as aws, pytest.MonkeyPatch.context() as patch:
        point(patch, aws.url)
        session = Shared()
        share(patch, session)
        Rest(Clients(aws.url)).proxy().deploy()
        yield aws, session, aws.keep()


@pytest.fixture
def aws(one: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeAws:
    """A REST API without OPTIONS and without gateway responses."""
    served: FakeAws
    served, session, kept = one
    point(monkeypatch, served.url)
    share(monkeypatch, session)
    monkeypatch.setattr("corsmith.account.pace.RealClock.sleep", lambda self, seconds: None)
    monkeypatch.chdir(tmp_path)
    served.restore(kept)
    return served


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def undo_file() -> str:
    (found,) = Path().glob("corsmith-undo-*.json")
    return str(found)


def test_a_plan_changes_nothing(aws: FakeAws) -> None:
    start = aws.state()
    result = run(*PLAN)
    assert result.exit_code == 0, result.stderr
    assert aws.state() == start
    assert aws.made == []
    lines = result.stdout.splitlines()
    assert [line.strip() for line in lines if line.strip().startswith("1. ")] == [
        "1. apigateway PutMethod: OPTIONS /items of REST API shop (rest000001)"
    ]
    assert "ends rest-no-options-method; undone by DeleteMethod" in result.stdout
    assert "serves" not in result.stdout.partition("also publishes")[2].partition("\n")[0]
    assert "run again with --apply" in result.stderr


def test_a_plan_as_json(aws: FakeAws) -> None:
    body = json.loads(run(*PLAN, "--format", "json").stdout)
    assert body["applied"] is None
    (plan,) = body["plan"]
    assert plan["arn"] == "arn:aws:apigateway:eu-west-1::/restapis/rest000001"
    assert plan["managed"] is None
    first, *_, last = plan["calls"]
    assert (first["service"], first["operation"], first["before"]) == ("apigateway", "PutMethod", None)
    assert first["undo"] == [
        {
            "service": "apigateway",
            "operation": "DeleteMethod",
            "parameters": {"restApiId": "rest000001", "resourceId": "res000003", "httpMethod": "OPTIONS"},
        }
    ]
    assert last["operation"] == "CreateDeployment"
    assert "rest-stage-not-deployed" in last["rules"]
    assert {each["rule"] for each in plan["ends"]} == {"rest-no-options-method"}
    assert aws.made == []


def test_applied_and_undone(aws: FakeAws) -> None:
    start = aws.state()
    result = run(*APPLY)
    assert result.exit_code == 0, result.stderr
    assert f"{len(aws.made)} calls made" in result.stderr
    assert "Nothing" in run(*PLAN).stdout or run(*PLAN).stdout.startswith("0 calls")
    assert aws.state() != start

    undone = run("audit", "--undo", undo_file(), "--yes")
    assert undone.exit_code == 0, undone.stderr
    assert aws.state() == start
    again = run("audit", "--undo", undo_file(), "--yes")
    assert again.exit_code == 0
    assert "nothing to take back" in again.stderr


def test_what_is_left_to_decide_is_said(aws: FakeAws) -> None:
    start = aws.state()
    result = run("audit", "--fix")
    assert result.exit_code == 1
    assert "no page's origin is known: name it with --origin" in result.stdout
    assert aws.state() == start


def test_only_the_chosen_rule(aws: FakeAws) -> None:
    body = json.loads(run(*PLAN, "--format", "json", "--select", "rest-no-options-method").stdout)
    operations = [each["operation"] for each in body["plan"][0]["calls"]]
    assert "PutGatewayResponse" not in operations
    assert operations[-1] == "CreateDeployment"
    assert json.loads(run(*PLAN, "--format", "json", "--ignore", "rest-no-options-method").stdout)["plan"] == []


def test_a_failed_run_says_what_is_done_and_what_is_not(aws: FakeAws) -> None:
    start = aws.state()
    aws.fault = lambda number, operation: "denied" if number == 2 else None
    result = run(*APPLY, "--format", "json")
    assert result.exit_code == 2
    assert "AccessDeniedException" in result.stderr
    applied = json.loads(result.stdout)["applied"]
    assert (applied["done"], applied["undo_file"]) == (2, undo_file())
    assert "AccessDenied" in applied["failed"]
    assert "  apigateway PutMethodResponse: OPTIONS /items of REST API shop (rest000001)" in result.stderr
    body = json.loads(run("audit", "--undo", undo_file(), "--yes", "--format", "json").stdout)
    assert body["undo"]["left"] == []
    assert body["undo"]["restored"] == ["OPTIONS /items of REST API shop (rest000001)"]
    assert aws.state() == start


def test_somebody_else_at_work_stops_the_run(aws: FakeAws) -> None:
    gateway = aws.rest.apis["rest000001"]["gateway"]
    theirs = {"responseType": "DEFAULT_4XX", "defaultResponse": False, "statusCode": "418"}

    def meanwhile(number: int, operation: str) -> None:
        if number == 0:
            gateway["DEFAULT_4XX"] = dict(theirs)

    aws.fault = meanwhile
    result = run(*APPLY)
    assert result.exit_code == 2
    assert "gateway response DEFAULT_4XX of REST API shop (rest000001) is not as it was" in result.stderr
    assert gateway["DEFAULT_4XX"] == theirs


def test_an_undo_leaves_what_others_changed(aws: FakeAws) -> None:
    assert run(*APPLY).exit_code == 0
    api = aws.rest.apis["rest000001"]
    api["gateway"]["DEFAULT_5XX"]["statusCode"] = "599"
    result = run("audit", "--undo", undo_file(), "--yes")
    assert result.exit_code == 2
    assert "gateway response DEFAULT_5XX of REST API shop (rest000001) was changed since" in result.stderr
    assert api["gateway"]["DEFAULT_5XX"]["statusCode"] == "599"
    assert "DEFAULT_4XX" not in api["gateway"]
    assert "OPTIONS" not in api["resources"]["res000003"]["resourceMethods"]


def test_an_undo_leaves_a_stage_that_others_deployed_to(aws: FakeAws) -> None:
    assert run(*APPLY).exit_code == 0
    theirs = aws.rest.create_deployment({"restApiId": "rest000001", "stageName": "prod", "description": "by hand"})[
        "id"
    ]
    result = run("audit", "--undo", undo_file(), "--yes")
    assert result.exit_code == 2
    assert "stage prod of REST API shop (rest000001) was changed since" in result.stderr
    assert aws.rest.apis["rest000001"]["stages"]["prod"]["deploymentId"] == theirs


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (
            {"aws:cloudformation:stack-name": "shop", "aws:cloudformation:logical-id": "Api"},
            "CloudFormation stack shop as Api",
        ),
        ({"ManagedBy": "terraform"}, "its tag ManagedBy"),
    ],
)
def test_what_a_tool_manages_is_left_to_it(aws: FakeAws, tags: dict[str, str], said: str) -> None:
    aws.rest.apis["rest000001"]["api"]["tags"] = tags
    start = aws.state()
    result = run(*APPLY)
    assert result.exit_code == 1
    assert said in result.stdout
    assert "corsmith fix" in result.stdout
    assert aws.state() == start
    assert run(*APPLY, "--even-if-managed").exit_code == 0
    assert aws.state() != start


def test_a_canary_is_left_alone(aws: FakeAws) -> None:
    aws.rest.apis["rest000001"]["stages"]["prod"]["canarySettings"] = {"deploymentId": "x", "percentTraffic": 5.0}
    result = run(*PLAN)
    assert "CreateDeployment" not in result.stdout
    assert "nothing is deployed to stage prod: it has a canary release" in result.stdout


def test_a_deployment_says_what_else_it_publishes(aws: FakeAws) -> None:
    parameters = {
        "gatewayresponse.header.x-waiting": "'yes'",
        "gatewayresponse.header.Access-Control-Allow-Origin": "'https://x.example'",
    }
    aws.rest.put_gateway_response(
        {"restApiId": "rest000001", "responseType": "THROTTLED", "responseParameters": parameters}
    )
    stdout = run(*PLAN).stdout
    assert (
        "The deployment also publishes what was changed before and not deployed: the gateway response THROTTLED"
        in stdout
    )


def test_a_no_on_the_terminal_changes_nothing(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corsmith.cli.audit_fix._agreed", lambda question, options: False)
    result = run(*PLAN, "--apply")
    assert result.exit_code == 2
    assert "Nothing was changed." in result.stderr
    assert aws.made == []


def test_an_undo_file_that_cannot_be_written_stops_the_run(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: object, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corsmith.account.apply.save", full)
    result = run(*APPLY)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert aws.made == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no undo file of corsmith"),
        ('{"token": "t", "entries": [], "schema": "corsmith-undo/9"}', "this corsmith reads corsmith-undo/1"),
        ("[1]", "no undo file of corsmith"),
        (
            (
                '{"token": "t", "entries": [{"thing": {"place": {"partition": "aws", "account": "1", "region": "eu-west-1"}, '
                '"kind": "bucket", "owner": "x", "part": [], "label": "x"}, "request": {"service": "s3", "operation": '
                '"DeleteBucket", "parameters": {}}, "why": [], "before": null, "expected": []}]}'
            ),
            "its entry 1 is about nothing that a run changes: 'bucket'",
        ),
    ],
)
def test_what_is_no_undo_file_is_refused(aws: FakeAws, text: str, said: str) -> None:
    Path("undo.json").write_text(text)
    result = run("audit", "--undo", "undo.json", "--yes")
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize("value", [5, "x", [1], {"responseTemplates": True, "responseType": 1}])
def test_an_entry_that_was_edited_is_left_and_the_others_are_put_back(aws: FakeAws, value: object) -> None:
    assert run(*APPLY).exit_code == 0
    path = Path(undo_file())
    body = json.loads(path.read_text())
    edited = next(each for each in body["entries"] if each["thing"]["kind"] == "gateway-response")
    edited["before"], edited["seen"] = (
        {"responseParameters": value},
        [{"responseParameters": value, "statusCode": value}],
    )
    path.write_text(json.dumps(body))
    result = run("audit", "--undo", str(path), "--yes")
    assert result.exit_code == 2
    assert f"left: {edited['thing']['label']}" in result.stderr
    assert "OPTIONS" not in aws.rest.apis["rest000001"]["resources"]["res000003"]["resourceMethods"]


def test_an_undo_file_of_another_api_changes_nothing(aws: FakeAws) -> None:
    assert run(*APPLY).exit_code == 0
    path = Path(undo_file())
    other = aws.rest.create_rest_api({"name": "other"})["id"]
    before = aws.state()["rest"][other]
    path.write_text(path.read_text().replace("rest000001", other))
    assert run("audit", "--undo", str(path), "--yes").exit_code in (0, 2)
    assert aws.state()["rest"][other] == before


def test_an_account_that_is_not_reached_is_named(aws: FakeAws) -> None:
    assert run(*APPLY).exit_code == 0
    path = Path(undo_file())
    path.write_text(path.read_text().replace('"123456789012"', '"999999999999"'))
    result = run("audit", "--undo", str(path), "--yes")
    assert result.exit_code == 2
    assert "no credentials are given for account 999999999999" in result.stderr


@pytest.mark.parametrize("number", [1, 5])
def test_a_killed_process_leaves_an_undo_file_that_holds(aws: FakeAws, number: int) -> None:
    start = aws.state()
    running: list[subprocess.Popen[bytes]] = []

    def kill(at: int, operation: str) -> None:
        if at == number:
            running[0].send_signal(signal.SIGKILL)
            running[0].wait()

    aws.fault = kill
    command = [sys.executable, "-m", "corsmith", *APPLY]
    running.append(
        subprocess.Popen(command, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )
    running[0].wait()
    assert running[0].returncode == -signal.SIGKILL
    aws.settled()
    assert len(aws.made) == number + 1
    result = run("audit", "--undo", undo_file(), "--yes")
    assert result.exit_code == 0, result.stderr
    assert aws.state() == start


DYING = """\
import os, signal, sys
from corsmith.account.remote import Remote
from corsmith.cli import main

number, sent, changes = int(sys.argv[1]), sys.argv[2] == "after", 0
send = Remote.send

def dying(self, place, request):
    global changes
    if request.operation.startswith(("Get", "List")):
        return send(self, place, request)
    changes += 1
    if changes - 1 == number:
        if sent:
            send(self, place, request)
        os.kill(os.getpid(), signal.SIGKILL)
    return send(self, place, request)

Remote.send = dying
main(sys.argv[3:])
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_process_killed_on_either_side_of_a_call_is_undone_and_gone_on_with(aws: FakeAws, when: str) -> None:
    """Between the undo file and the call, and between the call's answer and the undo file."""
    start = aws.state()
    command = [sys.executable, "-c", DYING, "2", when, *APPLY]
    done = subprocess.run(command, env=dict(os.environ), capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(aws.made) == (2 if when == "before" else 3)
    first = undo_file()
    assert run(*APPLY).exit_code == 0
    (second,) = (each for each in map(str, Path().glob("corsmith-undo-*.json")) if each != first)
    for path in (second, first):
        result = run("audit", "--undo", path, "--yes")
        assert result.exit_code == 0, result.stderr
    assert aws.state() == start


def test_a_stage_that_is_behind_by_intention_is_left_alone(aws: FakeAws) -> None:
    parameters = {"gatewayresponse.header.x-next-release": "'yes'"}
    aws.rest.put_gateway_response(
        {"restApiId": "rest000001", "responseType": "THROTTLED", "responseParameters": parameters}
    )
    aws.rest.create_deployment({"restApiId": "rest000001", "stageName": "next"})
    body = json.loads(run(*PLAN, "--format", "json").stdout)["plan"][0]
    deployed = [each["parameters"]["stageName"] for each in body["calls"] if each["operation"] == "CreateDeployment"]
    assert deployed == ["next"]
    (left,) = (each["because"] for each in body["left"])
    assert left.startswith("nothing is deployed to stage prod: it is behind stage next, perhaps by intention")
    assert "the gateway response THROTTLED" in left
