"""The page about the front doors is in step with the facts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_in_step():
    done = subprocess.run(
        [sys.executable, "-m", "scripts.front_doors", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
