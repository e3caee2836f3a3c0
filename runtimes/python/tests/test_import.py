"""What importing the package costs, and what it holds: its promise."""

import subprocess
import sys
from pathlib import Path

import lambda_cors
from test_advisories import sources

LOADED_BY_LAMBDA = "json, logging, re, enum, traceback, decimal, functools, collections, sys, time"


def modules_after(statement: str) -> set[str]:
    code = (
        f"import {LOADED_BY_LAMBDA}\nbefore = set(sys.modules)\n{statement}\n"
        "print(*sorted(set(sys.modules) - before), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_nothing_is_imported_that_lambda_has_not_loaded() -> None:
    own = {name for name in modules_after("import lambda_cors") if not name.startswith("lambda_cors")}
    assert own == set()


def test_a_policy_and_a_wrapper_need_nothing_more() -> None:
    made = "from lambda_cors import Policy, cors; cors(Policy(origins=['https://a.example', 'https://*.b.example']))(print)"
    assert {name for name in modules_after(made) if not name.startswith("lambda_cors")} == set()


def test_seldom_used_parts_are_imported_when_they_are_used() -> None:
    names = modules_after("import lambda_cors")
    assert names & {f"lambda_cors.{name}" for name in ("asgi", "wsgi", "debug", "deadline", "settings")} == set()


def test_no_source_imports_what_costs_too_much() -> None:
    for path in sources():
        text = path.read_text()
        for name in ("dataclasses", "__future__", "inspect", "asyncio", "http.client"):
            assert f"import {name}" not in text
            assert f"from {name} " not in text


def test_the_package_is_typed_and_all_is_exported() -> None:
    assert (Path(lambda_cors.__file__).parent / "py.typed").exists()
    assert lambda_cors.__all__ == ["Policy", "PolicyError", "Problem", "cors"]
    assert lambda_cors.__version__
