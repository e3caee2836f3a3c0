"""Tries mutants of one pure ring or of the Python runtime, made by mutmut, with their own tests, and prints the score.

    python -m scripts.mutate browser [--sample N] [PATTERN ...]
    python -m scripts.mutate lambda_cors

It works on a copy under build/mutate/RING, so that rings do not share a configuration and the working tree is left alone.
Property tests are left out: they would run for every mutant that is not found. PATTERN narrows the files, such as
`rest_*`; --sample tries N mutants, always the same ones for the same code. What is known is printed when it is stopped.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONFIGURATION = """\
[tool.mutmut]
source_paths = ["src"]
only_mutate = {only}
do_not_mutate = ["src/corsmith/*/facts/*"]
pytest_add_cli_args_test_selection = ["tests"]
use_git_change_detection = false

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
"""
GENERATE = """\
from pathlib import Path
from mutmut import __main__ as mutmut
from mutmut.mutation.trampoline import set_mutant_under_test
set_mutant_under_test("mutant_generation")
Path("mutants").mkdir(exist_ok=True)
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(2)
"""
LEFT_OUT = ("properties", "facts", "page", "live_*", "import")


RUNTIME = "lambda_cors"


def prepare(ring: str, patterns: list[str]) -> Path:
    """Copy sources and tests and make the mutants; return the folder."""
    folder = ROOT / "build" / "mutate" / ring
    shutil.rmtree(folder, ignore_errors=True)
    for source, copy in parts(ring).items():
        shutil.copytree(ROOT / source, folder / copy, ignore=shutil.ignore_patterns("__pycache__"))
    inside = f"src/{RUNTIME}" if ring == RUNTIME else f"src/corsmith/{ring}"
    only = [f"{inside}/{pattern}" for pattern in patterns or ["*"]]
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(only=json.dumps(only)), encoding="utf-8")
    subprocess.run([sys.executable, "-c", GENERATE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder


def parts(ring: str) -> dict[str, str]:
    """Return the folders that a ring's tests need, and where they are copied to."""
    if ring == RUNTIME:
        return {
            f"runtimes/python/src/{RUNTIME}": f"src/{RUNTIME}",
            "runtimes/python/tests": "tests",
            "runtimes/vectors": "vectors",
        }
    return {
        "src/corsmith": "src/corsmith",
        f"tests/{ring}": f"tests/{ring}",
        "tests/fixtures": "tests/fixtures",
    }


def names_of(folder: Path) -> list[str]:
    """Return the names of all mutants, sorted."""
    records = (folder / "mutants" / "src").rglob("*.meta")
    return sorted(
        name for record in records for name in json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"]
    )


def try_all(folder: Path, ring: str, names: list[str]) -> dict[str, bool]:
    """Run the tests for each mutant; return which were found, as far as that came."""
    place = folder / "chosen.json"
    place.write_text(json.dumps(names), encoding="utf-8")
    place.with_suffix(".done").write_text("{}", encoding="utf-8")
    mutants = folder / "mutants"
    tests = "tests" if ring == RUNTIME else f"tests/{ring}"
    left_out = [f"--ignore-glob={tests}/test_{name}.py" for name in LEFT_OUT]
    options = [
        "-q",
        "-p",
        "scripts.mutants",
        "-p",
        "no:asyncio",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:pytest-lsp",
        *left_out,
    ]
    paths = os.pathsep.join((str(mutants / "src"), str(mutants), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": paths, "MUTANTS": str(place), "MUTANT_UNDER_TEST": ""}
    try:
        command = [sys.executable, "-m", "pytest", *options, tests]
        subprocess.run(command, cwd=mutants, env=environment, check=False)
    except KeyboardInterrupt:
        print("stopped")
    found: dict[str, bool] = json.loads(place.with_suffix(".done").read_text(encoding="utf-8"))
    return found


def main(arguments: list[str]) -> int:
    """Try the mutants, print what survived and the share that was killed."""
    parser = argparse.ArgumentParser(prog="scripts.mutate")
    parser.add_argument("ring")
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--sample", type=int)
    given = parser.parse_args(arguments)
    folder = prepare(given.ring, given.patterns)
    names = names_of(folder)
    if given.sample is not None:
        names = random.Random(0).sample(names, min(given.sample, len(names)))
    found = try_all(folder, given.ring, names)
    for name in sorted(name for name, killed in found.items() if not killed):
        print(f"survived: {name}")
    print(f"{sum(found.values())} of {len(found)} mutants were killed: {sum(found.values()) / max(1, len(found)):.1%}")
    return 0 if len(found) == len(names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
