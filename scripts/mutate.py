"""Runs mutmut on one pure ring, with that ring's own tests, and prints the score.

    python -m scripts.mutate gateways [PATTERN ...]

It works on a copy under build/mutate/RING, so that rings do not share a configuration and the working tree is left
alone; what an earlier run found out is kept there. Property tests are left out: they would run for every mutant.
PATTERN narrows the files, such as `rest_*`.
"""

from __future__ import annotations

import json
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
pytest_add_cli_args = ["-q", "-x", "--ignore=tests/{ring}/test_properties.py", "--ignore=tests/{ring}/test_facts.py"]
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
    text = CONFIGURATION.format(ring=ring, only=json.dumps(only))
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def main(arguments: list[str]) -> int:
    """Run mutmut, print what survived and the share that was killed."""
    ring, *patterns = arguments
    folder = prepare(ring, patterns)
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    done = subprocess.run([mutmut, "run", "--max-children", "2"], cwd=folder, check=False)
    if done.returncode:
        return done.returncode
    subprocess.run([mutmut, "results"], cwd=folder, check=False)
    killed, total = _score(folder)
    print(f"{killed} of {total} mutants were killed: {killed / total:.1%}")
    return 0


def _score(folder: Path) -> tuple[int, int]:
    """Count mutants by mutmut's exit codes: 0 survived, 33 no test, None not run, all else killed."""
    codes = [
        code
        for record in (folder / "mutants" / "src").rglob("*.meta")
        for code in json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        if code is not None
    ]
    return sum(code not in (0, 33) for code in codes), len(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
