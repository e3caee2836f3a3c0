"""Runs handlers in AWS's own runtime clients, many in one process, through the Runtime API of the local gateway."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corsmith.api.function import Function
from corsmith.api.span import Span
from corsmith.api.value import Known
from corsmith.gateways import Failed, InvokeResult, Payload
from corsmith.gateways.asks import Streamed
from corsmith.local.functions import Functions
from corsmith.local.launch import Interpreters

PACKAGES = Path(__file__).parents[2] / "runtimes" / "node" / "node_modules"

_PYTHON = """
import importlib


def handler(event, context):
    module = importlib.import_module(event["module"])
    return module.handler(event["event"], context)
"""
# A function that is not async itself: what a handler returns without a promise is lost, as it is without this one.
_NODE = """
const loaded = new Map();
for (const file of FILES) {
  try {
    const module = await import(`./${file}`);
    loaded.set(file, module.handler ?? module.default.handler);
  } catch (error) {
    loaded.set(file, () => { throw error; });
  }
}
export function handler(event, context, callback) {
  return loaded.get(event.module)(event.event, context, callback);
}
export const streaming = awslambda.streamifyResponse((event, stream, context) =>
  loaded.get(event.module)(event.event, stream, context));
"""


def run_python(
    folder: Path, modules: Mapping[str, str], events: Sequence[dict[str, Any]], environment: Mapping[str, str]
) -> dict[str, list[tuple[str, Any]]]:
    """Return what each module's handler does with each event, run by awslambdaric."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)
    (folder / "dispatching.py").write_text(_PYTHON)
    return asyncio.run(_run(folder, "python3.11", "dispatching.handler", list(modules), events, environment))


def run_node(
    folder: Path,
    files: Mapping[str, str],
    events: Sequence[dict[str, Any]],
    environment: Mapping[str, str],
    entry: str = "handler",
) -> dict[str, list[tuple[str, Any]]]:
    """Return what each file's handler does with each event, run by aws-lambda-ric; `entry` "streaming": as streams."""
    assert (PACKAGES / "aws-lambda-ric").is_dir(), "run `make node` first"
    (folder / "node_modules").symlink_to(PACKAGES)
    for name, source in files.items():
        (folder / name).write_text(source)
    (folder / "dispatching.mjs").write_text(f"const FILES = {json.dumps(list(files))};\n{_NODE}")
    return asyncio.run(_run(folder, "nodejs22.x", f"dispatching.{entry}", list(files), events, environment))


async def _run(
    folder: Path,
    runtime: str,
    handler: str,
    modules: list[str],
    events: Sequence[dict[str, Any]],
    environment: Mapping[str, str],
) -> dict[str, list[tuple[str, Any]]]:
    given = tuple((name, Known(value)) for name, value in environment.items())
    one = Function("One", Span("t", 0, 0), Known(runtime), Known(handler), Known(str(folder)), given, timeout=Known(30))
    functions = Functions((one,), Interpreters(folder), lambda _: None)
    observed: dict[str, list[tuple[str, Any]]] = {}
    try:
        for module in modules:
            observed[module] = [
                said(await functions.invoke("One", {"module": module, "event": event}, 60)) for event in events
            ]
    finally:
        await functions.close()
    return observed


def said(result: InvokeResult) -> tuple[str, Any]:
    """Return what a function came to as the tests' oracle takes it."""
    if isinstance(result, Payload):
        return "returned", result.value
    if isinstance(result, Streamed):
        bare = {"headers": {"content-type": "application/octet-stream"}}
        return "returned", {"statusCode": 200, **(json.loads(result.prelude) if result.prelude else bare), "body": ""}
    if isinstance(result, Failed):
        return ("unsendable" if result.kind == "marshal" else "raised"), result.message
    return "unsendable", str(result)
