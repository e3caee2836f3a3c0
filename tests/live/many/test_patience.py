"""Servers that ask to be left alone: for how long, and that nobody calls them meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.exchange import Headers, Response
from corsmith.live.many import Limits, Listed, Rest, asked_to_wait, run
from corsmith.live.many.turns import Turns
from corsmith.live.record import Heard

NOW = ("Date", "Wed, 25 Nov 2026 02:00:00 GMT")


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, (("Retry-After", "5"),), None),
        (503, (), None),
        (429, (), 1.0),
        (429, (("Retry-After", "5"),), 5.0),
        (429, (("retry-after", "0"),), 0.0),
        (503, (("Retry-After", "120"),), 120.0),
        (429, (NOW, ("Retry-After", "Wed, 25 Nov 2026 02:00:07 GMT")), 7.0),
        (429, (NOW, ("Retry-After", "Wed, 25 Nov 2026 01:00:00 GMT")), 0.0),
        (429, (("Date", "?"), ("Retry-After", "Wed, 25 Nov 1999 02:00:07 GMT")), 0.0),
        (429, (("Retry-After", "-1"),), 1.0),
        (429, (("Retry-After", "soon"),), 1.0),
        (429, (("Retry-After", "²"),), 1.0),
        (429, (("Retry-After", ""),), 1.0),
        (429, (("Retry-After", "5"), ("Retry-After", "6")), 5.0),
    ],
)
def test_how_long_is_read(status: int, headers: Headers, seconds: float | None) -> None:
    assert asked_to_wait(Response(status, headers)) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_said_is_some_time(said: str, date: str) -> None:
    seconds = asked_to_wait(Response(429, (("Retry-After", said), ("Date", date))))
    assert seconds is not None
    assert seconds >= 0


def taken(turns: Turns) -> str:
    found = ""
    while (call := turns.next()) is not None:
        found += call.host
    return found


def test_nobody_calls_a_server_that_rests() -> None:
    turns = Turns(lambda host: 2 if host == "a" else None)
    for name in "aaaabb":
        turns.add(Listed(name, name))
    assert taken(turns) == "aabb"
    turns.rest("a")
    turns.rest("a")
    turns.rest("b")
    turns.add(Listed("b", "b"))
    turns.done(Listed("a", "a"))
    turns.done(Listed("a", "a"))
    turns.done(Listed("b", "b"))
    assert (taken(turns), turns.waiting) == ("", 3)
    turns.wake("a")
    assert taken(turns) == ""
    turns.wake("a")
    assert taken(turns) == "aa"
    turns.wake("b")
    assert (taken(turns), turns.waiting) == ("b", 0)


def test_a_server_that_rests_keeps_nobody_else_waiting_and_all_calls_are_made() -> None:
    calls = [f"https://{host}.example/{number}" for number in range(30) for host in "ab"]
    order: list[str] = []
    resting = {"a": False}

    async def source() -> AsyncIterator[list[str]]:
        yield calls

    async def judge(call: Listed, _: list[Heard], rest: Rest) -> str:
        if call.url == "https://a.example/0":
            await asyncio.sleep(0)
            resting["a"] = True
            await rest(call, 0.05)
            resting["a"] = False
        elif call.host == "a.example" and call.url not in first:
            assert not resting["a"]
        await asyncio.sleep(0)
        return call.url

    # As many as were under way when the server asked to rest.
    first = {f"https://a.example/{number}" for number in range(3)}
    asyncio.run(run(source(), Limits(concurrency=8, per_host=3), judge, order.append, lambda _: True))
    assert sorted(order) == sorted(calls)
    assert order.index("https://b.example/29") < order.index("https://a.example/3")
