"""The wheel of the Python runtime: small, typed, and the same program as the sources."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from clients import ROOT

PROJECT = ROOT / "runtimes/python"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "x")
    return folder / "x"


def test_it_is_at_most_40_kilobytes_with_its_metadata(unpacked: Path) -> None:
    assert sum(path.stat().st_size for path in unpacked.rglob("*") if path.is_file()) <= 40_000


def test_it_needs_nothing(unpacked: Path) -> None:
    metadata = next(unpacked.glob("*.dist-info")) / "METADATA"
    assert "Requires-Dist" not in metadata.read_text()
    assert (unpacked / "lambda_cors/py.typed").exists()


def test_it_passes_the_tests_of_the_sources(unpacked: Path) -> None:
    tests = PROJECT / "tests"
    code = f"import lambda_cors, sys; sys.exit(not lambda_cors.__file__.startswith({str(unpacked)!r}))"
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    files = [
        str(tests / f"test_{name}.py")
        for name in ("vectors", "policy", "wrapper", "deadline", "debug", "asgi", "wsgi", "settings", "import")
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT, timeout=240, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    assert int(done.stdout.split(" passed")[0].split()[-1]) > 450
