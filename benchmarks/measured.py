"""What a result says beside its figures: when it was measured, with what, where, and what else the machine did meanwhile.

Importing this module begins a measurement; `keep` ends it.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
QUIET = 0.05
"""The share of the processors that other work may take: less does not show in a figure that is the best of several."""


def keep(name: str, result: dict[str, Any], versions: dict[str, str] | None = None) -> None:
    """Write `results/NAME.json`, and its table: the result, and under `measured` with what. `versions` are the peers'."""
    known = {name: version for name, version in (versions or {}).items() if version}
    stamp = {
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"corsmith": _corsmith(), "Python": platform.python_version(), **known},
        "machine": {"processors": os.cpu_count(), "model": _model(), "system": f"{platform.system()} {_release()}"},
        "others": _others(),
    }
    RESULTS.mkdir(exist_ok=True)
    whole = {"measured": stamp, **result}
    (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    from . import tables  # here, because tables show results, and need this module

    tables.write(name)


def said(stamp: dict[str, Any]) -> str:
    """Return the stamp as the sentence under a table."""
    day = datetime.fromisoformat(stamp["date"])
    versions = ", ".join(f"{name} {version}" for name, version in stamp["versions"].items())
    machine = stamp["machine"]
    place = f"{machine['processors']} processors ({machine['model']}), {machine['system']}"
    return f"Measured on {day.day} {day:%B %Y}: {versions}; {place}; {_quiet(stamp['others'])}."


def commit_of(folder: Path) -> str:
    """Return the commit of a clone, "" where it is none."""
    command = ["git", "-C", str(folder), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def version_of(distribution: str) -> str:
    """Return the version of an installed distribution, "" where there is none."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _quiet(others: float | str | None) -> str:
    """Say how busy the machine was otherwise. A text stands in results that are older than this module."""
    if others is None or isinstance(others, str):
        return others or "what else the machine did is not known"
    share = "less than 1 %" if others < 0.01 else f"{others:.0%}".replace("%", " %")
    return f"{'quiet' if others < QUIET else 'not quiet'}: other work took {share} of them"


def _corsmith() -> str:
    """Return the version and the commit, so that a figure can be measured again."""
    commit = commit_of(Path(__file__).parent)
    return version_of("corsmith") + (f" ({commit})" if commit else "")


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _release() -> str:
    return ".".join(platform.release().split(".")[:2])


def _busy() -> float | None:
    """Return the seconds that all processors together have worked since the machine started; None where nobody says."""
    try:
        first = Path("/proc/stat").read_text(encoding="utf-8").partition("\n")[0]
    except OSError:
        return None
    user, nice, system, _, _, irq, soft = (int(each) for each in first.split()[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Return the seconds that this process and those it has started and seen end have worked."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


_BEGAN = (time.monotonic(), _busy(), _own())


def _others() -> float | None:
    """Return the share of all processors' time that other work took since this module was imported."""
    busy = _busy()
    began, busy_then, own_then = _BEGAN
    if busy is None or busy_then is None:
        return None
    elapsed = (time.monotonic() - began) * (os.cpu_count() or 1)
    return round(max(0.0, (busy - busy_then) - (_own() - own_then)) / elapsed, 3)
