"""Answering before Lambda stops the function.

The handler runs in a thread of its own that lives as long as the sandbox, so that what it keeps in thread-locals stays
warm. A call that is late is given up: its thread is left to itself, and the next call gets a new one. Python has no safe
way to stop a thread, so a late handler's work may still complete while the sandbox is awake.
"""

from logging import getLogger
from queue import SimpleQueue
from threading import Event, Thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Handler: TypeAlias = Callable[[Any, Any], Any]

LATE = {
    "statusCode": 504,
    "headers": {"content-type": "application/json"},
    "body": '{"message":"Endpoint request timed out"}',
}


class _Call:
    __slots__ = ("context", "done", "error", "event", "result")

    def __init__(self, event: "Any", context: "Any") -> None:
        self.event = event
        self.context = context
        self.done = Event()
        self.result: Any = None
        self.error: BaseException | None = None


def limited(handler: "Handler", seconds: float) -> "Handler":
    """The handler, answering 504 for it so many seconds before the context's time is over.

    Where less than twice the seconds remain from the start, the handler gets half of what remains.
    """
    idle: list[SimpleQueue[_Call]] = []

    def call(event: "Any", context: "Any") -> "Any":
        remaining = getattr(context, "get_remaining_time_in_millis", None)
        if remaining is None:
            return handler(event, context)
        left = remaining() / 1000
        try:
            queue = idle.pop()
        except IndexError:
            queue = SimpleQueue()
            Thread(target=_work, args=(handler, queue), daemon=True, name="lambda_cors").start()
        work = _Call(event, context)
        queue.put(work)
        if not work.done.wait(max(left - seconds, left / 2, 0)):
            getLogger("lambda_cors").error("the handler was still running %s s before its time was over", seconds)
            return LATE
        idle.append(queue)
        if work.error is not None:
            raise work.error
        return work.result

    return call


def _work(handler: "Handler", queue: "SimpleQueue[_Call]") -> None:
    while True:
        call = queue.get()
        try:
            call.result = handler(call.event, call.context)
        except BaseException as error:
            call.error = error
        call.done.set()
        del call
