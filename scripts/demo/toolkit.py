"""corsmith as a user has it: the local gateway and the fixes from the command line, the live check from Python."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from corsmith.api.caller import Caller
from corsmith.live.check import check_url

from .calls import Call

CORSMITH = (sys.executable, "-m", "corsmith")


@contextmanager
def served(project: Path) -> Iterator[Mapping[str, str]]:
    """Serve the project's template with `corsmith dev`; yield the address of each API by its logical name."""
    command = (*CORSMITH, "dev", str(project / "template.yaml"), "--port", "0", "--format", "json")
    # What the functions log is of no interest as long as the server runs.
    with tempfile.TemporaryFile(mode="w+") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            yield _addresses(process, log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _addresses(process: subprocess.Popen[str], log: TextIO) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in process.stdout or ():
        told = json.loads(line)
        if told.get("ready"):
            return found
        found[told["api"]] = told["url"].rstrip("/")
    code = process.wait()
    log.seek(0)
    raise SystemExit(f"corsmith dev ended before it was ready (exit {code})\n{log.read()}")


def fix(project: Path, *flags: str) -> str:
    """Write corsmith's fixes into the project; return the diff."""
    command = (*CORSMITH, "fix", ".", "--write", "--unsafe", *flags)
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode > 1:
        raise SystemExit(f"corsmith fix: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def live_verdict(url: str, call: Call) -> str:
    """Return what corsmith's model of the browser says of the call, really made to `url`."""
    body = call.body.encode() if call.body is not None else None
    caller = Caller(call.origin, call.method, call.headers, "include" if call.credentials else "same-origin", body)
    checked = check_url(url, caller, send=True)
    if checked.problems:
        raise SystemExit(f"corsmith could not call {url}: {'; '.join(checked.problems)}")
    return checked.call.verdict
