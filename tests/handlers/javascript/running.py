"""Runs Node handlers for real, many in one process, for what was read to be held to."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RUNNER = Path(__file__).parent / "run.mjs"


def run(cases: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, Any]]]:
    """Return what each case's handler does with each of its events; see `run.mjs`."""
    done = subprocess.run(
        ["node", str(RUNNER)], input=json.dumps(list(cases)), capture_output=True, text=True, check=True, timeout=300
    )
    return [[(kind, value) for kind, value in answers] for answers in json.loads(done.stdout)]
