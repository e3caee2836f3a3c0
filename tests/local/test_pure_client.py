"""The plain part that stands in for awslambdaric's compiled one, with any interpreter."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from corsmith.api.value import Known
from corsmith.gateways import Failed, InvokeResult, Payload, RawPayload
from corsmith.local import launch
from corsmith.local.launch import Interpreters
from tests.local.bench import HANDLERS, Bench, function


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
    one = function(f"app.{member}", "python3.13", HANDLERS / "python", timeout=Known(3))
    return list(Bench(one, interpreters=interpreter).twice(f"app.{member}", {"size": 5, "name": "é"}))


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
