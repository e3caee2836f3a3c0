"""How functions are started: where their modules are, which interpreter runs them, and what is said when none can."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.function import Function
from corsmith.api.value import Known, Unknown
from corsmith.gateways import Failed, Payload
from corsmith.local.launch import Interpreters
from tests.local.bench import HANDLERS, NOWHERE, Bench, function


@pytest.mark.node
@pytest.mark.parametrize(
    "handler", ["folder/inner.handler", "common.handler", "commonjs.handler", "folder.handler", "typed/module.handler"]
)
def test_where_node_handlers_are_found(handler: str) -> None:
    first, _ = Bench(function(handler, "nodejs22.x", HANDLERS / "node")).twice(handler)
    assert first == Payload(handler)


@pytest.mark.parametrize("handler", ["folder/inner.handler", "folder.inner.handler"])
def test_where_python_handlers_are_found(handler: str) -> None:
    first, _ = Bench(function(handler, "python3.13", HANDLERS / "python")).twice(handler)
    assert first == Payload("inner")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"runtime": Known("java21")}, "java21 is not run here"),
        ({"handler": Unknown("Ref Handler has no default")}, "Ref Handler has no default"),
        ({"code": Known("nowhere")}, "nowhere does not exist"),
        ({"code": Unknown("it is in a bucket")}, "it is in a bucket"),
    ],
)
def test_what_cannot_be_started_is_said(change: dict[str, Any], message: str) -> None:
    settings = {"runtime": Known("python3.13"), "handler": Known("app.echo"), "code": Known(str(HANDLERS)), **change}
    bench = Bench(Function("One", NOWHERE, **settings))
    first, _ = bench.twice("One")
    assert isinstance(first, Failed)
    assert message in (first.message or "")
    assert message in bench.told[0]


@pytest.mark.parametrize(
    ("runtime", "source"),
    [
        ("python3.13", "def handler(event, context):\n    return 'inline'\n"),
        pytest.param("nodejs22.x", "exports.handler = async () => 'inline';\n", marks=pytest.mark.node),
    ],
)
def test_code_that_stands_in_the_template(runtime: str, source: str) -> None:
    one = Function("One", NOWHERE, Known(runtime), Known("index.handler"), inline=Known(source))
    assert Bench(one).twice("One") == (Payload("inline"), Payload("inline"))


def test_code_that_stands_in_the_template_is_the_module_index_whatever_the_handler_says() -> None:
    source = "def handler(event, context):\n    return 1\n"
    bench = Bench(Function("One", NOWHERE, Known("python3.13"), Known("app.handler"), inline=Known(source)))
    first, _ = bench.twice("One")
    assert isinstance(first, Failed)
    assert "No module named 'app'" in (first.message or "")
    assert bench.told[0].endswith("but Handler names app; write index.handler")


def test_an_interpreter_that_is_not_there_is_said() -> None:
    one = function("app.echo", "python3.13", HANDLERS / "python")
    first, _ = Bench(one, interpreters=Interpreters(HANDLERS, python="/nowhere/python")).twice("app.echo")
    assert isinstance(first, Failed)
    assert "/nowhere/python cannot be started" in (first.message or "")


def test_a_relative_interpreter_is_relative_to_where_corsmith_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").symlink_to(sys.executable)
    monkeypatch.chdir(tmp_path)
    one = function("app.handler", "python3.13", tmp_path)
    (tmp_path / "app.py").write_text("import sys\n\ndef handler(event, context):\n    return sys.executable\n")
    first, _ = Bench(one, interpreters=Interpreters(tmp_path, python="./python")).twice("app.handler")
    assert isinstance(first, Payload)
    assert Path(first.value).parent == tmp_path


@pytest.mark.parametrize("where", ["project", "current", "active"])
def test_which_virtual_environment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    places = {"project": tmp_path / "project" / ".venv", "current": tmp_path / "venv", "active": tmp_path / "other"}
    names = list(places)
    for name in names[names.index(where) :]:
        (places[name] / "bin").mkdir(parents=True)
        (places[name] / "bin" / "python").touch()
    monkeypatch.chdir(tmp_path)
    found = Interpreters(tmp_path / "project").python_path({"VIRTUAL_ENV": str(places["active"])})
    assert found == str(places[where] / "bin" / "python")


def test_corsmiths_own_packages_are_not_the_functions(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import click\n\ndef handler(event, context):\n    return 1\n")
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # A virtual environment as `python -m venv` makes it, without packages.
    real = Path(sys.executable).resolve()
    python.symlink_to(real)
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    bench = Bench(function("app.handler", "python3.13", tmp_path), interpreters=Interpreters(tmp_path))
    first, _ = bench.twice("app.handler")
    assert isinstance(first, Failed)
    assert "No module named 'click'" in (first.message or "")
