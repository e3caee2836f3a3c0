"""Answering before Lambda stops the function.

The handler runs in a thread that lives as long as the sandbox, so that its thread-locals stay warm. A late call is given
up: its thread is left to itself, since Python cannot stop one safely, and the next call gets a new one.
"""

import sys
from logging import getLogger
from queue import Empty, SimpleQueue
from threading import Thread

from lambda_cors.responses import JSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LATE = {"statusCode": 504, "headers": JSON, "body": '{"message":"Endpoint request timed out"}'}


def limited(handler: "Callable[[Any, Any], Any]", seconds: float) -> "Callable[[Any, Any], Any]":
    """The handler; a 504 answers for it so many seconds before the context's time is over, or at half of a shorter time."""
    idle: list[tuple[SimpleQueue[Any], SimpleQueue[Any]]] = []

    def call(event: "Any", context: "Any") -> "Any":
        remaining = getattr(context, "get_remaining_time_in_millis", None)
        if remaining is None:
            return handler(event, context)
        left = remaining() / 1000
        try:
            calls, results = idle.pop()
        except IndexError:
            calls, results = SimpleQueue(), SimpleQueue()
            Thread(target=_work, args=(handler, calls, results), daemon=True).start()
        calls.put((event, context))
        try:
            result, error = results.get(timeout=max(left - seconds, left / 2, 0))
        except Empty:
            getLogger("lambda_cors").error("the handler was still running, and its time was almost over")
            return LATE
        idle.append((calls, results))
        if error is not None:
            raise error
        return result

    return call


def _work(handler: "Callable[[Any, Any], Any]", calls: "SimpleQueue[Any]", results: "SimpleQueue[Any]") -> None:
    # Adapters such as Mangum ask for the thread's event loop, which only the main thread has from the start.
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        asyncio.set_event_loop(asyncio.new_event_loop())
    while True:
        event, context = calls.get()
        try:
            results.put((handler(event, context), None))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the call was made
            results.put((None, error))
