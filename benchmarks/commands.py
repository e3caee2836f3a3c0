"""What the ordinary jobs cost, beside cfn-lint, the linter that such a template meets anyway (it does not judge CORS)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from .cost import REPEATS, cost
from .measured import keep, version_of
from .projects import write, write_faulty

SIZES = (1, 30, 300, 3000)
LINTED = 300
"""The largest project that linters are given: they take minutes for more."""
BINARIES = Path(sys.executable).parent
CORSMITH = (sys.executable, "-m", "corsmith")
CFN_LINT = (str(BINARIES / "cfn-lint"),)
# cfn-lint's exit codes name the severities it found; none of them means that it failed.
LINTED_EXITS = (0, 2, 4, 6, 8, 10, 12, 14)
PEERS = {
    "sam validate --lint": (
        str(BINARIES / "sam"),
        "validate",
        "--lint",
        "--region",
        "eu-west-1",
        "--template",
        "template.yaml",
    ),
    "checkov": (
        str(BINARIES / "checkov"),
        "--file",
        "template.yaml",
        "--framework",
        "cloudformation",
        "--compact",
        "--quiet",
    ),
}
"""Other tools that such a template meets, where they are installed."""


def rows() -> list[dict[str, Any]]:
    """Return a row for each job and tool: seconds and MiB."""
    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for tool, command in (("corsmith", CORSMITH), ("cfn-lint", CFN_LINT)):
            measured.append(_row("--version", tool, (*command, "--version"), folder))
        for size in SIZES:
            project = write(folder / f"functions{size}", size)
            measured.append(_row(_job(size), "corsmith", (*CORSMITH, "check", ".", "--format", "json"), project))
            if size <= LINTED:
                measured.append(_row(_job(size), "cfn-lint", (*CFN_LINT, "template.yaml"), project, LINTED_EXITS))
        faulty = write_faulty(folder / "faulty", LINTED)
        job = f"{_job(LINTED)}, a third with a fault, its fixes proven"
        measured.append(_row(job, "corsmith", (*CORSMITH, "check", ".", "--format", "json"), faulty, (1,)))
        measured.append(_row(job, "cfn-lint", (*CFN_LINT, "template.yaml"), faulty, LINTED_EXITS))
        for tool, command in PEERS.items():
            if Path(command[0]).exists():
                measured.append(_row(job, tool, command, faulty, (0, 1)))
    return measured


def _job(size: int) -> str:
    return f"check, {size:,} function{'s' if size > 1 else ''}"


def _row(job: str, tool: str, command: tuple[str, ...], cwd: Path, exits: tuple[int, ...] = (0,)) -> dict[str, Any]:
    print(f"{job}: {tool}", file=sys.stderr)
    figure = cost(command, cwd, exits)
    return {
        "job": job,
        "tool": tool,
        "cpu": round(figure.cpu, 3),
        "elapsed": round(figure.elapsed, 3),
        "peak": round(figure.peak, 1),
    }


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table, a line for each job."""
    rows = found["rows"]
    tools = list(dict.fromkeys(row["tool"] for row in rows))
    figures = {(row["job"], row["tool"]): f"{row['cpu']:.2f} s, {row['peak']:.0f} MiB" for row in rows}
    head = ["| CPU time, peak memory | " + " | ".join(tools) + " |", "| --- |" + " ---: |" * len(tools)]
    jobs = dict.fromkeys(row["job"] for row in rows)
    body = [f"| {job} | " + " | ".join(figures.get((job, tool), "-") for tool in tools) + " |" for job in jobs]
    return "\n".join([*head, *body, "", f"Least of {REPEATS} runs."])


def main() -> None:
    """Measure, print, write."""
    found = {"rows": rows()}
    keep("commands", found, {"cfn-lint": version_of("cfn-lint")})
    print(shown(found))


if __name__ == "__main__":
    main()
