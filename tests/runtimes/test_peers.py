"""The comparison with other libraries: ours is right in every row, and the page says what was seen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clients import ROOT, install_node_packages

pytestmark = pytest.mark.node
sys.path.insert(0, str(ROOT))

from benchmarks import compare_runtimes, runtimes  # noqa: E402


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, str]]:
    install_node_packages()
    return compare_runtimes.probed()


@pytest.mark.parametrize("probe", list(compare_runtimes.RIGHT))
def test_every_row_is_right_for_both_runtimes(seen: dict[str, dict[str, str]], probe: str) -> None:
    for runtime in ("lambda-cors", "lambda-cors (Node)"):
        assert seen[probe][runtime] in compare_runtimes.RIGHT[probe]


def test_a_denied_preflight_says_nothing(seen: dict[str, dict[str, str]]) -> None:
    for probe in ("preflight, denied origin", "preflight, denied header"):
        assert seen[probe]["lambda-cors"] == seen[probe]["lambda-cors (Node)"] == "204, no CORS headers"


def test_each_peer_gets_something_wrong_that_we_do_not(seen: dict[str, dict[str, str]]) -> None:
    """Otherwise the probes would not tell libraries apart, or there would be no need for this one."""
    for peer in compare_runtimes.COLUMNS[2:]:
        wrong = [
            probe
            for probe, right in compare_runtimes.RIGHT.items()
            if seen[probe][peer] not in {*right, "cannot be said"}
        ]
        assert wrong


def test_the_page_shows_what_was_seen(seen: dict[str, dict[str, str]]) -> None:
    assert compare_runtimes.table(seen) in compare_runtimes.PAGE.read_text()


def test_the_page_shows_what_was_measured() -> None:
    result: dict[str, Any] = json.loads(runtimes.RESULTS.read_text())
    assert runtimes.shown(result) in compare_runtimes.PAGE.read_text()


def test_the_peers_are_those_that_are_pinned() -> None:
    runtimes.prepare()
    command = [runtimes.PEERS / "bin/pip", "freeze", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == set((ROOT / "requirements/peers.txt").read_text().split())


def test_every_frameworks_adapter_can_be_wrapped() -> None:
    """One Access-Control-Allow-Origin and one Vary leave, whatever the framework set; also in a deadline's thread."""
    runtimes.prepare()
    script = Path(__file__).parent / "wrapped_peers.py"
    command = [str(runtimes.PEERS / "bin/python"), str(script)]
    done = subprocess.run(command, env=runtimes.environment(), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert set(said) == set(runtimes.PYTHON_STACKS) - {"lambda-cors"}
    for stack, results in said.items():
        for what, result in results.items():
            status = 500 if what.endswith("fails") else 204 if what.endswith("preflight") else 200
            assert result == [status, ["https://app.example.com"], 1], (stack, what)
