"""Coroutines from ordinary functions, also while an event loop runs, as it does in asynchronous tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


def waited(coroutine: Coroutine[Any, Any, R]) -> R:
    """Return what a coroutine returns. Where this thread runs a loop already, another thread runs one for it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    outcome: list[R] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(asyncio.run(coroutine))
        except BaseException as error:  # noqa: BLE001 - it is raised where it was asked for
            failure.append(error)

    thread = threading.Thread(target=run, name="corsmith")
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return outcome[0]
