"""Answers that are given again are new answers: they have their own identifier and date, and are told of."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest

from corsmith.local import head, repeated
from corsmith.local.eager import Answer, start
from corsmith.local.listener import HOST, Listener
from corsmith.local.message import Incoming, Limits, Outgoing
from corsmith.local.repeated import STAMP, Again, request_id

ASK = b"OPTIONS /a HTTP/1.1\r\nHost: h\r\nOrigin: https://a.example\r\n\r\n"
GET = b"GET /b HTTP/1.1\r\nHost: h\r\n\r\n"


class Door:
    """Answers as a front door that decides alone. `asked`: how often it decided; `told`: how often an answer left."""

    def __init__(self) -> None:
        self.asked = self.told = 0

    def handle(self, incoming: Incoming) -> Outgoing:
        self.asked += 1
        self._tell()
        identifier = request_id()
        again = Again(identifier[:STAMP], self._tell) if incoming.method == "OPTIONS" else None
        return Outgoing(204, (("x-id", identifier), ("X-Short", identifier[:STAMP] + "=")), again=again)

    def _tell(self) -> None:
        self.told += 1


def talk(door: Door, *packets: bytes, act: Callable[[Listener, int], None] = lambda *_: None) -> list[bytes]:
    """Send packets, each when the one before is answered, and return the answers."""

    async def run() -> list[bytes]:
        listener = Listener(door.handle, Limits())
        await listener.start()
        reader, writer = await asyncio.open_connection(HOST, listener.port)
        answers = []
        for number, packet in enumerate(packets):
            act(listener, number)
            writer.write(packet)
            ends = packet.count(b"\r\n\r\n")
            answers += [await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5) for _ in range(ends)]
        writer.close()
        await listener.close()
        return answers

    return asyncio.run(run())


def identifiers(answers: list[bytes]) -> list[tuple[bytes, bytes]]:
    found = [re.search(rb"x-id: (\S+)\r\nX-Short: (\S+)\r\n", answer) for answer in answers]
    return [(match[1], match[2]) for match in found if match]


def test_the_same_bytes_are_decided_about_once_and_told_of_each_time() -> None:
    door = Door()
    answers = talk(door, *[ASK] * 5)
    assert (door.asked, door.told) == (1, 5)
    assert len(set(identifiers(answers))) == 5
    for long, short in identifiers(answers):
        assert re.fullmatch(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", long)
        assert short == long[:STAMP] + b"="
    assert len({re.sub(rb"x-id: .*\r\nX-Short: .*", b"", answer) for answer in answers}) == 1


def test_other_bytes_are_decided_about() -> None:
    door = Door()
    talk(door, ASK, ASK.replace(b"/a", b"/c"), GET, GET, ASK)
    assert door.asked == 4


def test_pipelined_and_split_requests_are_answered_one_by_one() -> None:
    door = Door()
    assert len(talk(door, ASK + GET, ASK + GET, ASK + ASK)) == 6
    assert door.asked == 6
    # What follows the beginning of another request is no request of its own.
    door = Door()
    talk(door, ASK)
    answers = talk(door, ASK, GET[:10], GET[10:], ASK)
    assert len(answers) == 3


def test_a_request_that_ends_the_connection_is_not_remembered() -> None:
    door = Door()
    last = ASK.replace(b"Host: h", b"Host: h\r\nConnection: close")
    for _ in range(2):
        assert b"connection: close" in talk(door, last)[0]
    assert door.asked == 2


def test_the_date_is_that_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1_000_000_000, 1_000_000_000, 1_000_000_001, 1_000_000_001, 1_000_000_001])
    monkeypatch.setattr(head.time, "time", lambda: next(times, 1_000_000_001))
    first, second, third = talk(Door(), ASK, ASK, ASK)
    assert b"date: Sun, 09 Sep 2001 01:46:40 GMT" in first
    assert b"date: Sun, 09 Sep 2001 01:46:41 GMT" in second
    assert b"date: Sun, 09 Sep 2001 01:46:41 GMT" in third


def test_what_is_remembered_can_be_forgotten_and_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door()
    talk(door, ASK, ASK, act=lambda listener, _: listener.memory.forget())
    assert door.asked == 2
    monkeypatch.setattr(repeated, "MOST", 2)
    door = Door()
    others = [ASK.replace(b"/a", b"/%d" % number) for number in range(5)]
    talk(door, *others, *others)
    assert door.asked > 5


def test_a_long_request_is_not_remembered() -> None:
    door = Door()
    long = ASK.replace(b"Host: h", b"Host: h\r\nX: " + b"y" * repeated.LONGEST)
    talk(door, long, long)
    assert door.asked == 2


def test_a_coroutine_goes_on_where_its_answer_is_given() -> None:
    steps: list[str] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        answer: Answer[str] = Answer()
        plain: asyncio.Future[str] = loop.create_future()

        async def waits() -> None:
            steps.append("begun")
            steps.append(await answer)
            steps.append(await plain)
            await asyncio.sleep(0)
            steps.append("ended")

        start(waits())
        assert steps == ["begun"]
        answer.set_result("answered")
        assert steps == ["begun", "answered"]
        plain.set_result("later")
        assert steps == ["begun", "answered"]
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(run())
    assert steps == ["begun", "answered", "later", "ended"]


def test_an_answer_is_a_future_to_a_task() -> None:
    async def run() -> str:
        answer: Answer[str] = Answer()
        asyncio.get_running_loop().call_soon(answer.set_result, "told")
        return await asyncio.wait_for(answer, 5)

    assert asyncio.run(run()) == "told"
