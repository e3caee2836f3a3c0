"""Audits of an account on this machine, by a clock that does not wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import boto3
import pytest

from corsmith.account.accesses import Wanted
from corsmith.account.audit import Reader, Readings, audit
from corsmith.account.plan.call import Call
from corsmith.account.plan.plan import UnitPlan, Wish, plan
from corsmith.account.read import Scope
from corsmith.account.remote import Remote
from corsmith.account.session import Access
from corsmith.account.snapshot import FunctionState
from corsmith.account.store import Store
from corsmith.api.caller import CallerFlags
from corsmith.api.finding import Severity

from .fake_aws.functions import ACCOUNT, REGION


class Clock:
    """A clock that goes on only when somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


class Nobody:
    """Watches nothing."""

    def more(self, count: int) -> None:
        del count

    def step(self, remark: str) -> None:
        del remark

    def asks(self, what: str) -> None:
        del what

    def tell(self, sentence: str) -> None:
        del sentence


class Shared(boto3.Session):
    """A session that makes each client once: they take longer to make than to use."""

    def client(self, service_name: str, *args: Any, config: Any = None, **given: Any) -> Any:
        key = (service_name, given.get("region_name"), str(config.retries) if config is not None else "")
        made = self.__dict__.setdefault("made", {})
        if key not in made:
            made[key] = super().client(service_name, *args, config=config, **given)
        return made[key]


def share(monkeypatch: pytest.MonkeyPatch, session: Shared) -> None:
    """Let whoever makes a session get this one."""
    monkeypatch.setattr(boto3, "Session", lambda **given: session)


def point(monkeypatch: pytest.MonkeyPatch, url: str, account: str = ACCOUNT) -> None:
    """Let boto3 find the account at `url`."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", account)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def reading(root: Path) -> Readings:
    """Read the account that boto3 finds."""
    return Reader(Wanted(regions=(REGION,)), Store(root), Scope((), 0.0), Nobody(), frozenset(), clock=Clock()).read()


def findings(root: Path, flags: CallerFlags, code: str = "") -> tuple[str, ...]:
    """Return the rules that find something to mend."""
    found = audit(reading(root), flags, code=_files(code))
    assert found.failures == ()
    return tuple(each.finding.rule for each in found.found if each.finding.severity is not Severity.INFO)


def planned(root: Path, wish: Wish, code: str = "") -> tuple[UnitPlan, ...]:
    """Return the plan for the account that boto3 finds."""
    return tuple(plan(reading(root).units(_files(code)), wish))


def _files(code: str) -> Callable[[FunctionState], dict[str, str]]:
    """Return what reads `code` as the source of every function."""
    return lambda state: {"app.py": code} if code else {}


def calls_of(plans: Iterable[UnitPlan]) -> tuple[Call, ...]:
    """Return the calls of all front doors."""
    return tuple(call for each in plans for call in each.calls)


def remote() -> Remote:
    """Return the account that boto3 finds, to be changed."""
    session = boto3.Session()
    return Remote(lambda place: Access(session, "aws", place.account, "the test's"), Clock())
