"""Applications of frameworks: what is read is what they answered when they were run (`measured/measure.py`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corsmith.api.outcome import Outcome, Raised, Returned, materialise
from corsmith.api.value import Undecided
from tests.handlers.events import event, is_idle
from tests.handlers.measured.measure import probes
from tests.handlers.reading import line

from .measured.measure import kept
from .reading import read

HERE = Path(__file__).parent / "measured"
APPS = {file.stem: file for ending in ("mjs", "ts") for file in (HERE / "apps").glob(f"*.{ending}")}
NAMES = sorted(APPS)
EVENTS = probes(event)


def _takes(outcome: Outcome, sent: dict[str, Any], known: set[str]) -> bool:
    if outcome.reached_by(sent) is False:
        return False
    path = sent.get("rawPath") or sent.get("path")
    if outcome.paths is None:
        return True
    return path not in known if outcome.paths == () else path in outcome.paths


def _answer(outcome: Outcome, sent: dict[str, Any]) -> list[Any] | None:
    if isinstance(outcome.result, Raised):
        return ["raised", outcome.result.what]
    assert isinstance(outcome.result, Returned)
    try:
        return kept(("returned", materialise(outcome.result.result, sent)))
    except Undecided:
        return None


def _alike(answer: list[Any] | None, observed: list[Any]) -> bool:
    """Lists in header values are in no particular order, and their blanks are none of the browser's concern."""
    return answer is None or [_sorted(part) for part in answer] == [_sorted(part) for part in observed]


def _sorted(part: Any) -> Any:
    return {name: sorted(re.split(r",\s*", text)) for name, text in part.items()} if isinstance(part, dict) else part


@pytest.mark.parametrize("name", NAMES)
def test_what_was_measured_is_read(name: str) -> None:
    summary = read(APPS[name].read_text(), path=f"index{APPS[name].suffix}")
    observed = json.loads((HERE / f"{name}.json").read_text())
    assert summary.unread == ()
    known = {path for outcome in summary.outcomes for path in outcome.paths or ()}
    missed = []
    for sent, answer in zip(EVENTS, observed, strict=True):
        taken = [outcome for outcome in summary.outcomes if _takes(outcome, sent, known)]
        if "lambda-cors" in APPS[name].read_text() and is_idle(sent):
            continue
        if not any(_alike(_answer(outcome, sent), answer) for outcome in taken):
            missed.append((sent, answer, [(line(outcome), _answer(outcome, sent)) for outcome in taken]))
    assert not missed, (len(missed), missed[0])


# Apollo answers queries with 200, and no probe is one.
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("apollo")])
def test_what_is_read_is_no_guess(name: str) -> None:
    """Each answer that was read was given to some event, but for what stands for any bad input."""
    summary = read(APPS[name].read_text(), path=f"index{APPS[name].suffix}")
    observed = json.loads((HERE / f"{name}.json").read_text())
    known = {path for outcome in summary.outcomes for path in outcome.paths or ()}
    for outcome in summary.outcomes:
        given = [
            _alike(_answer(outcome, sent), answer)
            for sent, answer in zip(EVENTS, observed, strict=True)
            if _takes(outcome, sent, known)
        ]
        assert True in given or not given, line(outcome)


def test_every_measurement_has_its_application() -> None:
    assert sorted(file.stem for file in HERE.glob("*.json")) == NAMES
