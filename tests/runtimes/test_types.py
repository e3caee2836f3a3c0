"""The types of the Python runtime say what is allowed: in its sources, and in its wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from clients import ROOT

PROJECT = ROOT / "runtimes/python"


def checked(sources: Path, tmp_path: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", "--config-file", os.devnull]
    command += [
        "--cache-dir",
        str(tmp_path / "cache"),
        "--follow-imports",
        "silent",
        str(PROJECT / "tests/typing/api.py"),
    ]
    environment = {**os.environ, "MYPYPATH": str(sources)}
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
    )
    return done.stdout.strip()


@pytest.mark.parametrize("what", ["sources", "wheel"])
def test_what_the_types_allow_is_what_is_meant(what: str, tmp_path: Path) -> None:
    sources = PROJECT / "src"
    if what == "wheel":
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(PROJECT)]
        subprocess.run(build, check=True, capture_output=True, timeout=120)
        sources = tmp_path / "x"
        with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
            wheel.extractall(sources)
    assert checked(sources, tmp_path) == "Success: no issues found in 1 source file"
