"""Interpreters for which awslambdaric's compiled part is not made are served by a plain one."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import Failed, InvokeResult, Payload, RawPayload
from corsmith.local import launch
from corsmith.local.functions import Functions
from corsmith.local.launch import Interpreters

HANDLERS = Path(__file__).parents[1] / "fixtures" / "local" / "python"


@pytest.fixture
def interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Interpreters:
    """A virtual environment without packages, and corsmith's packages without anything compiled."""
    own = tmp_path / "own"
    own.mkdir()
    for name in ("awslambdaric", "simplejson", "snapshot_restore_py"):
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        if found.submodule_search_locations is None:
            shutil.copy(found.origin, own)
        else:
            shutil.copytree(Path(found.origin).parent, own / name, ignore=shutil.ignore_patterns("*.so"))
    monkeypatch.setattr(
        launch, "find_spec", lambda _: importlib.util.spec_from_file_location("x", own / "awslambdaric/x.py")
    )
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    real = Path(sys.executable).resolve()
    python.symlink_to(real)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    return Interpreters(tmp_path)


def results(member: str, interpreter: Interpreters) -> list[InvokeResult]:
    one = Function("One", Span("t", 0, 0), Known("python3.13"), Known(f"app.{member}"), Known(str(HANDLERS)))

    async def run() -> list[InvokeResult]:
        functions = Functions((one,), interpreter, lambda _: None)
        try:
            return [await functions.invoke("One", {"size": 5, "name": "é"}, 20) for _ in range(2)]
        finally:
            await functions.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("sized", Payload("xxxxx")),
        ("octets", RawPayload(b"\x00\xff", "application/unknown")),
        ("raises", Failed("exception", "no such item")),
        ("missing", Failed("init", "Handler 'missing' missing on module 'app'")),
    ],
)
def test_it_posts_what_the_compiled_one_posts(interpreter: Interpreters, member: str, expected: InvokeResult) -> None:
    assert results(member, interpreter) == [expected, expected]


def test_the_context_is_complete(interpreter: Interpreters) -> None:
    first, second = results("echo", interpreter)
    assert isinstance(first, Payload)
    assert isinstance(second, Payload)
    assert first.value["event"] == {"size": 5, "name": "é"}
    assert first.value["pid"] == second.value["pid"]
    assert first.value["request_id"] != second.value["request_id"]
    assert 0 < first.value["remaining"] <= 3000
