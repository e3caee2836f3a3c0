"""Runs the applications of this folder with the frameworks installed, and records what they answer.

Run with a folder in which the packages of `packages.txt` and `runtimes/node` are installed: python -m
tests.handlers.javascript.measured.measure FOLDER
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.handlers.events import event
from tests.handlers.javascript.running import run
from tests.handlers.measured.measure import probes

HERE = Path(__file__).parent


def kept(observed: tuple[str, Any]) -> list[Any]:
    """Return what decides of an answer: status and CORS headers, or the exception."""
    kind, value = observed
    if kind != "returned" or not isinstance(value, dict):
        return [kind, value if kind == "raised" else str(value)]
    listed = {name: ", ".join(values) for name, values in (value.get("multiValueHeaders") or {}).items()}
    headers = {**listed, **(value.get("headers") or {})}
    decisive = {
        name: text
        for name, text in sorted(headers.items())
        if name.lower().startswith("access-control") or name.lower() in {"vary", "x-a"}
    }
    return [value.get("statusCode"), decisive]


def main(folder: Path) -> None:
    """Record each application in `<name>.json`: for each event its status and headers, or the exception."""
    sent = probes(event)
    files = sorted([*(HERE / "apps").glob("*.mjs"), *(HERE / "apps").glob("*.ts")])
    cases = []
    for file in files:
        ready = folder / f"{file.stem}.mjs"
        if file.suffix == ".ts":
            options = ("--format=esm", '--tsconfig-raw={"compilerOptions":{"experimentalDecorators":true}}')
            subprocess.run(
                [folder / "node_modules/.bin/esbuild", str(file), *options, f"--outfile={ready}"],
                check=True,
                cwd=folder,
            )
        else:
            shutil.copy(file, ready)
        cases.append({"file": str(ready), "entry": "handler", "environment": {}, "events": sent})
    for file, observed in zip(files, run(cases), strict=True):
        answers = [kept(each) for each in observed]
        (HERE / f"{file.stem}.json").write_text(json.dumps(answers, separators=(",", ":")) + "\n")
        print(file.stem, len(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
