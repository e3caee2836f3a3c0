"""The Runtime API: what the clients write at once is taken as it is when it comes in pieces."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corsmith.gateways.asks import InvokeResult, Payload, RawPayload
from corsmith.local.runtime_api import Event, RuntimeApi

NEXT = b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: runtime\r\n\r\n"
ID = "b983fdf8-65f5-4fff-8fff-ffffffffffff"
OTHER_ID = "00000000-65f5-4fff-8fff-ffffffffffff"


def response(body: bytes, request_id: str = ID, length: int | None = None) -> bytes:
    head = f"POST /2018-06-01/runtime/invocation/{request_id}/response HTTP/1.1\r\nHost: runtime\r\n"
    size = len(body) if length is None else length
    return head.encode() + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % size + body


def exchange(*packets: bytes) -> tuple[InvokeResult | None, bytes, int]:
    """Ask for an event, answer it with `packets`; return the result, what came back, and how often the process was idle."""
    idle: list[None] = []

    async def run() -> tuple[InvokeResult | None, bytes]:
        api = RuntimeApi(lambda: idle.append(None), lambda: None)
        host, _, port = (await api.start()).partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(NEXT)
        await asyncio.wait_for(api.ready, 5)
        answer: asyncio.Future[InvokeResult] = asyncio.get_running_loop().create_future()
        api.send(Event(ID, "arn:aws:lambda:us-east-1:1:function:f", b'{"a":1}', 1), answer)
        await asyncio.wait_for(reader.readuntil(b'{"a":1}'), 5)
        for packet in packets:
            writer.write(packet)
            await writer.drain()
            await asyncio.sleep(0)
        done, _ = await asyncio.wait((answer,), timeout=0.3)
        for _ in range(200):
            if len(idle) == 2 or not done:
                break
            await asyncio.sleep(0.01)
        came = b""
        if len(idle) == 2:
            later: asyncio.Future[InvokeResult] = asyncio.get_running_loop().create_future()
            api.send(Event(OTHER_ID, "arn", b'{"b":2}', 2), later)
            came = await asyncio.wait_for(reader.readuntil(b'{"b":2}'), 5)
        writer.close()
        await api.close()
        return (answer.result() if done else None), came

    result, came = asyncio.run(run())
    return result, came, len(idle)


WHOLE = response(b'{"statusCode": 200}') + NEXT


def statuses(came: bytes) -> list[bytes]:
    return re.findall(rb"HTTP/1.1 (\d+)", came)


def test_a_response_with_the_next_question_is_one_packet_each_way() -> None:
    result, came, idle = exchange(WHOLE)
    assert result == Payload({"statusCode": 200})
    assert (statuses(came), idle) == ([b"202", b"200"], 2)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, len(WHOLE) - 1), max_size=4))
def test_it_is_the_same_in_pieces(cuts: list[int]) -> None:
    ends = sorted({*cuts, len(WHOLE)})
    result, came, idle = exchange(*(WHOLE[start:end] for start, end in zip([0, *ends], ends, strict=False)))
    assert result == Payload({"statusCode": 200})
    assert (statuses(came), idle) == ([b"202", b"200"], 2)


@pytest.mark.parametrize(
    ("octets", "result", "answers"),
    [
        pytest.param(
            response(b"{no json") + NEXT, RawPayload(b"{no json", "application/json"), [b"202", b"200"], id="no JSON"
        ),
        pytest.param(response(b"") + NEXT, RawPayload(b"", "application/json"), [b"202", b"200"], id="nothing"),
        pytest.param(
            response(NEXT) + NEXT, RawPayload(NEXT, "application/json"), [b"202", b"200"], id="a question as body"
        ),
        pytest.param(response(b"1") + response(b"2") + NEXT, Payload(1), [b"202", b"400", b"200"], id="two responses"),
        pytest.param(response(b"1 ", length=1) + NEXT, Payload(1), [b"202"], id="a body that is longer"),
        pytest.param(response(b"1", OTHER_ID) + NEXT, None, [], id="another's"),
    ],
)
def test_what_is_not_said_in_the_usual_words_is_parsed(
    octets: bytes, result: InvokeResult, answers: list[bytes]
) -> None:
    seen, came, _ = exchange(octets)
    assert seen == result
    assert statuses(came)[: len(answers)] == answers[: len(statuses(came))]


def test_a_question_out_of_turn_is_refused() -> None:
    async def run() -> tuple[bytes, int]:
        idle: list[None] = []
        api = RuntimeApi(lambda: idle.append(None), lambda: None)
        host, _, port = (await api.start()).partition(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(NEXT)
        await asyncio.wait_for(api.ready, 5)
        api.send(Event(ID, "arn", b"{}", 1), asyncio.get_running_loop().create_future())
        reader, copy = await asyncio.open_connection(host, int(port))
        copy.write(NEXT)
        answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
        for each in (writer, copy):
            each.close()
        await api.close()
        return answer, len(idle)

    answer, idle = asyncio.run(run())
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert answer.endswith(b'{"errorType":"InvalidStateTransition"}')
    assert idle == 1
