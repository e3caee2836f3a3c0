"""A pytest plugin that runs the collected tests once for each mutant, in a fork of the session that collected them.

MUTANTS names a JSON file with the mutants' names; what became of each is written to the same place with `.done` behind
its name: true where a test failed, or where the tests took too long. Nothing is imported or collected twice, so that most
mutants cost some milliseconds: the tests of the mutated module come first, then the others in their order.
"""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path

import pytest
from mutmut.mutation.trampoline import set_mutant_under_test

_CHILDREN = 2
_MOST_FAILING = 3
_SECONDS = 60
"""Seconds of CPU that all tests may take; one run takes some ten."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the tests without a mutant, leave out those that fail already, then run the others with each."""
    place = Path(os.environ["MUTANTS"])
    names: list[str] = json.loads(place.read_text(encoding="utf-8"))
    os.waitpid(_fork(session, ""), 0)
    failing = set(json.loads(place.with_suffix(".failing").read_text(encoding="utf-8")))
    if len(failing) > _MOST_FAILING:
        raise session.Failed("the tests fail without any mutant")
    for each in sorted(failing):
        # Mutants stand behind a function more, so what counts frames of the stack may fail.
        print(f"left out, for it fails without any mutant: {each}")
    session.items[:] = [item for item in session.items if item.nodeid not in failing]
    done: dict[str, bool] = {}
    running: dict[int, str] = {}
    for name in [*names, *[""] * _CHILDREN]:
        if name:
            running[_fork(session, name)] = name
        if running and (len(running) == _CHILDREN or not name):
            pid, status = os.wait()
            done[running.pop(pid)] = _failed(status)
            place.with_suffix(".done").write_text(json.dumps(done), encoding="utf-8")
    return True


def _fork(session: pytest.Session, name: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    session.config.pluginmanager.unregister(name="terminalreporter")
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime) + _SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    set_mutant_under_test(name)
    failing: list[str] = []
    module = name.rpartition(".")[0].rpartition(".")[2]
    for item in sorted(session.items, key=lambda item: item.path.stem != f"test_{module}"):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
        if session.testsfailed and name:
            os._exit(1)
        if session.testsfailed > len(failing):
            failing.append(item.nodeid)
    if not name:
        Path(os.environ["MUTANTS"]).with_suffix(".failing").write_text(json.dumps(failing), encoding="utf-8")
    os._exit(0)


def _failed(status: int) -> bool:
    return status != 0
