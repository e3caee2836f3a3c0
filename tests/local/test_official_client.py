"""The bootstrap of ours and AWS's own client for Node.js, aws-lambda-ric, post the same for every way out of a handler."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corsmith.api.value import Known
from corsmith.gateways import InvokeResult, Payload
from corsmith.local.launch import Interpreters
from tests.local.bench import HANDLERS, Bench, function

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
    "streamsByEnd",
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
    shutil.copytree(HANDLERS / "node", folder / "node")
    (folder / "node" / "node_modules").symlink_to(PACKAGES)
    return folder / "node"


def outcomes(folder: Path, member: str) -> tuple[InvokeResult, InvokeResult]:
    timeout = Known(1 if member == "neverEnds" else 20)
    one = function(f"app.{member}", "nodejs22.x", folder, timeout=timeout)
    return Bench(one, interpreters=Interpreters(folder)).twice(f"app.{member}", {"a": 1})


@pytest.mark.parametrize("member", MEMBERS)
def test_both_clients_post_the_same(official: Path, member: str) -> None:
    assert outcomes(HANDLERS / "node", member) == outcomes(official, member)


def test_the_projects_own_client_is_used(official: Path) -> None:
    (official / "which.cjs").write_text("exports.handler = async () => process.argv[1];\n")
    one = function("which.handler", "nodejs22.x", official)
    result, _ = Bench(one, interpreters=Interpreters(official)).twice("which.handler")
    assert isinstance(result, Payload)
    assert "aws-lambda-ric" in result.value
