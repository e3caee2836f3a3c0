"""Functions in processes of their own: every way out of a handler, and what is left running afterwards: nothing."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.value import Known, Unknown
from corsmith.gateways import Failed, InvokeResult, Payload, RawPayload, Slow, Streamed, TimedOut
from corsmith.local.functions import Functions
from corsmith.local.launch import Interpreters
from tests.local.bench import HANDLERS, LANGUAGES, Bench, function, in_language, left, running


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_result_is_what_the_handler_returns_and_the_process_stays_warm(language: tuple[str, str]) -> None:
    first, second = in_language(language, "echo").twice("app.echo", {"name": "ü€", "n": [1, None, True, 1.5]})
    assert isinstance(first, Payload)
    assert isinstance(second, Payload)
    assert first.value["event"] == {"name": "ü€", "n": [1, None, True, 1.5]}
    assert first.value["pid"] == second.value["pid"]
    assert first.value["name"] == "app.echo"
    assert 0 < first.value["remaining"] <= 5000
    assert len(first.value["request_id"]) == 36


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("member", "kind", "message"),
    [
        ("raises", "exception", "no such item"),
        ("unserialisable", {"python": "marshal", "node": "exception"}, "Unable to"),
        ("leaves", "exit", "status 3"),
        ("missing", "init", "missing"),
    ],
)
def test_failures_are_told_with_the_trace_and_the_next_call_is_served(
    language: tuple[str, str], member: str, kind: str | dict[str, str], message: str
) -> None:
    bench = in_language(language, member)
    if isinstance(kind, dict):
        kind = kind[language[1]]
    for result in bench.twice(f"app.{member}"):
        assert isinstance(result, Failed)
        assert result.kind == kind
        assert message in (result.message or "")
    assert len(bench.told) == 2
    assert f"app.{member} failed ({kind})" in bench.told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_message_of_an_exception_is_passed_on_bare(language: tuple[str, str]) -> None:
    # A Lambda authorizer says "Unauthorized" with it.
    first, _ = in_language(language, "unauthorized").twice("app.unauthorized")
    assert first == Failed("exception", "Unauthorized")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_module_that_does_not_load_is_an_init_failure(language: tuple[str, str]) -> None:
    runtime, folder = language
    bench = Bench(function("unloadable.handler", runtime, HANDLERS / folder))
    first, second = bench.twice("unloadable.handler")
    assert isinstance(first, Failed)
    assert first.kind == "init"
    assert second == first
    assert "nobody_has_this" in bench.told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_loop_ends_at_the_functions_timeout(language: tuple[str, str]) -> None:
    bench = in_language(language, "loops", timeout=Known(1))
    began = time.monotonic()
    assert bench.twice("app.loops") == (TimedOut(), TimedOut())
    assert time.monotonic() - began >= 2
    assert "Timeout" in bench.told[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_flood_of_output_is_cut_and_shown_on_failure(language: tuple[str, str]) -> None:
    bench = in_language(language, "floods", timeout=Known(20))
    first, _ = bench.twice("app.floods")
    assert isinstance(first, Failed)
    assert "bytes before this were dropped" in bench.told[0]
    assert "the last line" in bench.told[0]
    assert len(bench.told[0]) < 50_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_response_over_6_mb_fails_and_the_next_call_is_served(language: tuple[str, str]) -> None:
    runtime, folder = language
    bench = Bench(function("app.sized", runtime, HANDLERS / folder))

    async def act(functions: Functions) -> list[InvokeResult]:
        return [await functions.invoke("app.sized", {"size": size}, 20) for size in (7_000_000, 6_000_000)]

    large, fitting = bench.run(act)
    assert isinstance(large, Failed)
    assert "6 MB" in (large.message or "")
    assert isinstance(fitting, Payload)
    assert len(fitting.value) == 6_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_slow_calls_run_beside_each_other(language: tuple[str, str], tmp_path: Path) -> None:
    runtime, folder = language
    bench = Bench(function("app.meets", runtime, HANDLERS / folder, timeout=Known(60)))
    event = {"folder": str(tmp_path), "wanted": 3}

    async def act(functions: Functions) -> list[InvokeResult]:
        return await asyncio.gather(*(functions.invoke("app.meets", event, 60) for _ in range(3)))

    results = bench.run(act)
    assert len({result.value for result in results if isinstance(result, Payload)}) == 3


def test_processes_that_nobody_needs_any_more_are_ended_but_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("corsmith.local.pool.TIDY_AFTER", 0.2)
    bench = Bench(function("app.meets", "python3.13", HANDLERS / "python", timeout=Known(60)))

    async def act(functions: Functions) -> tuple[list[int], InvokeResult]:
        event = {"folder": str(tmp_path), "wanted": 3}
        results = await asyncio.gather(*(functions.invoke("app.meets", event, 60) for _ in range(3)))
        pids = [result.value for result in results if isinstance(result, Payload)]
        for _ in range(200):
            if sum(map(running, pids)) == 1:
                break
            await asyncio.sleep(0.05)
        return pids, await functions.invoke("app.meets", event, 60)

    pids, last = bench.run(act)
    assert len(set(pids)) == 3
    assert isinstance(last, Payload)
    assert last.value in pids


@pytest.mark.parametrize("language", LANGUAGES)
def test_quick_calls_share_one_process_and_none_gets_anothers_answer(language: tuple[str, str]) -> None:
    runtime, folder = language
    bench = Bench(function("app.echo", runtime, HANDLERS / folder))

    async def act(functions: Functions) -> list[InvokeResult]:
        await functions.invoke("app.echo", {}, 20)
        return await asyncio.gather(*(functions.invoke("app.echo", {"n": n}, 20) for n in range(20)))

    values = [result.value for result in bench.run(act) if isinstance(result, Payload)]
    assert [value["event"]["n"] for value in values] == list(range(20))
    assert len({value["pid"] for value in values}) <= 2


@pytest.mark.parametrize(("longest", "processes"), [(0.0, 2), (1e9, 1)])
def test_where_no_handler_is_slow_a_call_waits_longer_for_a_process(
    monkeypatch: pytest.MonkeyPatch, longest: float, processes: int
) -> None:
    monkeypatch.setattr("corsmith.local.pool.SLOW", 1e9)
    monkeypatch.setattr("corsmith.local.pool.LONGEST", longest)
    bench = Bench(function("app.naps", "python3.13", HANDLERS / "python", timeout=Known(20)))

    async def act(functions: Functions) -> int:
        await functions.invoke("app.naps", {"seconds": 0}, 20)
        await asyncio.gather(*(functions.invoke("app.naps", {"seconds": 1.5}, 20) for _ in range(2)))
        return functions._pools["app.naps"].running

    assert bench.run(act) == processes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_callers_limit_does_not_end_the_function(language: tuple[str, str]) -> None:
    runtime, folder = language
    bench = Bench(function("app.naps", runtime, HANDLERS / folder))

    async def act(functions: Functions) -> tuple[InvokeResult, InvokeResult, InvokeResult]:
        warm = await functions.invoke("app.naps", {"seconds": 0}, 20)
        slow = await functions.invoke("app.naps", {"seconds": 0.3}, 0.1)
        await asyncio.sleep(0.5)
        return warm, slow, await functions.invoke("app.naps", {"seconds": 0}, 20)

    warm, slow, after = bench.run(act)
    assert slow == Slow()
    assert after == warm


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_running(language: tuple[str, str]) -> None:
    runtime, folder = language
    bench = Bench(function("app.breeds", runtime, HANDLERS / folder))

    async def act(functions: Functions) -> InvokeResult:
        return await functions.invoke("app.breeds", {}, 20)

    result = bench.run(act)
    assert isinstance(result, Payload)
    assert left(result.value) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_environment_is_the_templates_and_not_the_developers(
    language: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABLE", "of the developer")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the developer")
    monkeypatch.setenv("AWS_PROFILE", "of the developer")
    variables = (("GIVEN", Known("x")), ("SWITCH", Known(True)), ("LATER", Unknown("Ref Bucket is made by AWS")))
    bench = in_language(language, "environment", environment=variables)
    first, _ = bench.twice("app.environment")
    assert isinstance(first, Payload)
    found = first.value
    assert (found["GIVEN"], found["SWITCH"]) == ("x", "true")
    assert "of the developer" not in found.values()
    assert not {"TABLE", "LATER", "AWS_PROFILE"} & set(found)
    assert found["AWS_LAMBDA_FUNCTION_NAME"] == "app.environment"
    assert bench.told == ["app.environment: environment variable LATER is not set here: Ref Bucket is made by AWS"]


def test_credentials_are_passed_on_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the developer")
    one = function("app.environment", "python3.13", HANDLERS / "python")
    first, _ = Bench(one, interpreters=Interpreters(HANDLERS, real_credentials=True)).twice("app.environment")
    assert isinstance(first, Payload)
    assert first.value["AWS_SECRET_ACCESS_KEY"] == "of the developer"


def test_bytes_are_no_json() -> None:
    first, _ = in_language(("python3.13", "python"), "octets").twice("app.octets")
    assert first == RawPayload(b"\x00\xff", "application/unknown")


def test_nan_is_no_json() -> None:
    first, _ = in_language(("python3.13", "python"), "nan").twice("app.nan")
    assert isinstance(first, RawPayload)


@pytest.mark.node
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("synchronous", None),
        ("unsettled", None),
        ("undefined", None),
        ("calledBack", {"statusCode": 201}),
        ("succeeded", {"statusCode": 202}),
        ("nested.inner", {"statusCode": 203}),
    ],
)
def test_ways_out_of_a_node_handler(member: str, value: Any) -> None:
    assert in_language(("nodejs22.x", "node"), member).twice(f"app.{member}") == (Payload(value), Payload(value))


@pytest.mark.node
@pytest.mark.parametrize(("member", "message"), [("throwsLater", "too late"), ("rejectsUnheard", "nobody listens")])
def test_errors_outside_of_a_node_handlers_promise(member: str, message: str) -> None:
    for result in in_language(("nodejs22.x", "node"), member).twice(f"app.{member}"):
        assert isinstance(result, Failed)
        assert message in (result.message or "")


@pytest.mark.node
@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (
            "streams",
            Streamed(
                b'{"statusCode":201,"headers":{"x-a":"1"}}',
                b"hello world",
                "application/vnd.awslambda.http-integration-response",
            ),
        ),
        ("streamsNothing", Streamed(None, b"", "application/vnd.awslambda.http-integration-response")),
        (
            "streamsEmpty",
            Streamed(b'{"statusCode":204}', b"", "application/vnd.awslambda.http-integration-response"),
        ),
        ("streamsRaw", Streamed(None, b'raw{"a":1}', "text/plain")),
        ("streamsThenFails", Streamed(None, b"begun", "application/octet-stream", failed=True)),
        ("failsToStream", Streamed(None, b"", "application/octet-stream", failed=True)),
        ("streamsInPieces", Streamed(None, b"x" * 300_000, "application/octet-stream")),
    ],
)
def test_response_streaming(member: str, expected: Streamed) -> None:
    assert in_language(("nodejs22.x", "node"), member).twice(f"app.{member}") == (expected, expected)
