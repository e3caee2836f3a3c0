"""Functions under test: how they are defined, and a loop to run them in."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import InvokeResult
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


def left(pids: Iterable[int]) -> list[int]:
    """Return which of these processes still run when those that were killed have had the time to go."""
    deadline = time.monotonic() + 10
    alive = [pid for pid in pids if running(pid)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = [pid for pid in alive if running(pid)]
    return alive
