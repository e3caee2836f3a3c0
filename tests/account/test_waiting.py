"""Where nobody answers: it is said while one waits, and ends in a sentence after some tries."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config
from click.testing import CliRunner, Result

from corsmith.cli import main
from corsmith.cli.audit_watch import Watch

from . import states
from .reading_aws import FakeAws, Refused, serving
from .servers import free_port


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    def configured() -> Config:
        return Config(retries={"mode": "adaptive", "total_max_attempts": 10}, connect_timeout=1, read_timeout=0.2)

    monkeypatch.setattr("corsmith.account.session.configured", configured)
    monkeypatch.setattr("corsmith.account.accesses.configured", configured)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["audit", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def silent() -> Iterator[str]:
    """Serve somebody who takes every call and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_address_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    result = run()
    assert result.exit_code == 2
    told = [line for line in result.stderr.splitlines() if "it is asked again" in line]
    assert len(told) == 2
    assert "the default credentials cannot be used: sts in eu-west-1 does not answer, asked 3 times" in result.stdout
    assert "is the network up, and the address right?" in result.stdout


def test_a_role_at_an_address_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    result = run("--role", "arn:aws:iam::123456789012:role/Reader")
    assert result.exit_code == 2
    assert "role arn:aws:iam::123456789012:role/Reader cannot be used" in result.stdout
    assert "does not answer, asked 3 times" in result.stdout


def test_somebody_who_never_answers(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", silent)
    result = run()
    assert result.exit_code == 2
    assert "does not answer, asked 3 times (no answer within 60 s" in result.stdout


def test_a_service_that_never_answers_stops_its_region_at_once(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = FakeAws()
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setenv("AWS_ENDPOINT_URL_API_GATEWAY", silent)
        result = run()
    assert result.exit_code == 2
    assert "apigateway:GetRestApis on account 123456789012, eu-west-1: apigateway in eu-west-1 does not answer" in (
        result.stdout
    )
    assert world.count("ListFunctions") == 0


def test_one_call_without_an_answer_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    world = FakeAws()
    world.rest = [states.rest("rest1"), states.rest("rest2")]

    def before(operation: str, given: dict[str, Any]) -> None:
        if operation == "GetExport" and given["restApiId"] == "rest1":
            time.sleep(0.5)
            raise Refused("InternalFailure", 500)

    world.before = before
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        result = run()
    assert result.exit_code == 2
    assert "apigateway:GetExport on arn:aws:apigateway:eu-west-1::/restapis/rest1/stages/prod" in result.stdout
    assert "2 front doors in 1 Region" in result.stdout
    assert world.count("GetResources") == 2


def test_while_one_waits_it_is_said_for_what(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("corsmith.cli.audit_watch.QUIET", 0.0)
    said = threading.Event()
    monkeypatch.setattr(Watch, "_say", lambda self, sentence: (print(sentence), said.set()))
    with Watch() as watch:
        watch.asks("apigateway:GetResources of 123456789012, eu-west-1")
        assert said.wait(30)
    assert "waiting for apigateway:GetResources of 123456789012, eu-west-1" in capsys.readouterr().out
