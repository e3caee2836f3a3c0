"""Runs every benchmark, one after the other; each writes `benchmarks/results/NAME.json`, whose table goes to `BENCHMARKS.md`.

`python -m benchmarks NAME...` runs only those.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ALL = ("commands", "editor", "readers", "browser", "handlers", "gateways", "local", "live", "runtimes")


def main(names: tuple[str, ...]) -> int:
    """Run the benchmarks of those names; return 1 where one failed or broke a promise."""
    failed = []
    for name in names:
        print(f"benchmark: {name}", file=sys.stderr)
        # A process of its own: what one benchmark leaves behind does not slow the next.
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        print(done.stdout, end="")
        if done.returncode:
            failed.append(name)
    for name in failed:
        print(f"benchmark: {name} failed or broke a promise", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ALL))
