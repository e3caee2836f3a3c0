"""Random cases, judged by the model and by a real browser.

By default they are the 2,000 of `data/random.json`, drawn once from the strategies: Hypothesis draws others for the same
seed where other modules are loaded, and a change is to be judged by what the last one was. CORSMITH_CASES draws that many
anew, CORSMITH_SEED says which ones. CORSMITH_RECORDS names a folder where cases and the browser's verdicts are kept: a later
run with the same seed takes them from there, and asks the browser only for what is missing, so that a changed model is
held to all that a browser has said before. Cases on which model and browser disagree are written to `data/found.json`, and
are judged again by every later run of the tests.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from corsmith.browser import Kind, simulate

from .generated import generate
from .recorded import DATA, without_paths
from .strategies import Case

BATCH = 1000
# Firefox names a connection that closes without an answer now like this, now like that.
_LOST = {"CORSDidNotSucceed2", "CORSMultipleAllowOriginNotAllowed"}

Judge = Callable[[list[Case]], list[dict[str, Any]]]
Judged = list[tuple[Case, dict[str, Any]]]


def disagreements(browser: str, judge: Judge) -> list[str]:
    """Have the cases of this run judged by `judge` and by the model of `browser`; return what they do not agree about."""
    found: list[str] = []
    for batch in _batches(browser, judge):
        for case, seen in batch:
            for difference in differences(case, seen, browser):
                found.append(f"{case['name']}: {difference}: {json.dumps(case)}")
                keep(case, seen, browser)
    return found


def _batches(browser: str, judge: Judge) -> Iterator[Judged]:
    """Yield the cases of this run with a browser's verdicts."""
    if not {"CORSMITH_CASES", "CORSMITH_SEED"} & os.environ.keys():
        drawn: list[Case] = json.loads((DATA / "random.json").read_text(encoding="utf-8"))
        yield list(zip(drawn, judge(drawn), strict=True))
        return
    count = int(os.environ.get("CORSMITH_CASES", "2000"))
    seed = int(os.environ.get("CORSMITH_SEED", "1"))
    for start in range(0, count, BATCH):
        yield _batch(browser, judge, min(BATCH, count - start), seed + start)


def _batch(browser: str, judge: Judge, count: int, seed: int) -> Judged:
    """Return `count` random cases and their verdicts, from the records where those hold them.

    The browser runs while it judges only: Hypothesis draws nothing while another thread uses the `random` module.
    """
    folder = os.environ.get("CORSMITH_RECORDS")
    record = Path(folder) / f"{browser}-{seed}-{count}.json.gz" if folder else None
    if record is not None and record.exists():
        kept: Judged = json.loads(gzip.decompress(record.read_bytes()))
        return kept
    drawn = generate(count, seed)
    judged = list(zip(drawn, judge(drawn), strict=True))
    if record is not None:
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_bytes(gzip.compress(json.dumps(judged).encode("ascii")))
    return judged


def differences(case: Case, seen: dict[str, Any], browser: str) -> Iterator[str]:
    """Yield what a browser and its model do not agree about: verdict, error, preflight, headers."""
    verdict, observed = simulate(case, browser), seen["observed"]
    if verdict.allowed is not seen["allowed"]:
        yield f"allowed is {seen['allowed']} ({seen['cors_error']}), not {verdict.allowed} ({verdict.error})"
    lost = verdict.failure is not None and verdict.failure.kind is Kind.NETWORK and seen["cors_error"] in _LOST
    if without_paths(verdict.error) != without_paths(seen["cors_error"]) and not lost:
        yield f"the error is {seen['cors_error']}, not {verdict.error}"
    if verdict.preflight_sent is not observed["preflight_sent"]:
        yield f"preflight sent is {observed['preflight_sent']}"
    if list(verdict.exposed) != sorted(set(observed["visible_headers"])):
        yield f"readable are {observed['visible_headers']}, not {verdict.exposed}"


def keep(case: Case, seen: dict[str, Any], browser: str) -> None:
    """Add a case to those that were judged wrongly once."""
    path = DATA / "found.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    observed = seen["observed"]
    entry = {
        "browser": browser,
        "case": case,
        "allowed": seen["allowed"],
        "error": seen["cors_error"],
        "preflight_sent": observed["preflight_sent"],
        "visible_headers": observed["visible_headers"],
    }
    if entry not in kept:
        lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in [*kept, entry])
        path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
