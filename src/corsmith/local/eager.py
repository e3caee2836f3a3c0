"""Coroutines that go on at once: without a task, and without a turn of the loop for each step.

A request through a function is a chain of small steps, and each turn of the loop asks the system what is new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Answer(asyncio.Future[T]):
    """A future whose waiting coroutine, where it was started by `start`, goes on inside of `set_result`."""

    go_on: Callable[[], None] | None = None

    def set_result(self, result: T, /) -> None:
        """Set the result."""
        super().set_result(result)
        go_on, self.go_on = self.go_on, None
        if go_on is not None:
            go_on()


def start(coroutine: Coroutine[Any, None, None]) -> None:
    """Run `coroutine` up to where it has to wait, and on from there when it need not wait any more.

    It may await futures and what is made of them, but nothing that needs a task, such as `asyncio.timeout`. What it
    raises is raised to whoever made it go on: it had better raise nothing.
    """
    _Steps(coroutine).go_on()


class _Steps:
    """A coroutine under way. Nothing here refers to itself when it is done: thousands of them pass in a second."""

    __slots__ = ("_coroutine",)

    def __init__(self, coroutine: Coroutine[Any, None, None]) -> None:
        self._coroutine = coroutine

    def go_on(self, _: object = None) -> None:
        try:
            awaited = self._coroutine.send(None)
        except StopIteration:
            return
        if awaited is None:
            # A bare yield, as in asyncio.sleep(0).
            asyncio.get_running_loop().call_soon(self.go_on)
            return
        awaited._asyncio_future_blocking = False
        if isinstance(awaited, Answer):
            awaited.go_on = self.go_on
        else:
            awaited.add_done_callback(self.go_on)
