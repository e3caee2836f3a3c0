"""A faulty account in an emulator that others wrote: mended, and put back as its API returned it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from corsmith.account.apply import Applying
from corsmith.account.plan.plan import Wish
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .faulty_accounts import ORIGIN, Clients, Faulty
from .pretending import Shared, calls_of, findings, planned, point, reading, remote, share

_DATED = (
    "deploymentId",
    "DeploymentId",
    "lastUpdatedDate",
    "LastUpdatedDate",
    "createdDate",
    "LastDeploymentStatusMessage",
    "LastModifiedTime",
)


def _said(root: Path) -> Any:
    """Return what AWS says of all front doors, without deployments and dates."""

    def told(node: Any) -> Any:
        if isinstance(node, dict):
            return {
                key: told(each)
                for key, each in node.items()
                if key not in _DATED and told(each) not in (None, {}, [], (), "")
            }
        return [told(each) for each in node] if isinstance(node, list | tuple) else node

    units = [to_builtins(each) for each in reading(root).units()]
    return [told({**each["door"], "read_at": 0}) for each in units], [
        told({**other, "read_at": 0}) for each in units for other in each["functions"]
    ]


def mended_and_put_back(faulty: Faulty, clients: Clients, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the account, plan, apply, audit again and undo; it must be clean in between, and as it was at the end."""
    point(monkeypatch, clients.url, clients.account)
    share(monkeypatch, Shared())
    faulty.build(clients)
    start = _said(root / "start")
    flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)
    plans = planned(root / "plan", Wish(flags, "t"), faulty.code)
    assert faulty.rule in {rule for each in plans for rule, _ in each.ends}

    file = root / "undo.json"
    outcome = Applying(remote(), file, lambda line: None).run(calls_of(plans), "t")
    assert outcome.failed == ""
    left = set(findings(root / "after", flags, faulty.code))
    # Their exports have no gateway responses, so these look as if they waited to be deployed.
    assert left <= {"rest-stage-not-deployed"}

    undone = Undoing(remote(), load(file), file, lambda line: None).run()
    assert undone.left == ()
    assert _said(root / "end") == start
