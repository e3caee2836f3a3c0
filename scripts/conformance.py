"""The tables of `docs/conformance.md`, from the data that the tests hold the models to; `scripts.documents` writes them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from corsmith.browser import simulate
from corsmith.gateways.facts import FACTS

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "conformance.md"
TESTS = ROOT / "tests"
BROWSERS = ("chromium", "firefox")
_PATH = re.compile(r"/c/[\w-]+(?:/\d+)?")


def page() -> str:
    """Return the page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    for name, table in (("browser", _browser()), ("others", _others())):
        text = re.sub(rf"(?s)(<!-- {name} -->\n).*?(<!-- end -->)", lambda found: f"{found[1]}{table}{found[2]}", text)  # noqa: B023
    return text


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _browser() -> str:
    """One row for each thing that Chromium says: how often each browser decided so, and how often its model says the same."""
    recorded = _read(TESTS / "browser" / "data" / "recorded.json")
    seen: dict[str, Counter[str]] = {}
    for each in recorded:
        name = _shown(each["chromium"]["error"])
        row = seen.setdefault(name, Counter())
        row["cases"] += 1
        for browser in BROWSERS:
            row[browser] += _agrees(each, browser)
    head = "| Chromium's decision | cases | Chromium: model agrees | Firefox: model agrees |\n| --- | ---: | ---: | ---: |\n"
    order = sorted(seen, key=lambda name: (name != "allowed", name))
    rows = [
        f"| {name} | " + " | ".join(str(seen[name][key]) for key in ("cases", *BROWSERS)) + " |\n" for name in order
    ]
    total = {key: sum(row[key] for row in seen.values()) for key in ("cases", *BROWSERS)}
    return head + "".join(rows) + "| **all** | " + " | ".join(f"**{each}**" for each in total.values()) + " |\n"


def _shown(error: str | None) -> str:
    return "allowed" if error is None else f"`{_PATH.sub('/…', error)}`"


def _agrees(each: dict[str, Any], browser: str) -> bool:
    """Say whether verdict, error, preflight and what a script can read are those of the browser."""
    verdict, seen = simulate(each["case"], browser), each[browser]
    said = (verdict.allowed, _PATH.sub("", verdict.error or ""), verdict.preflight_sent, sorted(verdict.exposed))
    readable = sorted(set(seen["visible_headers"]))
    return said == (seen["allowed"], _PATH.sub("", seen["error"] or ""), seen["preflight_sent"], readable)


def _others() -> str:
    exchanges = sum(len(_read(file)["exchanges"]) for file in (TESTS / "fixtures" / "gateway").glob("*/expect.json"))
    python = [len(_read(file)) for file in (TESTS / "handlers" / "measured").glob("*.json")]
    node = [len(_read(file)) for file in (TESTS / "handlers" / "javascript" / "measured").glob("*.json")]
    vectors = ROOT / "runtimes" / "vectors"
    cases = len(_read(vectors / "requests.json")["cases"])
    policies = len(_read(vectors / "policies.json")) + len(_read(vectors / "settings.json"))
    facts = [fact for rows in FACTS.values() for fact in rows]
    known = sum(fact.confidence in ("documented", "measured") for fact in facts)
    sam = len(list((TESTS / "fixtures" / "sam").glob("*.yaml")))
    found = len(_read(TESTS / "browser" / "data" / "found.json"))
    rows = (
        (
            "the browser, at random",
            "Chromium and Firefox",
            "2,000 calls each with every `make test`",
            "tests/browser/test_live_chromium.py",
        ),
        (
            "the browser, where it was wrong once",
            "the browser that disagreed",
            f"{found} calls, kept",
            "tests/browser/test_recorded.py",
        ),
        (
            "the front doors",
            "AWS's documentation, recordings, reports",
            f"{len(facts)} behaviours, {known} of them documented or measured",
            "tests/gateways",
        ),
        (
            "the local gateway",
            "what AWS is known to answer",
            f"{exchanges} exchanges over HTTP",
            "tests/local/test_conformance.py",
        ),
        (
            "templates of SAM",
            "aws-sam-translator",
            f"{sam} templates, translated and read again",
            "tests/readers/test_sam_against_the_translator.py",
        ),
        (
            "handlers in Python",
            "the frameworks, run",
            f"{len(python)} applications, {sum(python):,} answers",
            "tests/handlers/measured",
        ),
        (
            "handlers in JavaScript",
            "the frameworks, run",
            f"{len(node)} applications, {sum(node):,} answers",
            "tests/handlers/javascript/measured",
        ),
        (
            "lambda-cors",
            "one list for both languages",
            f"{cases} requests, {policies} policies and settings",
            "runtimes/vectors",
        ),
    )
    head = "| what is modelled | held to | how much | where |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {what} | {oracle} | {amount} | `{where}` |\n" for what, oracle, amount, where in rows)
