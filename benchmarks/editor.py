"""How long an editor waits: from a key stroke (didChange) to the diagnostics (publishDiagnostics), by a real client over stdio.

Beside it, in the same run: the same project checked from the beginning by the same code, without start-up, and cfn-lint as
its editor plug-ins run it: one process for each check of the template.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import LanguageClient, make_test_lsp_client

from .measured import keep, version_of
from .projects import write_faulty

FUNCTIONS = 300
STROKES = 15
PROMISE = 0.1
"""Seconds from a key stroke to the diagnostics."""
AGAIN = """
import sys, time
from corsmith.project.check import Question, check
from corsmith.project.disk import Disk
from corsmith.api.tree import Tree
took = []
for _ in range(3):
    started = time.perf_counter()
    check(Tree(Disk()), Question((".",))).groups
    took.append(time.perf_counter() - started)
print(min(took))
"""


def typed(text: str, anchor: str, letters: str) -> Iterator[str]:
    """Yield `text` as it is while `letters` are typed behind `anchor`, and taken out again."""
    at = text.index(anchor) + len(anchor)
    while True:
        for count in (*range(1, len(letters) + 1), *range(len(letters) - 1, -1, -1)):
            yield text[:at] + letters[:count] + text[at:]


EDITS = {
    "a letter in a handler's text": ("src/handler150.py", 'KIND = "item', "abc"),
    "a header's name in a handler": ("src/handler150.py", '"Access-Control-Allow-Origin', "xyz"),
    "a handler that does not parse meanwhile": ("src/handler150.py", "    ITEMS[name] = item", " = (["),
    "a letter in the template's description": ("template.yaml", "AWSTemplateFormatVersion: '2010-09-09'", " # x"),
    "a route's path in the template": ("template.yaml", "Path: /items150", "abc"),
    "a value of CORS in the template": ("template.yaml", "AllowHeaders: \"'content-type", ",x-a"),
}


async def _strokes(client: LanguageClient, file: Path, texts: Iterator[str]) -> list[float]:
    uri, version = file.as_uri(), 1
    took = []
    for _ in range(STROKES):
        version += 1
        text = next(texts)
        client.diagnostics.pop(uri, None)
        started = time.perf_counter()
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )
        while uri not in client.diagnostics:
            await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        took.append(time.perf_counter() - started)
        await asyncio.sleep(0.02)
    return took


async def _measured(folder: Path) -> list[dict[str, Any]]:
    client = make_test_lsp_client()
    await client.start_io(sys.executable, "-m", "corsmith", "lsp")
    rows = []
    try:
        await client.initialize_session(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "project")],
            )
        )
        for name, (file, anchor, letters) in EDITS.items():
            path = folder / file
            text, uri = path.read_text(encoding="utf-8"), path.as_uri()
            client.diagnostics.pop(uri, None)
            started = time.perf_counter()
            client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "yaml", 1, text)))
            while uri not in client.diagnostics:
                await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
            opened = time.perf_counter() - started
            if not rows:
                rows.append(_row("the folder is opened", [opened]))
            before = _worked(client)
            took = await _strokes(client, path, typed(text, anchor, letters))
            rows.append({**_row(name, took), "cpu": round((_worked(client) - before) / STROKES, 4)})
            client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
            await asyncio.sleep(0.5)
    finally:
        await client.shutdown_session()
        await client.stop()
    return rows


def _worked(client: LanguageClient) -> float:
    """Return the seconds of CPU that the server has used: what other programs do meanwhile is not in them."""
    server = client._server
    assert server is not None
    fields = Path(f"/proc/{server.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _row(what: str, seconds: list[float]) -> dict[str, Any]:
    return {
        "what": what,
        "median": round(statistics.median(seconds), 4),
        "worst": round(max(seconds), 4),
        "promise": None if len(seconds) == 1 else PROMISE,
    }


def _beside(folder: Path) -> Iterator[dict[str, Any]]:
    done = subprocess.run([sys.executable, "-c", AGAIN], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    yield _row("the same project checked from the beginning, without start-up", [float(done.stdout)])
    lint = Path(sys.executable).parent / "cfn-lint"
    if lint.exists():
        started = time.perf_counter()
        subprocess.run([str(lint), "template.yaml"], cwd=folder, stdout=subprocess.DEVNULL, check=False)
        yield _row("cfn-lint on the same template", [time.perf_counter() - started])


def shown(found: dict[str, Any]) -> str:
    """Return the result as a table."""
    lines = ["| what is typed | median | worst | CPU of the server | promise |", "| --- | ---: | ---: | ---: | ---: |"]
    for row in found["rows"]:
        promise = f"{row['promise'] * 1000:.0f} ms" if row["promise"] else "-"
        cpu = f"{row['cpu'] * 1000:,.0f} ms" if "cpu" in row else "-"
        times = f"{row['median'] * 1000:,.0f} ms | {row['worst'] * 1000:,.0f} ms"
        lines.append(f"| {row['what']} | {times} | {cpu} | {promise} |")
    return "\n".join(lines)


def main() -> int:
    """Measure, print, write; return 1 where the promise is broken."""
    with tempfile.TemporaryDirectory() as name:
        folder = write_faulty(Path(name) / "project", FUNCTIONS)
        rows = [*asyncio.run(_measured(folder)), *_beside(folder)]
    found = {"functions": FUNCTIONS, "rows": rows}
    keep("editor", found, {"cfn-lint": version_of("cfn-lint")})
    print(shown(found))
    return int(any(row["promise"] and row["median"] > row["promise"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
