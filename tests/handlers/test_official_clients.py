"""Truth by running: what handlers return in AWS's own runtime clients is among the outcomes that were read."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from corsmith.api.outcome import HandlerSummary
from tests.handlers.javascript import programs as node_programs
from tests.handlers.javascript.reading import read as read_node
from tests.handlers.oracle import contained
from tests.handlers.programs import Program
from tests.handlers.reading import line, read
from tests.handlers.test_fifty_mistakes import ROWS, _module
from tests.handlers.test_random import ENVIRONMENT, EVENTS

from .javascript.test_returns import CASES as RETURNS
from .official import run_node, run_python

SEEDS = range(1000, 1040)
SENT = EVENTS[::17]
"""Events of both payload formats, each method, path, origin and body."""


def _fixtures(language: str) -> dict[str, str]:
    """Return the handlers of the mistakes and their twins that need no framework."""
    found = {}
    for row in ROWS:
        pair = getattr(row, language)
        for side, code in zip(("bad", "right"), pair if isinstance(pair, tuple) else (), strict=False):
            module = _module(row, language, code)
            if not any(name in module for name in ("fastapi", "middy", "lambda-api", "streamifyResponse", "fetch(")):
                found[f"m{row.number}_{side}"] = module
    return found


def _missed(summary: HandlerSummary, observed: list[tuple[str, object]]) -> list[object]:
    return [
        (sent["headers"], got, [line(outcome) for outcome in summary.outcomes])
        for sent, got in zip(SENT, observed, strict=True)
        if not contained(summary, sent, got)
    ]


def test_python_in_the_official_client(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "ORIGINS": "https://a.example,https://b.example"}
    modules = {f"p{seed}": Program(seed).source() for seed in SEEDS} | _fixtures("python")
    assert len(modules) > 120
    for name, observed in run_python(tmp_path, modules, SENT, environment).items():
        summary = read(modules[name], environment=environment)
        missed = [] if summary.unread else _missed(summary, observed)
        assert not missed, (name, len(missed), missed[0])


@pytest.mark.node
def test_node_in_the_official_client(tmp_path: Path) -> None:
    environment = {**ENVIRONMENT, "ORIGINS": "https://a.example,https://b.example"}
    made = [node_programs.Program(seed) for seed in SEEDS]
    files = {f"p{number}{program.ending}": program.source() for number, program in enumerate(made)}
    files = {
        name: source for name, source in files.items() if "streamifyResponse" not in source and not name.endswith("ts")
    }
    files |= {f"{name}.mjs": source for name, source in _fixtures("node").items()}
    by_hand = [source for name, (source, _) in RETURNS.items() if "callback" in name]
    files |= {f"c{number}.mjs": source for number, source in enumerate(by_hand)}
    assert len(files) > 100
    for name, observed in run_node(tmp_path, files, SENT, environment).items():
        summary = read_node({name: files[name]}, path=name, environment=environment)
        missed = [] if summary.unread else _missed(summary, observed)
        assert not missed, (name, len(missed), missed[0])


_METADATA = (
    "{ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } }",
    "{ statusCode: m === 'OPTIONS' ? 204 : 201, headers: o ? { 'Access-Control-Allow-Origin': o } : {} }",
    "{ headers: { 'X-A': '1' } }",
    "base",
)
_WRITES = (
    "out.end();",
    "out.write(''); out.end();",
    "out.end('x');",
    "if (m === 'GET') out.write('x'); out.end();",
    "await pipeline(Readable.from(['x']), out);",
    "for (const part of ['a', 'b']) out.write(part); out.end();",
)


def _streams() -> dict[str, str]:
    """Return handlers that stream: each kind of metadata with each way to write."""
    found = {}
    for number, (metadata, writes) in enumerate(product(_METADATA, _WRITES)):
        found[f"s{number}.mjs"] = f"""
import {{ pipeline }} from 'node:stream/promises';
import {{ Readable }} from 'node:stream';
const base = {{ statusCode: 202, headers: {{ ...{{ Vary: 'Origin' }}, 'X-A': 'base' }} }};
export const handler = awslambda.streamifyResponse(async (event, stream, context) => {{
  const m = event.httpMethod ?? event.requestContext.http.method;
  const o = event.headers.origin;
  const out = awslambda.HttpResponseStream.from(stream, {metadata});
  {writes}
}});
"""
    return found


@pytest.mark.node
def test_streams_in_the_official_client(tmp_path: Path) -> None:
    files = _streams() | {f"row{side}.mjs": ROWS[42].node[side] for side in (0, 1)}
    for name, observed in run_node(tmp_path, files, SENT, {}, "streaming").items():
        summary = read_node({name: files[name]}, path=name)
        assert summary.unread == ()
        assert all(outcome.streamed for outcome in summary.outcomes)
        missed = _missed(summary, observed)
        assert not missed, (name, len(missed), missed[0])
