"""Handlers that do what no handler should: they harm themselves, the next call is served, and nothing is left of them."""

from __future__ import annotations

import pytest

from corsmith.api.value import Known
from corsmith.gateways import Failed, InvokeResult, Payload, TimedOut
from corsmith.local.functions import Functions
from tests.local.bench import HANDLERS, LANGUAGES, Bench, function, left

PYTHON = ("python3.13", "python")
both = pytest.mark.parametrize("language", LANGUAGES)


def bench(language: tuple[str, str], member: str) -> Bench:
    runtime, folder = language
    return Bench(function(f"hostile.{member}", runtime, HANDLERS / folder, timeout=Known(4)))


def called(language: tuple[str, str], member: str, times: int) -> list[InvokeResult]:
    async def act(functions: Functions) -> list[InvokeResult]:
        return [await functions.invoke(f"hostile.{member}", {}, 20) for _ in range(times)]

    return bench(language, member).run(act)


def test_a_copy_that_answers_too_harms_its_own_function_alone() -> None:
    names = ("hostile.forks", "hostile.fine")
    pair = Bench(*(function(name, "python3.13", HANDLERS / "python", timeout=Known(1)) for name in names))

    async def act(functions: Functions) -> list[InvokeResult]:
        return [await functions.invoke(name, {}, 20) for name in names * 4]

    results = pair.run(act)
    assert isinstance(results[0], Payload)
    assert all(isinstance(result, Payload | Failed | TimedOut) for result in results[::2])
    assert len({repr(result) for result in results[1::2]}) == 1
    assert left([result.value for result in results if isinstance(result, Payload)]) == []


@both
def test_a_daemon_ends_with_the_gateway(language: tuple[str, str]) -> None:
    (first,) = called(language, "daemon", 1)
    assert isinstance(first, Payload)
    assert left([first.value]) == []


@both
def test_garbage_on_every_open_file_harms_that_call_alone(language: tuple[str, str]) -> None:
    names = ("hostile.writes_everywhere", "hostile.fine")

    async def act(functions: Functions) -> list[InvokeResult]:
        return [await functions.invoke(name, {}, 20) for name in names]

    runtime, folder = language
    both_functions = Bench(*(function(name, runtime, HANDLERS / folder, timeout=Known(4)) for name in names))
    first, second = both_functions.run(act)
    assert isinstance(first, Failed | TimedOut)
    assert isinstance(second, Payload)


@both
def test_signals_that_are_ignored_keep_nobody_alive(language: tuple[str, str]) -> None:
    first, second = called(language, "ignores_signals", 2)
    assert isinstance(first, Payload)
    assert first == second
    assert left([first.value]) == []


def test_memory_that_runs_out_is_an_exception_of_that_call() -> None:
    results = called(PYTHON, "eats_memory", 2)
    assert all(isinstance(result, Failed) for result in results)


@both
def test_there_is_nothing_on_stdin(language: tuple[str, str]) -> None:
    assert called(language, "reads_stdin", 2) == [Payload(""), Payload("")]


@both
def test_a_closed_output_hinders_no_answer(language: tuple[str, str]) -> None:
    assert called(language, "closes_stdout", 1) == [Payload("closed")]


@both
def test_a_process_that_stops_itself_is_ended_at_the_timeout(language: tuple[str, str]) -> None:
    assert called(language, "stops", 1) == [TimedOut()]
