"""Calls that end as those before: every line must be the one that judging gives, whatever answers, paths and values come."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers, NetworkFailure, Request, Response
from corsmith.browser.url import Url
from corsmith.cli.ask_url import Asked
from corsmith.cli.check_url import report_on
from corsmith.live.check import Sending, check
from corsmith.live.exchange import Carrier, Guard
from corsmith.live.layers import body_tells, fingerprint
from corsmith.live.many import Lane, Listed, Outcome, Recall, listed
from corsmith.live.many.likeness import likeness, with_values
from corsmith.live.record import Record
from corsmith.report.json import as_dict
from tests.live import test_layers

RECORDED = json.loads((Path(__file__).parents[2] / "browser" / "data" / "recorded.json").read_text("utf-8"))
APP = "https://app.example.com"
API = "https://api.example.net"

Answers = Callable[[str, bytes], Response | NetworkFailure]


class Server:
    """Answers without a network, and counts what it was asked. `breaks`: so often a connection is closed, and one is missing."""

    def __init__(self, answers: Answers, breaks: int = 0) -> None:
        self._answers = answers
        self._breaks = breaks
        self.asked: list[bytes] = []
        self.given: list[Response | NetworkFailure] = []
        self._begun = 0

    async def carry(self, url: Url, method: str, raw: bytes, timeout: float, guard: Guard) -> Response | NetworkFailure:
        del url, timeout
        assert guard("93.184.216.34") == ""
        self.asked.append(raw)
        self.given.append(self._answers(method, raw))
        return self.given[-1]

    def begin(
        self,
        url: Url,
        method: str,
        raw: bytes,
        timeout: float,
        told: Callable[[Response | NetworkFailure | None, str], None],
    ) -> bool:
        """Answer as `carry` does, where a connection waits."""
        del url, timeout
        self._begun += 1
        loop = asyncio.get_running_loop()
        if self._breaks and self._begun % self._breaks == 0:
            return False
        if self._breaks and self._begun % self._breaks == 1:
            loop.call_soon(told, None, "93.184.216.34")
            return True
        self.asked.append(raw)
        self.given.append(self._answers(method, raw))
        loop.call_soon(told, self.given[-1], "93.184.216.34")
        return True


class Both:
    """Every call made twice: through what is remembered, and judged afresh."""

    def __init__(self, caller: Caller, answers: Answers, breaks: int = 0) -> None:
        self.judged = 0
        self._caller = caller
        self.server = Server(answers, breaks)
        self.other = Server(lambda *_: self.server.given[len(self.other.given)])
        self.recall = Recall(self.judge)
        self.spared = 0

    async def judge(self, call: Listed, network: Carrier) -> Outcome[str]:
        self.judged += 1
        report = await check(call.url, self._caller, Sending(), network)
        whole = report_on(call.url, [Asked(report, report.findings, report.problems)])
        line = msgspec.json.encode({"url": call.url, **as_dict(whole)})
        return Outcome(line, report.call.verdict)

    def call(self, *urls: str) -> None:
        asyncio.run(self._calls(urls))

    async def _calls(self, urls: tuple[str, ...]) -> None:
        for url in urls:
            call = listed(url)
            assert call is not None
            for each in (self.server, self.other):
                each.asked.clear()
                each.given.clear()
            outcomes: list[Outcome[str]] = []
            lane = Lane(self.recall, self.server, 10.0, lambda _, outcome, into=outcomes: into.append(outcome))  # type: ignore[misc]
            left, heard = await lane.run(call)
            if left is None:
                (found,) = outcomes
                self.spared += 1
            else:
                assert (left, outcomes) == (call, [])
                record = Record(self.server, heard)
                found = await self.judge(call, record)
                await self.recall.keep(call, record.heard, found)
            assert found == await self.judge(call, self.other), url
            assert self.server.asked == self.other.asked, url


def of_case(case: dict[str, Any]) -> tuple[Caller, Answers]:
    request = case["request"]
    headers = tuple((name, value) for name, value in request["headers"])
    caller = Caller(case["origin"], request["method"], headers, request.get("credentials", "same-origin"))
    times = iter(range(1_000_000))

    def answers(method: str, raw: bytes) -> Response | NetworkFailure:
        preflight = method == "OPTIONS" and b"\r\nAccess-Control-Request-Method:" in raw
        said = case["preflight"] if preflight else case["response"]
        if said is None:
            return Response(404)
        if said.get("close"):
            return NetworkFailure("It is closed.")
        fields = tuple((name, value) for name, value in said["headers"])
        number = next(times)
        passing = (("Date", f"Wed, 25 Nov 2026 02:00:{number:02} GMT"), ("Content-Length", f"{number + 1}"))
        return Response(said["status"], (*fields, *passing), b'{"number": %d}' % number)

    return caller, answers


CASES = [each["case"] for each in RECORDED if "preflight" in each["case"] and "response" in each["case"]]


def test_recorded_cases_end_as_they_are_judged() -> None:
    assert len(CASES) > 380
    spared = 0
    for case in CASES:
        both = Both(*of_case(case), breaks=5)
        both.call(*(f"{case.get('base') or API}/{part}" for part in ("a", "b/c", "d", "e", "f?x=1", "g?y=2&z", "h?q")))
        spared += both.spared
    # Redirects, failures and answers that ask to wait are judged each time.
    assert spared > len(CASES)


def layers() -> Iterator[tuple[str, Headers, int, bytes, str]]:
    for name, (method, status, headers, body, *_) in test_layers.ANYWHERE.items():
        yield name, headers, status, body.encode(), method


@pytest.mark.parametrize("host", [test_layers.EXECUTE_API, test_layers.FUNCTION_URL.rstrip("/"), API])
def test_answers_of_every_layer_end_as_they_are_judged(host: str) -> None:
    spared = 0
    for _, headers, status, body, method in layers():
        caller = Caller(APP, method, (("X-A", "1"),) if method == "OPTIONS" else ())
        answer = Response(status, headers, body)
        both = Both(caller, lambda *_, answer=answer: answer)
        both.call(*(f"{host}/{number}" for number in range(5)))
        spared += both.spared
    assert spared > 100


def test_alike_answers_are_not_judged_again() -> None:
    both = Both(Caller(APP, "GET"), lambda *_: Response(200, (("Access-Control-Allow-Origin", "*"),), b"[]"))
    both.call(*(f"{API}/items/{number}" for number in range(100)))
    assert both.spared == 98
    # Each of the hundred calls was judged once for the comparison, two of them for themselves, and one without a network.
    assert both.judged == 103


@pytest.mark.parametrize(
    "url",
    [
        f"{API}/a?token=s3cr3t",
        f"{API}/a/../b",
        f"{API}/a%2Fb",
        f"{API}/ä",
        f"{API}",
        "https://API.example.net/a",
        "https://user@api.example.net/a",
        "https://api.example.net:443/a",
        f"{API}/a#b",
        f"{API}/" + "x" * 400,
    ],
)
def test_what_is_written_otherwise_is_judged_each_time(url: str) -> None:
    both = Both(Caller(APP, "GET"), lambda *_: Response(200, (("Access-Control-Allow-Origin", "*"),), b"[]"))
    both.call(f"{API}/1", f"{API}/2", f"{API}/3", url, url, url)
    assert both.spared == 1


def test_other_callers_are_others() -> None:
    line = f'{{"url": "{API}/a", "origin": "https://other.example"}}'
    both = Both(Caller(APP, "GET"), lambda *_: Response(200, (("Access-Control-Allow-Origin", "*"),), b"[]"))
    both.call(f"{API}/1", f"{API}/2", line, f"{API}/3", line, f"{API}/4?a=1")
    assert both.spared == 1


def test_what_never_comes_again_is_not_kept_for_ever() -> None:
    numbers = iter(range(10_000))
    both = Both(Caller(APP, "GET"), lambda *_: Response(200, (("X-Number", str(next(numbers))),)))
    both.call(*(f"{API}/{number}" for number in range(100)))
    assert both.spared == 0
    assert both.judged <= 200 + 8


def test_a_call_goes_on_from_what_it_was_answered() -> None:
    """An answer that was not heard before is judged, and nothing is asked twice."""

    def answers(method: str, raw: bytes) -> Response | NetworkFailure:
        if method == "OPTIONS":
            return Response(204, (("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "x-a")))
        if b" /gone" in raw:
            return NetworkFailure("It is gone.")
        return Response(500 if b" /other" in raw else 200, (("Access-Control-Allow-Origin", "*"),))

    both = Both(Caller(APP, "GET", (("X-A", "1"),)), answers)
    both.call(*(f"{API}/{part}" for part in ("a", "b", "c", "other/1", "gone/1", "d", "other/2", "gone/2")))
    assert both.spared == 3


def test_redirects_and_requests_to_wait_are_never_taken_from_memory() -> None:
    for status, name in ((302, "Location"), (429, "X"), (503, "X"), (301, "X")):
        answer = Response(status, (("Access-Control-Allow-Origin", "*"), (name, "/elsewhere")))
        both = Both(
            Caller(APP, "GET"), lambda _, raw, answer=answer: Response(200) if b" /elsewhere" in raw else answer
        )
        both.call(*(f"{API}/{number}" for number in range(6)))
        assert both.spared == 0


def test_all_is_forgotten_before_it_is_too_much() -> None:
    numbers = iter(range(100_000))
    long = "x" * 20_000

    def answers(_: str, raw: bytes) -> Response:
        return Response(200, (("X-Long", f"{long}{next(numbers) // 4 % 9}"),))

    both = Both(Caller(APP, "GET"), answers)
    for number in range(150):
        both.call(*(f"https://h{number}.example/{path}" for path in range(6)))
    assert both.recall.held < 16 * 1024 * 1024


plain = st.text("abcXYZ019-_~/", max_size=12)
value = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=12)
name = st.sampled_from(
    ("Date", "ETag", "x-amzn-RequestId", "X-Amz-Cf-Id", "Content-Length", "Age", "X-Cache", "Server")
)
cors = st.sampled_from(
    (
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Origin", APP),
        ("access-control-allow-origin", "https://other.example"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", "date, etag"),
    )
)
body = st.one_of(
    st.binary(max_size=20), st.sampled_from((b'{"message":"Forbidden"}', b"Internal Server Error", b"[1]"))
)
response = st.builds(
    Response,
    st.sampled_from((200, 204, 403, 404, 500, 502)),
    st.lists(st.one_of(st.tuples(name, value), cors), max_size=5).map(tuple),
    body,
)
few = st.lists(response, min_size=1, max_size=3)


@settings(max_examples=80, deadline=None)
@given(few, st.lists(st.tuples(plain, st.integers(0, 2)), min_size=4, max_size=14), st.booleans())
def test_whatever_is_answered_lines_are_those_of_judging(
    answers: list[Response], calls: list[tuple[str, int]], preflight: bool
) -> None:
    by_path = {f"/{path}": number for path, number in calls}

    def answer(_: str, raw: bytes) -> Response:
        return answers[by_path.get(raw.split(b" ")[1].decode(), 0) % len(answers)]

    both = Both(Caller(APP, "GET", (("X-A", "1"),) if preflight else ()), answer, breaks=6)
    both.call(*(f"{API}/{path}" for path, _ in calls))


@given(response)
def test_answers_are_alike_whatever_the_passing_values_are(answer: Response) -> None:
    kept, values = likeness(answer)
    others = [f"1{number}" for number in range(len(values))]
    assert likeness(with_values(answer, others)) == (kept, others)


@given(response, st.sampled_from(tuple(layers())))
def test_bodies_that_tell_nothing_change_no_layer(
    answer: Response, layer: tuple[str, Headers, int, bytes, str]
) -> None:
    _, headers, status, _, method = layer
    request = Request(method, API)
    if not body_tells(answer):
        one = replace(answer, headers=headers, status=status)
        assert fingerprint(request, one) == fingerprint(request, replace(one, body=b"x"))
