"""Whatever goes wrong at whichever call: an undo leads back to the start, and a second run leads to the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.account.apply import Applying
from corsmith.account.plan.call import Call, Request
from corsmith.account.plan.plan import Wish
from corsmith.account.remote import Remote
from corsmith.account.snapshot import Place
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, ORIGIN, Clients, Faulty
from .pretending import Shared, calls_of, findings, planned, point, remote, share

ACCOUNTS = {
    "rest": "rest-no-options-method",
    "mock": "rest-mock-options-broken",
    "authorizer": "rest-options-requires-auth",
    "own gateway response": "rest-missing-gateway-responses-own",
    "http": "httpapi-no-cors-config-manual-deploy",
    "routes": "httpapi-default-route-authorizer-catches-options-few",
    "url": "function-url-permission-missing",
}
PASSING = ("throttled", "conflict", "broken", "lost", "late")
"""What a call gets over by itself."""


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


class Deadly(Remote, eq=False):
    """An account whose caller dies at a changing request. `dies`: its number, and whether it was sent by then."""

    dies: tuple[int, bool] = (-1, False)
    changes: int = 0

    def send(self, place: Place, request: Request) -> Any:
        if request.operation.startswith(("Get", "List")):
            return super().send(place, request)
        number, sent = self.dies
        self.changes += 1
        if self.changes - 1 != number:
            return super().send(place, request)
        if sent:
            super().send(place, request)
        raise Killed


class Built:
    """An account with a fault, its plan, and a way to begin anew."""

    def __init__(self, aws: FakeAws, faulty: Faulty, root: Path) -> None:
        self.aws, self.faulty, self.root = aws, faulty, root
        faulty.build(Clients(aws.url))
        self.kept, self.start = aws.keep(), aws.state()
        self.flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)
        self.session = Shared()
        self.remote = remote()
        self.calls = self.plan()

    def plan(self) -> tuple[Call, ...]:
        return calls_of(planned(self.root, Wish(self.flags, "t"), self.faulty.code))

    def again(self) -> None:
        self.aws.restore(self.kept)

    def apply(self, calls: tuple[Call, ...], name: str, by: Remote | None = None) -> Any:
        return Applying(by or self.remote, self.root / name, lambda line: None).run(calls, name)

    def undo(self, name: str, by: Remote | None = None) -> None:
        path = self.root / name
        done = Undoing(by or self.remote, load(path), path, lambda line: None).run()
        assert done.left == ()

    def mended(self) -> None:
        """Audit and apply again; then all is well, and both runs can be taken back."""
        outcome = self.apply(self.plan(), "second")
        assert outcome.failed == ""
        assert findings(self.root, self.flags, self.faulty.code) == ()
        self.undo("second")
        self.undo("first")
        self.as_it_was()

    def as_it_was(self) -> None:
        assert self.aws.state() == self.start
        assert self.aws.orphans() == []


@pytest.fixture(scope="module", params=ACCOUNTS)
def account(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    faulty = next(each for each in FAULTY if each.id == ACCOUNTS[request.param])
    with serving(FakeAws()) as aws, pytest.MonkeyPatch.context() as patch:
        point(patch, aws.url)
        yield Built(aws, faulty, tmp_path_factory.mktemp("account"))


@pytest.fixture
def built(account: Built, monkeypatch: pytest.MonkeyPatch) -> Built:
    point(monkeypatch, account.aws.url)
    share(monkeypatch, account.session)
    return account


def test_what_passes_is_got_over(built: Built) -> None:
    for number in range(len(built.calls)):
        # Of many calls each gets over some, so that together they get over all.
        faults = PASSING if len(built.calls) < 4 else (PASSING[number % 5], PASSING[(number + 2) % 5])
        for fault in faults:
            built.again()
            built.aws.fault = lambda at, operation, number=number, fault=fault: fault if at == number else None
            outcome = built.apply(built.calls, "first")
            assert (outcome.failed, outcome.done) == ("", built.calls), (number, fault)
            built.undo("first")
            built.as_it_was()


def test_what_is_refused_stops_the_run(built: Built) -> None:
    for number, call in enumerate(built.calls):
        built.again()
        built.aws.fault = lambda at, operation, number=number: "denied" if at == number else None
        outcome = built.apply(built.calls, "first")
        assert outcome.done == built.calls[:number]
        assert outcome.remaining == built.calls[number:]
        assert call.request.operation in outcome.failed
        assert "AccessDenied" in outcome.failed
        built.undo("first")
        built.as_it_was()


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_a_run_that_dies_is_undone(built: Built, sent: bool) -> None:
    for number in range(len(built.calls)):
        built.again()
        deadly = Deadly(built.remote.access, built.remote.clock, dies=(number, sent))
        with pytest.raises(Killed):
            built.apply(built.calls, "first", deadly)
        built.undo("first")
        built.as_it_was()
        built.undo("first")
        built.as_it_was()


@pytest.mark.parametrize("sent", [False, True], ids=["before", "after"])
def test_an_undo_that_dies_is_gone_on_with(built: Built, sent: bool) -> None:
    number, died = 0, True
    while died:
        built.again()
        built.apply(built.calls, "first")
        deadly = Deadly(built.remote.access, built.remote.clock, dies=(number, sent))
        try:
            built.undo("first", deadly)
            died = False
        except Killed:
            number += 1
            built.undo("first")
        built.as_it_was()
    assert number >= 1


def test_a_second_run_ends_what_a_first_began(built: Built) -> None:
    for number in range(len(built.calls)):
        built.again()
        deadly = Deadly(built.remote.access, built.remote.clock, dies=(number, True))
        with pytest.raises(Killed):
            built.apply(built.calls, "first", deadly)
        built.mended()
