"""A late handler is answered for."""

import asyncio
import sys
import threading
import time
from queue import SimpleQueue
from typing import Any

import pytest
from lambda_cors import cors

from vectors import CASES, Context, named

EVENTS = {case["name"]: case["event"] for case in CASES}
GET = EVENTS["http_api: allowed"]
POLICY = named("app")


def test_a_late_handler_is_answered_for_and_the_next_call_is_not_held_up(caplog: pytest.LogCaptureFixture) -> None:
    go = threading.Event()
    threads: list[threading.Thread] = []

    @cors(POLICY, deadline=0.02)
    def handler(event: Any, context: Any) -> Any:
        threads.append(threading.current_thread())
        if event["headers"].get("slow"):
            go.wait(20)
        return {"statusCode": 200}

    slow = {**GET, "headers": {**GET["headers"], "slow": "1"}}
    assert handler(slow, Context(60))["statusCode"] == 504
    assert caplog.messages == ["the handler was still running, and its time was almost over"]
    assert caplog.records[0].name == "lambda_cors"
    assert handler(GET, Context(30_000))["statusCode"] == 200
    assert handler(GET, Context(30_000))["statusCode"] == 200
    go.set()
    assert threads[0] is not threads[1]
    assert threads[1] is threads[2]
    assert all(thread.daemon for thread in threads)


class Fixed:
    """A context whose clock stands."""

    def __init__(self, milliseconds: float) -> None:
        self.get_remaining_time_in_millis = lambda: milliseconds


@pytest.mark.parametrize(
    ("milliseconds", "deadline", "waited"),
    [(3000, 0.5, 2.5), (3000, 2, 1.5), (900, 0.5, 0.45), (300, 10, 0.15), (-5, 1, 0), (0, 1, 0)],
)
def test_it_waits_until_the_deadline_or_half_of_a_shorter_time(
    milliseconds: float, deadline: float, waited: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[float] = []

    class Queue(SimpleQueue[Any]):
        """Says how long it was waited for, and waits as long as it takes."""

        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            if timeout is not None:
                times.append(timeout)
            return super().get()

    monkeypatch.setattr("lambda_cors.deadline.SimpleQueue", Queue)
    cors(POLICY, deadline=deadline)(lambda event, context: "text")(GET, Fixed(milliseconds))
    assert times == [waited]


def test_no_time_left_is_late() -> None:
    assert cors(POLICY, deadline=1)(lambda event, context: time.sleep(5))(GET, Context(-5))["statusCode"] == 504


@pytest.mark.parametrize("context", [None, object()])
def test_without_a_clock_there_is_no_deadline(context: object) -> None:
    def handler(event: Any, context: Any) -> Any:
        return {"statusCode": 200, "body": threading.current_thread().name}

    assert cors(POLICY, deadline=1)(handler)(GET, context)["body"] == threading.current_thread().name


@pytest.mark.parametrize("clock", [False, True])
def test_the_handler_gets_what_lambda_gave(clock: bool) -> None:
    # The clock runs from here: a context made when the tests are collected is long over.
    context = Context(30_000) if clock else None
    given: list[object] = []
    cors(POLICY, deadline=1)(lambda *arguments: given.extend(arguments))(GET, context)
    assert given[0] is GET
    assert given[1] is context


def test_what_a_handler_raises_in_time_is_raised_where_it_was_called() -> None:
    with pytest.raises(KeyboardInterrupt):
        cors(POLICY, deadline=1)(_interrupted)(GET, Context(30_000))


def test_the_handlers_thread_has_an_event_loop() -> None:
    async def hello() -> str:
        return "hello"

    def handler(event: Any, context: Any) -> Any:
        loop = asyncio.get_event_loop_policy().get_event_loop()
        return {"statusCode": 200, "body": loop.run_until_complete(hello())}

    wrapped = cors(POLICY, deadline=1)(handler)
    for _ in range(2):
        assert wrapped(GET, Context(30_000))["body"] == "hello"


def test_without_asyncio_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "asyncio")
    assert cors(POLICY, deadline=1)(lambda event, context: "text")(GET, Context(30_000))["body"] == "text"


def _interrupted(event: Any, context: Any) -> Any:
    raise KeyboardInterrupt
