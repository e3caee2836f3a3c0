"""Measures the runtimes beside their peers: CPU time per call, import, size.

One process a stack, the processes taken in turns, CPU time only: a machine that does other things disturbs all alike.
The figures are medians. `python -m benchmarks.runtimes` writes results/runtimes.json and the tables of
docs/lambda-cors.md, and prints them.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from .measured import keep

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent / "runtimes"
RESULTS = Path(__file__).parent / "results" / "runtimes.json"
PEERS = ROOT / ".venv-peers"
PROJECT = ROOT / "runtimes/python"
WHEEL = PEERS / "wheel"
NODE = os.environ.get("NODE", "node")
NODE_PACKAGE = ROOT / "runtimes/node"
PYTHON_STACKS = {
    "hand-written": (), "lambda-cors": (), "Powertools": ("aws_lambda_powertools",),
    "Starlette + Mangum": ("starlette", "mangum"), "FastAPI + Mangum": ("fastapi", "mangum"),
    "Flask-CORS": ("flask", "flask-cors", "apig-wsgi"), "Chalice": ("chalice",),
}  # fmt: skip
NODE_STACKS = {
    "hand-written": (), "lambda-cors": (), "middy": ("@middy/core", "@middy/http-cors"),
    "middy with error handler": ("@middy/core", "@middy/http-cors", "@middy/http-error-handler"), "Hono": ("hono",),
}  # fmt: skip
IMPORTS = {
    "lambda-cors": "import lambda_cors",
    "Powertools": "import aws_lambda_powertools.event_handler",
    "Starlette + Mangum": "import mangum, starlette.applications, starlette.middleware.cors",
    "FastAPI + Mangum": "import mangum, fastapi",
    "Flask-CORS": "import flask, flask_cors, apig_wsgi",
    "Chalice": "import chalice",
}
ROUND_US = 6000
# The bars that are promised: a name, the figure, the bar.
BARS = {
    "actual / hand-written": 4,
    "preflight / hand-written": 6,
    "8,000 commas / preflight": 3,
    "import, ms": 1.5,
    "package, bytes": 40_000,
}


def prepare() -> None:
    """Installs the peers at their pinned versions."""
    if not (PEERS / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        quiet = ["install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([PEERS / "bin/pip", *quiet, "-r", ROOT / "requirements/peers.txt"], check=True)
    if not (NODE_PACKAGE / "node_modules/hono").is_dir():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=NODE_PACKAGE, check=True)
    unpack_wheel()


class Worker:
    """A process that holds one stack."""

    def __init__(self, command: list[str], stack: str) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE, env=environment()
        )
        self.status: dict[str, int] = json.loads(self.ask(stack))
        self.calls = {cell: self.calibrated(cell) for cell in self.status}

    def ask(self, line: str) -> str:
        """The worker's answer to a line."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def calibrated(self, cell: str) -> int:
        """How many calls make a round. The first calls also warm the stack up."""
        warm = max(100, min(5_000, int(50_000 / max(float(self.ask(f"{cell} 20")), 1))))
        each = float(self.ask(f"{cell} {warm}"))
        return max(1, min(20_000, int(ROUND_US / max(each, 0.01))))

    def close(self) -> None:
        """Ends the process."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def environment() -> dict[str, str]:
    """The environment of the workers: the wrapper as its wheel holds it, and bytecode kept between starts."""
    own = {
        "PYTHONPATH": str(WHEEL),
        "POWERTOOLS_SERVICE_NAME": "bench",
        "PYTHONWARNINGS": "ignore",
    }
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own


def measure(command: list[str], stacks: list[str], rounds: int) -> dict[str, dict[str, Any]]:
    """By stack and cell, the median CPU microseconds of a call and the status."""
    workers = {stack: Worker(command, stack) for stack in stacks}
    cells = {stack: list(worker.status) for stack, worker in workers.items()}
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for stack, worker in workers.items():
            for cell in cells[stack]:
                took.setdefault((stack, cell), []).append(float(worker.ask(f"{cell} {worker.calls[cell]}")))
    for worker in workers.values():
        worker.close()
    return {
        stack: {
            cell: {"us": round(statistics.median(took[stack, cell]), 2), "status": worker.status[cell]}
            for cell in cells[stack]
        }
        for stack, worker in workers.items()
    }


def starts(times: int) -> dict[str, dict[str, float]]:
    """By stack, the median CPU milliseconds of its import over what Lambda has loaded, and the modules it adds."""
    took: dict[str, list[dict[str, float]]] = {stack: [] for stack in IMPORTS}
    for _ in range(times + 1):
        for stack, statement in IMPORTS.items():
            command = [PEERS / "bin/python", HERE / "start.py", statement]
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
            took[stack].append(json.loads(done.stdout))
    return {
        stack: {
            "ms": round(statistics.median(one["ms"] for one in each[1:]), 2),
            "best_ms": round(min(one["ms"] for one in each[1:]), 2),
            "modules": each[-1]["modules"],
        }
        for stack, each in took.items()
    }


def unpack_wheel() -> None:
    """Builds the wheel and unpacks it where the workers import it from."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT]
        subprocess.run(build, check=True, capture_output=True)
        shutil.rmtree(WHEEL, ignore_errors=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            wheel.extractall(WHEEL)


def sizes() -> dict[str, int]:
    """Bytes of the package as the wheel unpacks it, and of the Node package."""
    python = sum(path.stat().st_size for path in (WHEEL / "lambda_cors").glob("*.*"))
    node = sum(path.stat().st_size for path in (NODE_PACKAGE / "src").iterdir())
    return {"python": python, "node": node + (NODE_PACKAGE / "package.json").stat().st_size}


def versions() -> dict[str, str]:
    """The peers' versions as they were measured."""
    code = "import importlib.metadata as m, sys, json; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
    names = sorted({name for names in PYTHON_STACKS.values() for name in names})
    done = subprocess.run([PEERS / "bin/python", "-c", code, *names], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    for name in sorted({name for names in NODE_STACKS.values() for name in names}):
        found[name] = json.loads((NODE_PACKAGE / "node_modules" / name / "package.json").read_text())["version"]
    node = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return {**found, "Node.js": node.removeprefix("v")}


def bars(result: dict[str, Any]) -> dict[str, dict[str, float]]:
    """Each promise: the figure, and the most (or for Powertools and middy, the least) that it may be."""
    python, node = result["python"], result["node"]

    def us(stack: str, cell: str, of: dict[str, Any] = python) -> float:
        return float(of[stack][cell]["us"])

    ours = "lambda-cors"
    figures: dict[str, dict[str, float]] = {}
    for payload in ("2.0", "1.0"):
        actual, preflight = f"{payload} actual", f"{payload} preflight"
        measured = {
            "actual / hand-written": us(ours, actual) / us("hand-written", actual),
            "preflight / hand-written": us(ours, preflight) / us("hand-written", preflight),
            "8,000 commas / preflight": us(ours, f"{payload} 8,000 commas") / us(ours, preflight),
        }
        for name, figure in measured.items():
            figures[f"{payload}: {name}"] = {"figure": round(figure, 2), "most": BARS[name]}
        for cell in (actual, preflight):
            figures[f"{cell}, Powertools / lambda-cors"] = {
                "figure": round(us("Powertools", cell) / us(ours, cell), 1),
                "least": 10,
            }
    for cell in ("2.0 actual", "2.0 preflight"):
        ratio = us(ours, cell, node) / us("middy", cell, node)
        figures[f"Node {cell} / middy"] = {"figure": round(ratio, 2), "most": 1}
    figures["import, ms"] = {"figure": result["start"][ours]["ms"], "most": BARS["import, ms"]}
    figures["package, bytes"] = {"figure": result["size"]["python"], "most": BARS["package, bytes"]}
    return figures


def table(cells: dict[str, dict[str, Any]], payload: str) -> str:
    """A Markdown table of the microseconds of one payload format."""
    names = [cell for cell in next(iter(cells.values())) if cell.startswith(payload)]
    head = "| µs of CPU per call | " + " | ".join(name.removeprefix(f"{payload} ") for name in names) + " |"
    rows = [f"| {stack} | " + " | ".join(f"{cells[stack][name]['us']:.1f}" for name in names) + " |" for stack in cells]
    return "\n".join([head, "| --- |" + " ---: |" * len(names), *rows])


def shown(result: dict[str, Any]) -> str:
    """All tables, as Markdown."""
    start = "\n".join(
        ["| import | ms of CPU | modules |", "| --- | ---: | ---: |"]
        + [f"| {stack} | {one['ms']:.1f} | {one['modules']:.0f} |" for stack, one in result["start"].items()]
    )
    promised = "\n".join(
        ["| promise | measured | bar |", "| --- | ---: | ---: |"]
        + [
            f"| {name} | {one['figure']:g} | {'≤' if 'most' in one else '≥'} {one.get('most', one.get('least')):g} |"
            for name, one in result["bars"].items()
        ]
    )
    return "\n\n".join(
        [
            "Python, HTTP API and Function URL (payload 2.0):", table(result["python"], "2.0"),
            "Python, REST API (payload 1.0):", table(result["python"], "1.0"),
            "Node, payload 2.0:", table(result["node"], "2.0"),
            "Start:", start, "Promises:", promised,
        ]
    )  # fmt: skip


def run(rounds: int = 25, times: int = 15) -> dict[str, Any]:
    """Measures everything. About a minute on two cores."""
    prepare()
    python = measure([str(PEERS / "bin/python"), "worker.py"], list(PYTHON_STACKS), rounds)
    node = measure([NODE, "worker.mjs"], list(NODE_STACKS), rounds)
    result: dict[str, Any] = {
        "versions": versions(), "python": python, "node": node, "start": starts(times), "size": sizes()
    }  # fmt: skip
    return {**result, "bars": bars(result)}


def main() -> int:
    """Writes the results and prints them; 1 where a promise is not kept."""
    result = run()
    keep("runtimes", result, result.pop("versions"))
    from . import compare_runtimes

    compare_runtimes.write()
    print(shown(result))
    broken = [
        name
        for name, one in result["bars"].items()
        if one["figure"] > one.get("most", one["figure"]) or one["figure"] < one.get("least", one["figure"])
    ]
    print("\nBroken: " + ", ".join(broken) if broken else "\nAll kept.")
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
