"""The wheels build, and what they hold runs where nothing else is installed."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: hello.handler
      CodeUri: .
      Events:
        Say:
          Type: HttpApi
          Properties: {Path: /hello, Method: GET}
"""


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build both distributions the way a release does: the wheel from the source archive."""
    found = {}
    for name, source in (("lambda_cors", ROOT / "runtimes" / "python"), ("corsmith", ROOT)):
        out = tmp_path_factory.mktemp(name)
        built = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source)
        assert built.returncode == 0, built.stdout + built.stderr
        assert len(list(out.glob("*.tar.gz"))) == 1
        (found[name],) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def clean(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts' folder of an environment with both wheels and what they declare to need, at locked versions.

    What they need is copied from this environment, which holds the locked versions: the test asks no package index.
    """
    venv = tmp_path_factory.mktemp("clean")
    assert run(sys.executable, "-m", "venv", "--without-pip", venv).returncode == 0
    bin_folder = venv / ("Scripts" if sys.platform == "win32" else "bin")
    pip = (sys.executable, "-m", "pip", "--python", bin_folder / "python")
    installed = run(*pip, "install", "--no-index", "--no-deps", "--quiet", *wheels.values())
    assert installed.returncode == 0, installed.stderr
    (site,) = venv.glob("[Ll]ib/**/site-packages")
    for name in sorted(needed(wheels["corsmith"])):
        copy_installed(name, site)
    checked = run(*pip, "check")
    assert checked.returncode == 0, checked.stdout
    return bin_folder


def needed(wheel: Path) -> set[str]:
    """Return the names of all distributions that the wheel's own requirements lead to."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    todo = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    found: set[str] = set()
    while todo:
        requirement = Requirement(todo.pop())
        name = requirement.name.lower().replace("_", "-")
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and name not in found and name != "lambda-cors":
            found.add(name)
            todo += importlib.metadata.requires(name) or []
    return found


def copy_installed(name: str, site: Path) -> None:
    distribution = importlib.metadata.distribution(name)
    for file in distribution.files or []:
        if ".." not in file.parts and file.suffix != ".pyc":
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(distribution.locate_file(file)), target)


def rule_pages() -> Iterator[str]:
    return (path.stem for path in sorted((ROOT / "docs" / "rules").glob("*.md")))


def test_version_is_the_one_of_the_source(clean: Path) -> None:
    from corsmith import __version__

    told = run(clean / "corsmith", "--version")
    assert told.returncode == 0, told.stderr
    assert __version__ in told.stdout


def test_check_finds_what_blocks_a_tiny_project(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "hello.py").write_text('def handler(event, context):\n    return {"statusCode": 200, "body": "hi"}\n')
    told = run(clean / "corsmith", "check", ".", "--format", "json", cwd=tmp_path)
    assert told.returncode == 1, told.stderr
    assert [finding["rule"] for finding in json.loads(told.stdout)["findings"]] == ["httpapi-no-cors-config"]


def test_every_rules_page_is_in_the_wheel(clean: Path, tmp_path: Path) -> None:
    for page in rule_pages():
        told = run(clean / "corsmith", "rules", page, cwd=tmp_path)
        assert told.returncode == 0, told.stderr
        assert page in told.stdout


def test_the_wheels_hold_nothing_but_their_package(wheels: dict[str, Path]) -> None:
    for package, wheel in wheels.items():
        with zipfile.ZipFile(wheel) as archive:
            tops = {name.split("/")[0] for name in archive.namelist()}
            assert f"{package}/py.typed" in archive.namelist()
        assert {top for top in tops if not top.endswith(".dist-info")} == {package}


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (("audit", "--region", "eu-west-1"), "aws"),
        (("serve", "--port", "0"), "web"),
        (("lsp",), "lsp"),
        (("mcp",), "mcp"),
        (
            ("check", "http://127.0.0.1:1/", "--origin", "https://app.example.com", "--browser", "real-chromium"),
            "browsers",
        ),
        (
            ("check", "http://127.0.0.1:1/", "--origin", "https://app.example.com", "--browser", "real-firefox"),
            "browsers",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else each[0],
)
def test_what_needs_more_says_what(clean: Path, tmp_path: Path, arguments: tuple[str, ...], extra: str) -> None:
    told = run(clean / "corsmith", *arguments, cwd=tmp_path)
    assert told.returncode == 2
    assert told.stdout == ""
    (line,) = told.stderr.splitlines()
    assert line.startswith("corsmith: ")
    assert f"pip install 'corsmith[{extra}]'" in line
