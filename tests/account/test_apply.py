"""A faulty account is found, planned, mended and found clean; then it is undone and is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from corsmith.account.apply import Applying
from corsmith.account.plan.plan import Wish
from corsmith.account.plan.repairs import REPAIRED
from corsmith.account.remote import Remote
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, ORIGIN, Clients, Faulty
from .pretending import Shared, calls_of, findings, planned, point, remote, share


class Served(Struct):
    """A server, and clients of it: they take longer to make than to use."""

    aws: FakeAws
    empty: dict[str, object]
    clients: Clients
    remote: Remote
    session: Shared


@pytest.fixture(scope="module")
def one() -> Iterator[Served]:
    with serving(FakeAws()) as aws, pytest.MonkeyPatch.context() as patch:
        point(patch, aws.url)
        session = Shared()
        share(patch, session)
        yield Served(aws, aws.keep(), Clients(aws.url), remote(), session)


@pytest.fixture
def served(one: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    point(monkeypatch, one.aws.url)
    share(monkeypatch, one.session)
    one.aws.restore(one.empty)
    return one


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda each: each.id)
def test_found_planned_applied_clean_undone(faulty: Faulty, served: Served, tmp_path: Path) -> None:
    aws = served.aws
    with aws.lax():
        faulty.build(served.clients)
    start = aws.state()
    flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)

    plans = planned(tmp_path / "2", Wish(flags, "t"), faulty.code)
    assert faulty.rule in {rule for each in plans for rule, _ in each.ends}, plans
    assert aws.state() == start
    calls = calls_of(plans)

    file = tmp_path / "undo.json"
    lines: list[str] = []
    outcome = Applying(served.remote, file, lines.append).run(calls, "t")
    assert outcome.failed == ""
    assert outcome.done == calls
    assert findings(tmp_path / "3", flags, faulty.code) == ()

    with aws.lax():
        undone = Undoing(served.remote, load(file), file, lines.append).run()
    assert undone.left == ()
    assert aws.state() == start
    assert aws.orphans() == []


def test_every_rule_with_a_repair_has_its_account() -> None:
    assert {each.rule for each in FAULTY} == REPAIRED
