"""The main job, shown with nothing but this machine: what is blocked, why, the fix, and the proof.

The broken shop is served by the local gateway and judged three ways: by its files, by the model of the browser over the
running server, and by a real Chromium page at the shop's origin. A copy is fixed and judged again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from corsmith.live.browsers import Chromium

from .calls import Call, load
from .chromium import chromium_verdict
from .static import opinion
from .table import Measured, Row, lines, shortcomings
from .toolkit import fix, live_verdict, served

STOREFRONT = Path("examples/storefront")
BLOCKED_AT_LEAST = 8


def main() -> int:
    """Run the demo; return the exit code."""
    started = time.monotonic()
    calls = load(STOREFRONT / "calls.json")
    with tempfile.TemporaryDirectory() as folder, Chromium() as browser:
        copy = Path(folder, "storefront")
        shutil.copytree(STOREFRONT, copy)
        before = measure(STOREFRONT, calls, browser)
        repair(copy, calls)
        after = measure(copy, calls, browser)
    rows = tuple(Row(call, b, a) for call, b, a in zip(calls, before, after, strict=True))
    print("\n".join(lines(rows)))
    wrong = shortcomings(rows, BLOCKED_AT_LEAST)
    blocked = sum(row.before.chromium == "blocked" for row in rows)
    left = sum(row.after.chromium != "allowed" for row in rows)
    print(f"\n{blocked} of {len(rows)} calls blocked before, {left} after. {time.monotonic() - started:.0f} s.")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def measure(project: Path, calls: tuple[Call, ...], browser: Chromium) -> list[Measured]:
    """Judge every call to `project` three ways."""
    say(f"reading {project}")
    static = [opinion(project, call) for call in calls]
    with served(project) as addresses:
        say(f"served at {', '.join(addresses.values())}")
        urls = [addresses[call.api] + call.path for call in calls]
        live = [live_verdict(url, call) for url, call in zip(urls, calls, strict=True)]
        say(f"asking Chromium at {calls[0].origin}")
        chromium = [chromium_verdict(browser, addresses[call.api], call) for call in calls]
    return [Measured(*judges) for judges in zip(static, live, chromium, strict=True)]


def repair(project: Path, calls: tuple[Call, ...]) -> None:
    """Fix what corsmith finds by itself; then, call by call, what only the page knows: its headers and cookies."""
    say("fixing a copy")
    fix(project, "--origin", calls[0].origin)
    for call in calls:
        if opinion(project, call).verdict != "allowed":
            fix(project, *call.flags(), "--path", call.path.split("?")[0])


def say(text: str) -> None:
    """Tell the progress."""
    print(f"demo: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
