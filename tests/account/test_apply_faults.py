"""Whatever goes wrong at whichever call: an undo leads back to the start, and a second run leads to the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.account.apply import Applying
from corsmith.account.plan.applied import _OPERATIONS
from corsmith.account.plan.call import Call, Request
from corsmith.account.plan.plan import Wish
from corsmith.account.remote import Remote
from corsmith.account.snapshot import Place
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, ORIGIN, Clients, Faulty, Rest
from .pretending import Shared, calls_of, findings, planned, point, remote, share


def _half_made(clients: Clients) -> None:
    """An OPTIONS method without an integration, as a run that died leaves it."""
    api = Rest(clients).proxy().errors()
    api.deploy()
    api.method("OPTIONS")


ACCOUNTS = {
    "rest": "rest-no-options-method",
    "half made": Faulty("rest-no-options-method", _half_made),
    "mock": "rest-mock-options-broken-no-response",
    "headers": "credentials-header-missing-rest",
    "authorizer": "rest-options-requires-auth",
    "gateway response": "rest-missing-gateway-responses",
    "own gateway response": "rest-missing-gateway-responses-own",
    "permission": "lambda-permission-missing",
    "http": "httpapi-no-cors-config-manual-deploy",
    "routes": "httpapi-default-route-authorizer-catches-options-few",
    "url": "function-url-permission-missing",
    "url settings": "allow-methods-missing-url",
}
"""Accounts whose plans and undoings make every request that there is: a test below holds them to it."""
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


def faulty_one(name: str) -> Faulty:
    wanted = ACCOUNTS[name]
    return wanted if isinstance(wanted, Faulty) else next(each for each in FAULTY if each.id == wanted)


@pytest.fixture(scope="module", params=ACCOUNTS)
def account(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    faulty = faulty_one(request.param)
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


def test_what_cannot_be_looked_at_stops_the_run(built: Built) -> None:
    """A look that is refused, before a call or after it: nothing more is sent, and what was done can be taken back."""
    built.again()
    built.apply(built.calls, "first")
    looks = built.aws.read
    for number in range(looks):
        built.again()
        built.aws.blind = lambda at, operation, number=number: "denied" if at == number else None
        outcome = built.apply(built.calls, "first")
        assert "cannot be looked at" in outcome.failed
        assert "AccessDenied" in outcome.failed
        assert (*outcome.done, *outcome.remaining) == built.calls
        built.undo("first")
        built.as_it_was()


@pytest.mark.parametrize("fault", ["throttled", "broken", "lost"])
def test_what_can_be_looked_at_later_is(built: Built, fault: str) -> None:
    for number in (0, 1, 2):
        built.again()
        built.aws.blind = lambda at, operation, number=number: fault if at in (number, number + 1) else None
        outcome = built.apply(built.calls, "first")
        assert (outcome.failed, outcome.done) == ("", built.calls)
        built.undo("first")
        built.as_it_was()


def test_a_colleague_who_changes_a_thing_meanwhile_is_noticed(built: Built) -> None:
    """Between the plan and each call somebody changes what the call is about: it is not overwritten."""
    for number, call in enumerate(built.calls):
        if call.thing.kind in ("permission", "new-route") or call.thing in {
            each.thing for each in built.calls[:number]
        }:
            continue  # a permission and a route of that name are nobody else's; the others are begun by the run itself
        built.again()
        built.aws.fault = lambda at, operation, call=call, number=number: (
            disturb(built.aws, call) if at == number - 1 else None
        )
        if number == 0:
            disturb(built.aws, call)
        outcome = built.apply(built.calls, "first")
        assert "somebody else changes it" in outcome.failed, call
        assert outcome.done == built.calls[:number]
        theirs = built.aws.state()
        built.undo("first")
        assert changed_places(theirs) == changed_places(built.aws.state())


def disturb(aws: FakeAws, call: Call) -> None:
    """Change what a call is about, as somebody at the console would."""
    thing = call.thing
    if thing.kind == "method":
        methods = aws.rest.apis[thing.owner]["resources"][thing.part[0]]["resourceMethods"]
        methods.setdefault(thing.part[1], {"httpMethod": thing.part[1]})
        methods[thing.part[1]] |= {"authorizationType": "AWS_IAM", "operationName": MARK}
    elif thing.kind == "gateway-response":
        aws.rest.apis[thing.owner]["gateway"][thing.part[0]] = {"responseType": thing.part[0], "statusCode": MARK}
    elif thing.kind == "stage":
        aws.rest.create_deployment({"restApiId": thing.owner, "stageName": thing.part[0], "description": MARK})
    elif thing.kind == "http-stage":
        aws.http.create_deployment({"ApiId": thing.owner, "StageName": thing.part[0], "Description": MARK})
    elif thing.kind == "http-cors":
        aws.http.apis[thing.owner]["api"]["CorsConfiguration"] = {"AllowOrigins": [MARK]}
    elif thing.kind == "route":
        aws.http.apis[thing.owner]["routes"][thing.part[0]]["OperationName"] = MARK
    else:
        assert thing.kind == "url-cors"
        aws.functions.functions[thing.owner]["urls"][thing.part[0]]["Cors"] = {"AllowOrigins": [MARK]}


MARK = "https://theirs.example"


def changed_places(state: Any, at: str = "") -> set[str]:
    """Return where somebody's mark is."""
    if isinstance(state, dict):
        return {each for key, inner in state.items() for each in changed_places(inner, f"{at}/{key}")}
    if isinstance(state, list):
        return {each for inner in state for each in changed_places(inner, at)}
    return {at} if state == MARK else set()


def test_every_request_that_there_is_is_broken_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: set[str] = set()
    with serving(FakeAws()) as aws:
        point(monkeypatch, aws.url)
        share(monkeypatch, Shared())
        empty = aws.keep()
        for name in ACCOUNTS:
            aws.restore(empty)
            (tmp_path / name).mkdir()
            one = Built(aws, faulty_one(name), tmp_path / name)
            aws.made = []
            one.apply(one.calls, "first")
            one.undo("first")
            made |= set(aws.made)
    assert made == {f"{service}:{operation}" for service, operation in _OPERATIONS}
