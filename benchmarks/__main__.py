"""Runs every benchmark, one after the other; each writes `benchmarks/results/NAME.json`, its table goes to `BENCHMARKS.md`.

`python -m benchmarks NAME...` runs only those.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "BENCHMARKS.md"
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
        if done.stdout.strip():
            PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), name, done.stdout), encoding="utf-8")
    for name in failed:
        print(f"benchmark: {name} failed or broke a promise", file=sys.stderr)
    return 1 if failed else 0


def with_table(page: str, name: str, printed: str) -> str:
    """Return `page` with what the benchmark `name` printed between its markers. Raises `ValueError` without markers."""
    marked = re.compile(rf"(?s)(<!-- {name} -->\n).*?(<!-- end -->)")
    if not marked.search(page):
        raise ValueError(f"BENCHMARKS.md has no place for {name}: <!-- {name} --> and <!-- end -->")
    text = printed.strip("\n")
    shown = text if text.startswith(("|", "Python")) else f"```text\n{text}\n```"
    return marked.sub(lambda found: f"{found[1]}{shown}\n{found[2]}", page)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ALL))
