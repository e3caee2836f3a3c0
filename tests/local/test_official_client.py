"""The bootstrap of ours and AWS's own client for Node.js, aws-lambda-ric, post the same for every way out of a handler."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import InvokeResult, Payload
from corsmith.local.functions import Functions
from corsmith.local.launch import Interpreters

HANDLERS = Path(__file__).parents[1] / "fixtures" / "local" / "node"
PACKAGES = Path(__file__).parents[2] / "runtimes" / "node" / "node_modules"
MEMBERS = [
    "raises",
    "unauthorized",
    "unserialisable",
    "leaves",
    "missing",
    "synchronous",
    "unsettled",
    "undefined",
    "calledBack",
    "succeeded",
    "nested.inner",
    "throwsLater",
    "rejectsUnheard",
    "streams",
    "streamsNothing",
    "streamsEmpty",
    "streamsRaw",
    "streamsThenFails",
    "failsToStream",
    "streamsInPieces",
    "neverEnds",
]

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the handlers in a project that has aws-lambda-ric."""
    assert (PACKAGES / "aws-lambda-ric").is_dir(), "run `make node` first"
    folder = tmp_path_factory.mktemp("official")
    shutil.copytree(HANDLERS, folder / "node")
    (folder / "node" / "node_modules").symlink_to(PACKAGES)
    return folder / "node"


def outcomes(folder: Path, member: str) -> tuple[InvokeResult, InvokeResult]:
    timeout: Any = Known(1 if member == "neverEnds" else 20)
    one = Function(
        "One", Span("t", 0, 0), Known("nodejs22.x"), Known(f"app.{member}"), Known(str(folder)), timeout=timeout
    )

    async def run() -> tuple[InvokeResult, InvokeResult]:
        functions = Functions((one,), Interpreters(folder), lambda _: None)
        try:
            return await functions.invoke("One", {"a": 1}, 30), await functions.invoke("One", {"a": 2}, 30)
        finally:
            await functions.close()

    return asyncio.run(run())


@pytest.mark.parametrize("member", MEMBERS)
def test_both_clients_post_the_same(official: Path, member: str) -> None:
    assert outcomes(HANDLERS, member) == outcomes(official, member)


def test_the_projects_own_client_is_used(official: Path) -> None:
    (official / "which.cjs").write_text("exports.handler = async () => process.argv[1];\n")
    one = Function("One", Span("t", 0, 0), Known("nodejs22.x"), Known("which.handler"), Known(str(official)))

    async def run() -> InvokeResult:
        functions = Functions((one,), Interpreters(official), lambda _: None)
        try:
            return await functions.invoke("One", {}, 30)
        finally:
            await functions.close()

    result = asyncio.run(run())
    assert isinstance(result, Payload)
    assert "aws-lambda-ric" in result.value
