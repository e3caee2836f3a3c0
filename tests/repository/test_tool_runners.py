"""What installs corsmith from an index, from one on this machine: `uvx`, `pipx`, the action, the recipes of other hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from corsmith import __version__

from .local_index import lay_out, serving, wheel_of
from .test_ci import scripts
from .test_packaging import TEMPLATE, needed

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    built, folder = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("index")
    for source in (ROOT / "runtimes" / "python", ROOT):
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(source)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
    own = list(built.glob("*.whl"))
    (toolkit,) = built.glob("corsmith-*.whl")
    # pipx keeps a pip of its own, which it looks for in the same index.
    lay_out([*own, *(wheel_of(name, built) for name in sorted({*needed(toolkit), "pip"}))], folder)
    with serving(folder) as address:
        yield address


def environment(index: str, folder: Path) -> dict[str, str]:
    """Return an environment in which nothing but the index is known, and nothing outside of `folder` is written."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "NO_COLOR": "1",
        "UV_DEFAULT_INDEX": index,
        "UV_CACHE_DIR": str(folder / "uv"),
        "UV_TOOL_DIR": str(folder / "tools"),
        "UV_NO_CONFIG": "1",
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "PIP_INDEX_URL": index,
        "PIP_CONFIG_FILE": os.devnull,
        "PIPX_HOME": str(folder / "pipx"),
        "PIPX_DEFAULT_PYTHON": sys.executable,
    }


RUNNERS = {
    "uvx": ("uvx",),
    "pipx": ("pipx", "run"),
}


@pytest.mark.parametrize("runner", RUNNERS)
def test_nothing_but_the_index_is_needed(runner: str, index: str, tmp_path: Path) -> None:
    folder = project(tmp_path / "project")
    program, *rest = RUNNERS[runner]
    start = [str(Path(sys.executable).with_name(program)), *rest, "corsmith"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        env = environment(index, tmp_path)
        return subprocess.run([*start, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False)

    told = run("--version")
    assert told.returncode == 0, told.stderr
    assert told.stdout.split()[-1] == __version__
    found = run("check", ".", "--format", "json")
    assert found.returncode == 1, found.stderr
    assert [each["rule"] for each in json.loads(found.stdout)["findings"]] == ["httpapi-no-cors-config"]


def project(folder: Path) -> Path:
    """Make a project with one fault."""
    folder.mkdir()
    (folder / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "hello.py").write_text('def handler(event, context):\n    return {"statusCode": 200}\n', encoding="utf-8")
    return folder


def shell(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as hosts do: it stops at the first command that fails."""
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_the_action_installs_and_checks(index: str, tmp_path: Path) -> None:
    """Both steps, with what the runner gives them."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    folder = project(tmp_path / "project")
    given = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "CORSMITH": f"{tmp_path}/corsmith/bin/corsmith",
        "VERSION": f"=={__version__}",
        "TARGETS": ".",
        "ARGUMENTS": "",
        "SARIF": "corsmith.sarif",
    }
    installed, checked = (shell(step["run"], folder, {**environment(index, tmp_path), **given}) for step in steps)
    assert installed.returncode == 0, installed.stderr
    assert checked.returncode == 1, checked.stderr
    assert "::error file=template.yaml" in checked.stdout
    assert (tmp_path / "output").read_text(encoding="utf-8") == "exit-code=1\n"
    assert json.loads((folder / "corsmith.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]


@pytest.mark.parametrize("host", ["GitLab", "Azure Pipelines"])
def test_a_recipe_from_its_first_line_to_its_last(host: str, index: str, tmp_path: Path) -> None:
    """In an environment that holds Python and pip alone, as the image of the recipe does."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "image")], check=True)
    folder = project(tmp_path / "project")
    env = environment(index, tmp_path)
    env["PATH"] = f"{tmp_path / 'image' / 'bin'}{os.pathsep}{env['PATH']}"
    (script,) = scripts(host)
    told = shell(script, folder, env)
    assert told.returncode == 1, told.stderr
    assert "httpapi-no-cors-config" in (folder / "corsmith.xml").read_text(encoding="utf-8")
