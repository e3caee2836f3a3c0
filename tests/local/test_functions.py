"""Functions in processes of their own: every way out of a handler, and what is left running afterwards: nothing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.value import Known, Unknown
from corsmith.gateways import Failed, InvokeResult, Payload, RawPayload, Slow, Streamed, TimedOut
from corsmith.local.functions import Functions
from corsmith.local.launch import Interpreters

T = TypeVar("T")
NOWHERE = Span("template.yaml", 0, 0)
HANDLERS = Path(__file__).parents[1] / "fixtures" / "local"
LANGUAGES = [
    pytest.param(("python3.13", "python"), id="python"),
    pytest.param(("nodejs22.x", "node"), id="node", marks=pytest.mark.node),
]


def function(handler: str, runtime: str, folder: Path, **more: Any) -> Function:
    settings = {"timeout": Known(5), **more}
    return Function(handler, NOWHERE, Known(runtime), Known(handler), Known(str(folder)), **settings)


class Bench:
    """Functions under test, what was told, and a loop to run them in."""

    def __init__(self, *functions: Function, interpreters: Interpreters | None = None) -> None:
        self.told: list[str] = []
        self._given = (functions, interpreters or Interpreters(HANDLERS), self.told.append)

    def run(self, act: Callable[[Functions], Awaitable[T]]) -> T:
        async def whole() -> T:
            functions = Functions(*self._given)
            try:
                return await act(functions)
            finally:
                await functions.close()

        return asyncio.run(whole())

    def twice(self, name: str, event: dict[str, Any] | None = None) -> tuple[InvokeResult, InvokeResult]:
        async def act(functions: Functions) -> tuple[InvokeResult, InvokeResult]:
            return await functions.invoke(name, event or {}, 20), await functions.invoke(name, event or {}, 20)

        return self.run(act)


def in_language(language: tuple[str, str], member: str, **more: Any) -> Bench:
    runtime, folder = language
    return Bench(function(f"app.{member}", runtime, HANDLERS / folder, **more))


def running(pid: int) -> bool:
    # A killed process whose parent has not asked for its status yet is shown as a zombie, "Z".
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return shown.strip() not in ("", "Z", "Zs")


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
    time.sleep(0.1)
    assert [pid for pid in result.value if running(pid)] == []


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


@pytest.mark.node
@pytest.mark.parametrize(
    "handler", ["folder/inner.handler", "common.handler", "commonjs.handler", "folder.handler", "typed/module.handler"]
)
def test_where_node_handlers_are_found(handler: str) -> None:
    first, _ = Bench(function(handler, "nodejs22.x", HANDLERS / "node")).twice(handler)
    assert first == Payload(handler)


@pytest.mark.parametrize("handler", ["folder/inner.handler", "folder.inner.handler"])
def test_where_python_handlers_are_found(handler: str) -> None:
    first, _ = Bench(function(handler, "python3.13", HANDLERS / "python")).twice(handler)
    assert first == Payload("inner")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runtime": Known("java21")}, "java21 is not run here"),
        ({"handler": Unknown("Ref Handler has no default")}, "Ref Handler has no default"),
        ({"code": Known("nowhere")}, "nowhere does not exist"),
        ({"code": Unknown("it is in a bucket")}, "it is in a bucket"),
    ],
)
def test_what_cannot_be_started_is_said(change: dict[str, Any], message: str) -> None:
    settings = {"runtime": Known("python3.13"), "handler": Known("app.echo"), "code": Known(str(HANDLERS)), **change}
    bench = Bench(Function("One", NOWHERE, **settings))
    first, _ = bench.twice("One")
    assert isinstance(first, Failed)
    assert message in (first.message or "")
    assert message in bench.told[0]


@pytest.mark.parametrize(
    ("runtime", "source"),
    [
        ("python3.13", "def handler(event, context):\n    return 'inline'\n"),
        pytest.param("nodejs22.x", "exports.handler = async () => 'inline';\n", marks=pytest.mark.node),
    ],
)
def test_code_that_stands_in_the_template(runtime: str, source: str) -> None:
    one = Function("One", NOWHERE, Known(runtime), Known("index.handler"), inline=Known(source))
    assert Bench(one).twice("One") == (Payload("inline"), Payload("inline"))


def test_code_that_stands_in_the_template_is_the_module_index_whatever_the_handler_says() -> None:
    source = "def handler(event, context):\n    return 1\n"
    bench = Bench(Function("One", NOWHERE, Known("python3.13"), Known("app.handler"), inline=Known(source)))
    first, _ = bench.twice("One")
    assert isinstance(first, Failed)
    assert "No module named 'app'" in (first.message or "")
    assert bench.told[0].endswith("but Handler names app; write index.handler")


def test_an_interpreter_that_is_not_there_is_said() -> None:
    one = function("app.echo", "python3.13", HANDLERS / "python")
    first, _ = Bench(one, interpreters=Interpreters(HANDLERS, python="/nowhere/python")).twice("app.echo")
    assert isinstance(first, Failed)
    assert "/nowhere/python cannot be started" in (first.message or "")


def test_a_relative_interpreter_is_relative_to_where_corsmith_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    one = function("app.handler", "python3.13", tmp_path)
    (tmp_path / "app.py").write_text("import sys\n\ndef handler(event, context):\n    return sys.executable\n")
    first, _ = Bench(one, interpreters=Interpreters(tmp_path, python="./python")).twice("app.handler")
    assert isinstance(first, Payload)
    assert Path(first.value).parent == tmp_path


@pytest.mark.parametrize("where", ["project", "current", "active"])
def test_which_virtual_environment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    places = {"project": tmp_path / "project" / ".venv", "current": tmp_path / "venv", "active": tmp_path / "other"}
    names = list(places)
    for name in names[names.index(where) :]:
        (places[name] / "bin").mkdir(parents=True)
        (places[name] / "bin" / "python").touch()
    monkeypatch.chdir(tmp_path)
    found = Interpreters(tmp_path / "project").python_path({"VIRTUAL_ENV": str(places["active"])})
    assert found == str(places[where] / "bin" / "python")


def test_corsmiths_own_packages_are_not_the_functions(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import click\n\ndef handler(event, context):\n    return 1\n")
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # A virtual environment as `python -m venv` makes it, without packages.
    real = Path(sys.executable).resolve()
    python.symlink_to(real)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    bench = Bench(function("app.handler", "python3.13", tmp_path), interpreters=Interpreters(tmp_path))
    first, _ = bench.twice("app.handler")
    assert isinstance(first, Failed)
    assert "No module named 'click'" in (first.message or "")
