"""Lists of calls: how their lines are read, as they come, and whose turn it is."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.live.many import Limits, Listed, Rest, batches, listed, run
from corsmith.live.many.source import LONGEST
from corsmith.live.many.turns import Turns
from corsmith.live.record import Heard


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", None),
        ("  \t", None),
        ("# https://api.example.com/", None),
        (" https://API.example.com/a \r", Listed("https://API.example.com/a", "api.example.com")),
        ('{"url": "https://api.example.com/"}', Listed("https://api.example.com/", "api.example.com")),
        (
            ('{"url": "http://a.example/", "origin": "https://b.example", "method": "PUT", "headers": {"X-A": "1"},'
            ' "credentials": "include", "body": "é"}'),
            Listed("http://a.example/", "a.example", "https://b.example", "PUT", (("X-A", "1"),), "include", b"\xc3\xa9"),
        ),
        ('{"url": "http://a.example/", "headers": [["A", "1"], ["A", "2"]]}',
         Listed("http://a.example/", "a.example", headers=(("A", "1"), ("A", "2")))),
    ],
)  # fmt: skip
def test_lines_are_calls(line: str, expected: Listed | None) -> None:
    assert listed(line) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("api.example.com/items", "is no http or https URL"),
        ("ftp://api.example.com/", "is no http or https URL"),
        ("https://", "is no http or https URL"),
        ("{", "is no JSON"),
        ("{" + '"a":[' * 100_000, "is no JSON"),
        ("{}", "has no url"),
        ('{"url": 1}', "has no url"),
        ('{"url": "https://a.example/", "orign": "x"}', "has 'orign', which is none of"),
        ('{"url": "https://a.example/", "method": 1}', "method is no text"),
        ('{"url": "https://a.example/", "credentials": "yes"}', "credentials is none of omit"),
        ('{"url": "https://a.example/", "headers": "X"}', "headers are neither"),
        ('{"url": "https://a.example/", "headers": [["A"]]}', "headers are neither"),
        ('{"url": "https://a.example/", "headers": [7]}', "headers are neither"),
        ('{"url": "nowhere"}', "is no http or https URL"),
    ],
)
def test_other_lines_say_what_is_wrong(line: str, words: str) -> None:
    call = listed(line)
    assert call is not None
    assert words in call.wrong


@given(st.text(max_size=80))
def test_no_line_is_too_strange_to_be_read(text: str) -> None:
    for line in (text, "{" + text, '{"url": "https://a.example/", ' + text):
        call = listed(line)
        assert call is None or call.wrong or call.host


def lines_of(*parts: bytes) -> list[str]:
    left = [*parts]

    async def reading() -> list[str]:
        return [line async for some in batches(lambda: left.pop(0) if left else b"") for line in some]

    return asyncio.run(reading())


def test_lines_come_whole_however_they_are_cut() -> None:
    assert lines_of(b"a\nb", b"c\n", b"\nd") == ["a", "bc", "", "d"]
    assert lines_of() == []
    assert lines_of("ä\n".encode()[:1], "ä\n".encode()[1:]) == ["ä"]
    assert lines_of(b"\xff\n") == ["�"]
    assert lines_of(codecs.BOM_UTF8 + b"a\r\n") == ["a\r"]
    assert lines_of("https://a.example/\r\nb".encode("utf-16")) == ["https://a.example/\r", "b"]


def test_a_line_without_end_is_not_kept() -> None:
    (line,) = lines_of(*[b"x" * LONGEST] * 20)
    assert len(line) == LONGEST


def test_what_cannot_be_read_any_more_has_ended() -> None:
    def broken() -> bytes:
        raise OSError

    async def reading() -> list[list[str]]:
        return [some async for some in batches(broken)]

    assert asyncio.run(reading()) == []


def hosts(turns: Turns, names: str) -> str:
    for name in names:
        turns.add(Listed(name, name))
    return taken(turns)


def taken(turns: Turns) -> str:
    found = ""
    while (call := turns.next()) is not None:
        found += call.host
    return found


def test_a_busy_server_makes_nobody_else_wait() -> None:
    turns = Turns(lambda host: 2 if host == "a" else None)
    assert hosts(turns, "aaaabab") == "aabb"
    assert turns.waiting == 3
    turns.done(Listed("a", "a"))
    turns.done(Listed("b", "b"))
    assert taken(turns) == "a"
    turns.done(Listed("a", "a"))
    turns.done(Listed("a", "a"))
    assert taken(turns) == "aa"
    assert turns.waiting == 0


class Watched:
    """Counts the calls at a time, in all and for each server."""

    def __init__(self) -> None:
        self.now: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.read = 0
        self.ended = 0
        self.ahead = 0

    async def judge(self, call: Listed, _: list[Heard], __: Rest) -> str:
        for name in (call.host, "all"):
            self.now[name] = self.now.get(name, 0) + 1
            self.most[name] = max(self.most.get(name, 0), self.now[name])
        await asyncio.sleep(0)
        self.ahead = max(self.ahead, self.read - self.ended)
        for name in (call.host, "all"):
            self.now[name] -= 1
        self.ended += 1
        return call.url

    async def source(self, lines: list[str]) -> AsyncIterator[list[str]]:
        for line in lines:
            self.read += 1
            yield [line]


def worked(
    lines: list[str], limits: Limits, wants: Callable[[Listed], bool] = lambda _: True
) -> tuple[Watched, list[str]]:
    watched = Watched()
    found: list[str] = []
    asyncio.run(run(watched.source(lines), limits, watched.judge, found.append, wants))
    return watched, found


def test_every_call_is_made_and_no_more_at_a_time_than_allowed() -> None:
    lines = [f"https://{'abc'[number % 3]}.example/{number}" for number in range(200)]
    lines += [f"https://a.example/more/{number}" for number in range(200)]
    watched, found = worked([*lines, "", "# no call"], Limits(concurrency=8, per_host=3))
    assert sorted(found) == sorted(lines)
    assert watched.most["all"] <= 8
    assert watched.most["a.example"] == 3
    assert watched.most["b.example"] <= 3


def test_this_machine_takes_as_many_as_there_are() -> None:
    watched, _ = worked([f"http://127.0.0.1/{number}" for number in range(100)], Limits(concurrency=20, per_host=3))
    assert watched.most["127.0.0.1"] == 20


def test_the_list_is_not_read_far_ahead() -> None:
    limits = Limits(concurrency=2, per_host=1)
    watched, found = worked([f"https://a.example/{number}" for number in range(1000)], limits)
    assert len(found) == 1000
    assert watched.ahead <= limits.window + limits.concurrency + 1


def test_calls_that_are_not_wanted_are_left_out() -> None:
    _, found = worked(["https://a.example/1", "https://a.example/2"], Limits(), lambda call: call.url.endswith("2"))
    assert found == ["https://a.example/2"]


def test_what_goes_wrong_ends_the_run() -> None:
    def emit(_: str) -> None:
        raise BrokenPipeError

    watched = Watched()
    source = watched.source([f"https://a.example/{number}" for number in range(1000)])
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(run(source, Limits(), watched.judge, emit, lambda _: True))
    assert raised.value.subgroup(BrokenPipeError) is not None
    assert watched.ended < 100
