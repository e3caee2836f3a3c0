"""Responses that go on: each piece leaves when the function writes it, and a client hears when there is no end."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from corsmith.gateways.asks import Failed, InvokeResult, Streamed, TimedOut
from corsmith.local.background import LocalGateway
from corsmith.local.stream import INTEGRATION_RESPONSE, Stream, StreamCut, Streaming, whole

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Streams:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Timeout: 2
      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM, Cors: {AllowOrigins: ["*"]}}
  Buffers:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      CodeUri: .
      Timeout: 2
      FunctionUrlConfig: {AuthType: NONE}
"""
CODE = """\
import { existsSync } from 'node:fs';

const until = async (file) => {
  while (!existsSync(file)) await new Promise((go) => setTimeout(go, 5));
};

export const handler = awslambda.streamifyResponse(async (event, stream) => {
  const { what, file } = event.queryStringParameters;
  const metadata = { statusCode: 201, headers: { 'x-kind': what } };
  const out = awslambda.HttpResponseStream.from(stream, metadata);
  out.write('first');
  if (what === 'waits') await until(file);
  if (what === 'fails') throw new Error('midway');
  if (what === 'exits') setTimeout(() => process.exit(3), 200), await until('/nowhere');
  if (what === 'hangs') await until('/nowhere');
  if (what === 'floods') for (let n = 0; n < 400; n += 1) {
    if (!out.write('x'.repeat(65536))) await new Promise((go) => out.once('drain', go));
  }
  out.end('last');
});
"""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalGateway]:
    folder = tmp_path_factory.mktemp("stream")
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "app.mjs").write_text(CODE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with LocalGateway("template.yaml") as running:
            yield running


def asked(gateway: LocalGateway, query: str, method: str = "GET", name: str = "StreamsUrl") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(urlsplit(gateway.urls[name]).netloc, timeout=30)
    connection.request(method, f"/?{query}", headers={"Origin": "https://a.example", "Connection": "close"})
    return connection.getresponse()


@pytest.mark.node
def test_a_piece_leaves_before_the_next_is_written(gateway: LocalGateway, tmp_path: Path) -> None:
    file = tmp_path / "go"
    with asked(gateway, f"what=waits&file={file}") as answer:
        assert (answer.status, answer.getheader("x-kind")) == (201, "waits")
        assert answer.getheader("access-control-allow-origin") == "https://a.example"
        assert answer.read(5) == b"first"
        file.touch()
        assert answer.read() == b"last"


@pytest.mark.node
@pytest.mark.parametrize("what", ["fails", "exits", "hangs"])
def test_a_stream_that_breaks_off_has_no_end_and_the_next_call_is_served(gateway: LocalGateway, what: str) -> None:
    with asked(gateway, f"what={what}") as answer:
        assert answer.status == 201
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
    with asked(gateway, "what=ends") as answer:
        assert answer.read() == b"firstlast"
    assert any("so the connection was closed" in message for message in gateway.told)


@pytest.mark.node
@pytest.mark.parametrize("what", ["ends", "fails", "exits", "hangs"])
def test_without_streaming_the_whole_response_is_waited_for(gateway: LocalGateway, what: str) -> None:
    # Metadata, zeros and body in one text are no JSON, so even a stream that ends well is a malformed response.
    with asked(gateway, f"what={what}", name="BuffersUrl") as answer:
        assert (answer.status, answer.read()) == (502, b"Internal Server Error")


@pytest.mark.node
def test_a_large_stream_is_whole_and_a_reader_that_goes_away_harms_nobody(gateway: LocalGateway) -> None:
    with asked(gateway, "what=floods") as answer:
        assert len(answer.read()) == 9 + 400 * 65536
    place = urlsplit(gateway.urls["StreamsUrl"])
    with socket.create_connection((place.hostname, place.port), 30) as leaving:
        leaving.sendall(b"GET /?what=floods HTTP/1.1\r\nHost: h\r\n\r\n")
        assert leaving.recv(100).startswith(b"HTTP/1.1 201")
    with asked(gateway, "what=ends") as answer:
        assert answer.read() == b"firstlast"


@pytest.mark.node
def test_heads_and_old_clients_get_no_chunks(gateway: LocalGateway) -> None:
    with asked(gateway, "what=ends", "HEAD") as answer:
        assert (answer.status, answer.getheader("transfer-encoding"), answer.read()) == (201, None, b"")
    place = urlsplit(gateway.urls["StreamsUrl"])
    with socket.create_connection((place.hostname, place.port), 30) as old:
        old.sendall(b"GET /?what=ends HTTP/1.0\r\n\r\n")
        octets = b""
        while piece := old.recv(1000):
            octets += piece
    head, _, body = octets.partition(b"\r\n\r\n")
    assert body == b"firstlast"
    assert b"transfer-encoding" not in head


class Source:
    """The connection that a stream comes on."""

    def __init__(self) -> None:
        self.paused = False

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


def stream(kind: str = "text/plain") -> tuple[Stream, Source, list[Streamed]]:
    source, begun = Source(), cast("list[Streamed]", [])
    return Stream(kind, cast(Any, source), begun.append), source, begun


@pytest.mark.parametrize("cuts", [(1,), (5,), (18,), (19, 20), (25, 26), (27,)])
def test_the_prelude_ends_at_eight_zeros_wherever_the_pieces_end(cuts: tuple[int, ...]) -> None:
    octets = b'{"statusCode":201}' + bytes(8) + b"body"
    under_test, _, begun = stream(INTEGRATION_RESPONSE)
    for start, end in zip((0, *cuts), (*cuts, len(octets)), strict=True):
        under_test.feed(octets[start:end])
    under_test.end(())
    (head,) = begun
    assert asyncio.run(whole(head)) == Streamed(b'{"statusCode":201}', b"body", INTEGRATION_RESPONSE)


def test_the_function_waits_for_a_client_that_does_not_read() -> None:
    async def run() -> list[int]:
        under_test, source, begun = stream()
        under_test.feed(b"a")
        for _ in range(10):
            under_test.feed(b"x" * 50_000)
        assert source.paused
        under_test.end(())
        assert begun == [Streaming(None, b"a", "text/plain", rest=under_test)]
        sizes = [len(piece) async for piece in under_test.pieces()]
        assert not source.paused
        return sizes

    assert asyncio.run(run()) == [50_000] * 10


@pytest.mark.parametrize("result", [TimedOut(), Failed("exit", "status 3")])
def test_what_ends_a_function_ends_its_stream(result: InvokeResult) -> None:
    under_test, _, begun = stream()
    under_test.feed(b"a")
    under_test.cut(result)
    assert asyncio.run(whole(begun[0])) == result


def test_more_than_may_be_handed_on_in_one_piece_is_refused() -> None:
    under_test, _, begun = stream()
    under_test.feed(b"a")
    for _ in range(8):
        under_test.feed(b"x" * 1_000_000)
    under_test.end(())
    result = asyncio.run(whole(begun[0]))
    assert isinstance(result, Failed)
    assert "6 MB" in (result.message or "")


def test_a_reader_is_woken_and_told_of_the_cut() -> None:
    async def run() -> list[bytes]:
        under_test, _, _ = stream()
        under_test.feed(b"a")
        found: list[bytes] = []

        async def read() -> None:
            async for piece in under_test.pieces():
                found.append(piece)  # noqa: PERF401 - what was read before the cut is looked at

        reading = asyncio.create_task(read())
        await asyncio.sleep(0)
        under_test.feed(b"b")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert found == [b"b"]
        under_test.cut(None)
        with pytest.raises(StreamCut):
            await reading
        return found

    assert asyncio.run(run()) == [b"b"]
