"""A faulty account is found, planned, mended and found clean; then it is undone and is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corsmith.account.apply import Applying
from corsmith.account.plan.plan import Wish
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, ORIGIN, Clients, Faulty
from .pretending import calls_of, findings, planned, point, remote


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    with serving(FakeAws()) as served:
        point(monkeypatch, served.url)
        yield served


@pytest.mark.parametrize("faulty", FAULTY, ids=lambda each: each.id)
def test_found_planned_applied_clean_undone(faulty: Faulty, aws: FakeAws, tmp_path: Path) -> None:
    with aws.lax():
        faulty.build(Clients(aws.url))
    start = aws.state()
    flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)
    assert faulty.rule in findings(tmp_path / "1", flags, faulty.code)

    plans = planned(tmp_path / "2", Wish(flags, "t"), faulty.code)
    assert faulty.rule in {rule for each in plans for rule, _ in each.ends}, plans
    assert aws.state() == start
    calls = calls_of(plans)

    file = tmp_path / "undo.json"
    lines: list[str] = []
    outcome = Applying(remote(), file, lines.append).run(calls, "t")
    assert outcome.failed == ""
    assert outcome.done == calls
    assert findings(tmp_path / "3", flags, faulty.code) == ()

    with aws.lax():
        undone = Undoing(remote(), load(file), file, lines.append).run()
    assert undone.left == ()
    assert aws.state() == start
    assert aws.orphans() == []
