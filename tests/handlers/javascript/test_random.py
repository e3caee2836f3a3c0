"""Random handlers, run for real: what they do is among the outcomes that were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.oracle import contained
from tests.handlers.reading import line
from tests.handlers.test_random import ENVIRONMENT, EVENTS

from .programs import Program
from .reading import read
from .running import run

SEEDS = range(60)


@pytest.mark.node
def test_outcomes_contain_what_happens(tmp_path: Path) -> None:
    written = []
    for seed in SEEDS:
        program = Program(seed)
        file = tmp_path / f"p{seed}{program.ending}"
        file.write_text(program.source())
        written.append(file)
    cases = [{"file": str(file), "entry": "handler", "environment": ENVIRONMENT, "events": EVENTS} for file in written]
    for file, observed in zip(written, run(cases), strict=True):
        path = f"index{file.suffix}"
        summary = read({path: file.read_text()}, path=path, environment=ENVIRONMENT)
        assert summary.unread == (), file.name
        missed = [each for each in zip(EVENTS, observed, strict=True) if not contained(summary, *each)]
        assert not missed, (file.name, missed[0], [line(outcome) for outcome in summary.outcomes])


@pytest.mark.node
def test_a_wrong_outcome_would_be_noticed(tmp_path: Path) -> None:
    summary = read("export const handler = async () => ({ statusCode: 200, headers: { Vary: 'Origin' } });")
    file = tmp_path / "index.mjs"
    file.write_text("export const handler = async () => ({ statusCode: 200, headers: {} });")
    case = {"file": str(file), "entry": "handler", "environment": {}, "events": EVENTS[:1]}
    assert not contained(summary, EVENTS[0], run([case])[0][0])
