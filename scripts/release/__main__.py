"""Builds everything that a release publishes, into dist/.

    python -m scripts.release [FOLDER]

SOURCE_DATE_EPOCH is the time that the files carry; without it that of the last commit.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .bill import write_bill
from .distributions import build_all, checksums

ROOT = Path(__file__).parents[2]


def committed_at() -> str:
    """Return the time of the last commit, in seconds of Unix time."""
    told = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    return told.stdout.strip()


def main(arguments: list[str]) -> int:
    """Build; return the exit code."""
    out = Path(arguments[0] if arguments else ROOT / "dist").resolve()
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or committed_at()
    made = build_all(ROOT, out, epoch)
    wheels = [each for each in made if each.name.startswith("corsmith-") and each.suffix == ".whl"]
    made.append(write_bill(wheels[0], ROOT / "requirements" / "dev.txt", out / "corsmith.cdx.json", int(epoch)))
    (out / "SHA256SUMS").write_text(checksums(made), encoding="utf-8")
    for each in sorted(made):
        print(f"{each.name}: {each.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
