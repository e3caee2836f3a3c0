"""Runs mutmut on one pure ring, with that ring's own tests, and prints the score.

    python -m scripts.mutate gateways [--sample N] [PATTERN ...]

It works on a copy under build/mutate/RING, so that rings do not share a configuration and the working tree is left
alone; what an earlier run found out is kept there. Property tests are left out: they would run for every mutant.
PATTERN narrows the files, such as `rest_*`; --sample tries N mutants, always the same ones for the same code.
"""

from __future__ import annotations

import argparse
import json
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
pytest_add_cli_args_test_selection = ["tests/{ring}"]
pytest_add_cli_args = ["-q", "-x", {ignored}]
use_git_change_detection = false
timeout_constant = 10.0

[tool.pytest.ini_options]
addopts = "--import-mode=importlib"
"""


def prepare(ring: str, patterns: list[str]) -> Path:
    """Copy sources and tests, and write mutmut's configuration; return the folder."""
    folder = ROOT / "build" / "mutate" / ring
    for part in ("src/corsmith", f"tests/{ring}", "tests/fixtures"):
        shutil.rmtree(folder / part, ignore_errors=True)
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    only = [f"src/corsmith/{ring}/{pattern}" for pattern in patterns or ["*"]]
    ignored = ", ".join(
        f'"--ignore-glob=tests/{ring}/test_{name}.py"' for name in ("properties", "facts", "page", "live_*")
    )
    text = CONFIGURATION.format(ring=ring, only=json.dumps(only), ignored=ignored)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def main(arguments: list[str]) -> int:
    """Run mutmut, print what survived and the share that was killed."""
    parser = argparse.ArgumentParser(prog="scripts.mutate")
    parser.add_argument("ring")
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--sample", type=int)
    given = parser.parse_args(arguments)
    folder = prepare(given.ring, given.patterns)
    chosen: list[str] = []
    if given.sample is not None:
        _mutmut(folder, "run", "--max-children", "2", "no.such.mutant")
        chosen = random.Random(0).sample(sorted(_codes(folder)), given.sample)
    _mutmut(folder, "run", "--max-children", "3", *chosen)
    _mutmut(folder, "results")
    codes = {name: code for name, code in _codes(folder).items() if code is not None and name in (chosen or [name])}
    killed = sum(code not in (0, 33) for code in codes.values())
    print(f"{killed} of {len(codes)} mutants were killed: {killed / len(codes):.1%}")
    return 0


def _mutmut(folder: Path, *arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).with_name("mutmut")), *arguments], cwd=folder, check=False)


def _codes(folder: Path) -> dict[str, int | None]:
    """Return mutmut's exit code of each mutant: 0 survived, 33 no test, None not run, all else killed."""
    found: dict[str, int | None] = {}
    for record in (folder / "mutants" / "src").rglob("*.meta"):
        found.update(json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"])
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
