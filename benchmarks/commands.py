"""What the ordinary jobs cost, beside the tools that such a template meets anyway: cfn-lint, `sam validate --lint`, checkov.

None of them judges CORS. The promises are held to the figures of this run: see `promises`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from .cost import REPEATS, cost
from .measured import keep, version_of
from .projects import write, write_faulty
from .tools import QUIET, TOOLS, is_there

SIZES = (1, 30, 300, 3000)
LINTED = 300
"""The largest project that linters are given: they take minutes for more."""
BINARIES = Path(sys.executable).parent
CORSMITH = (sys.executable, "-m", "corsmith")
CFN_LINT = (str(BINARIES / "cfn-lint"),)
# cfn-lint's exit codes name the severities it found; none of them means that it failed.
LINTED_EXITS = (0, 2, 4, 6, 8, 10, 12, 14)


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
        measured += [_row(job, peer.name, peer.command, faulty, peer.exits) for peer in filter(is_there, TOOLS)]
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


def broken(rows: list[dict[str, Any]]) -> list[str]:
    """Return the promises that these figures do not keep."""
    figures = {(row["job"], row["tool"]): row for row in rows}
    proven = next(job for job, _ in figures if "proven" in job)
    ours, lint, one = figures[proven, "corsmith"], figures[proven, "cfn-lint"], figures[_job(1), "corsmith"]
    a_function = [(figures[_job(size), "corsmith"]["cpu"] - one["cpu"]) / (size - 1) for size in (SIZES[1], SIZES[-1])]
    kept = {
        f"{proven}: less than 1 s": ours["elapsed"] < 1,
        f"{proven}: 25 times less CPU than cfn-lint": ours["cpu"] * 25 <= lint["cpu"],
        f"{proven}: less than 100 MiB": ours["peak"] < 100,
        f"{_job(1)}: less than 400 ms": one["elapsed"] < 0.4,
        f"a function costs no more among {SIZES[-1]:,} than among {SIZES[1]}": a_function[1] < 1.5 * a_function[0],
    }
    return [promise for promise, is_kept in kept.items() if not is_kept]


def main() -> int:
    """Measure, print, write; return 1 where a promise is broken."""
    os.environ.update(QUIET)
    found = {"rows": rows()}
    versions = {peer.name: peer.version for peer in TOOLS if any(row["tool"] == peer.name for row in found["rows"])}
    keep("commands", found, {"cfn-lint": version_of("cfn-lint"), **versions})
    print(shown(found))
    for promise in broken(found["rows"]):
        print(f"not kept: {promise}", file=sys.stderr)
    return int(bool(broken(found["rows"])))


if __name__ == "__main__":
    sys.exit(main())
