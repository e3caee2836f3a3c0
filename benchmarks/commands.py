"""What the ordinary jobs cost, beside cfn-lint, the linter that such a template meets anyway (it does not judge CORS)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from .cost import cost
from .projects import write

SIZES = (1, 30, 300)
CORSMITH = (sys.executable, "-m", "corsmith")
CFN_LINT = (sys.executable, "-m", "cfnlint")


def rows() -> list[dict[str, Any]]:
    """Return a row for each job and tool, seconds."""
    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tool, command in (("corsmith", CORSMITH), ("cfn-lint", CFN_LINT)):
            measured.append(_row("--version", tool, (*command, "--version"), folder))
        for size in SIZES:
            project = write(folder / f"functions{size}", size)
            job = f"check, {size} function{'s' if size > 1 else ''}"
            measured.append(_row(job, "corsmith", (*CORSMITH, "check", "template.yaml"), project))
            # cfn-lint's exit codes name the severities it found; none of them means that it failed.
            lint = (*CFN_LINT, "template.yaml")
            measured.append(_row(job, "cfn-lint", lint, project, exits=(0, 2, 4, 6, 8, 10, 12, 14)))
    return measured


def _row(job: str, tool: str, command: tuple[str, ...], cwd: Path, exits: tuple[int, ...] = (0,)) -> dict[str, Any]:
    print(f"{job}: {tool}", file=sys.stderr)
    figure = cost(command, cwd, exits)
    return {"job": job, "tool": tool, "cpu": round(figure.cpu, 3), "elapsed": round(figure.elapsed, 3)}
