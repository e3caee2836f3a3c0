"""The log: equal exchanges are judged once and counted, others are all shown."""

from __future__ import annotations

import threading
import time

import pytest

from corsmith.api.exchange import Request, Response
from corsmith.api.function_url import FunctionUrl
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.local import opinions as opinions_module
from corsmith.local.exchange_log import ExchangeLog
from corsmith.local.opinions import REMEMBERED, Opinions
from corsmith.local.verdict import Opinion
from corsmith.readers import Settings

DOOR = FunctionUrl("Url", Span("t", 0, 0), Known("One"))
OPEN = Response(200, (("access-control-allow-origin", "*"), ("x-id", "1")))


def request(path: str = "/", origin: str | None = "https://a.example") -> Request:
    headers = () if origin is None else (("Origin", origin),)
    return Request("GET", f"http://127.0.0.1:3000{path}", headers)


def logged(*exchanges: tuple[Request, Response]) -> list[tuple[bool, str, int]]:
    lines: list[tuple[bool, str, int]] = []

    def write(opinion: Opinion, summary: str, times: int) -> None:
        lines.append((opinion.allowed, summary, times))

    opinions = Opinions(Settings())
    log = ExchangeLog(opinions, write)
    for each in exchanges:
        log(DOOR, *each)
    opinions.close()
    return lines


def test_each_exchange_is_a_line() -> None:
    assert logged((request("/a"), OPEN), (request("/b"), Response(404))) == [
        (True, "200 GET http://127.0.0.1:3000/a", 1),
        (False, "404 GET http://127.0.0.1:3000/b", 1),
    ]


def test_equal_ones_in_a_row_are_counted() -> None:
    lines = logged(*[(request(), OPEN)] * 120, (request("/b"), OPEN), (request(), OPEN))
    assert [(summary[-1], times) for _, summary, times in lines] == [
        ("/", 1),
        ("/", 10),
        ("/", 100),
        ("b", 1),
        ("/", 1),
    ]


def test_what_differs_in_an_identifier_only_is_equal() -> None:
    assert len(logged((request(), OPEN), (request(), Response(200, (*OPEN.headers[:1], ("x-id", "2")))))) == 1


def test_what_carries_no_origin_is_not_logged() -> None:
    assert logged((request(origin=None), OPEN)) == []


def test_no_more_than_a_number_of_opinions_is_kept() -> None:
    opinions = Opinions(Settings())
    done = threading.Semaphore(0)
    for number in range(REMEMBERED + 50):
        opinions.ask(DOOR, request(f"/{number}"), OPEN, lambda _: done.release())
        assert done.acquire(timeout=30)
    opinions.close()
    known = [opinions.known(request(f"/{number}"), OPEN) is not None for number in range(REMEMBERED + 50)]
    assert known == [False] * 50 + [True] * REMEMBERED


def test_what_cannot_be_judged_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    def broken(opinion: Opinion) -> None:
        raise RuntimeError(opinion.console)

    told: list[Opinion] = []
    opinions = Opinions(Settings())
    opinions.ask(DOOR, request("/a"), OPEN, broken)
    opinions.ask(DOOR, request("/b"), OPEN, told.append)
    opinions.close()
    assert [each.allowed for each in told] == [True]
    assert "could not be judged" in caplog.text


def test_it_ends_soon_however_much_is_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opinions_module, "LAST", 0.0)
    looked: list[str] = []

    def slow(door: FunctionUrl, asked: Request, *_: object) -> None:
        looked.append(asked.url)
        time.sleep(0.05)

    monkeypatch.setattr("corsmith.local.cause.cause", slow)
    told: list[Opinion] = []
    opinions = Opinions(Settings())
    for number in range(50):
        opinions.ask(DOOR, request(f"/{number}"), Response(404), told.append)
    opinions.close()
    assert len(told) == 50
    assert len(looked) < 50
