"""The same accounts in ministack, an emulator that others wrote: mended, and put back as the API returns them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from corsmith.account.apply import Applying
from corsmith.account.plan.plan import Wish
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .faulty_accounts import FAULTY, ORIGIN, Clients, Faulty
from .pretending import Shared, calls_of, findings, planned, point, reading, remote, share
from .servers import ministack

LACKS = {
    "UpdateMethodResponse": (
        "rest-options-missing-response-parameters",
        "rest-method-missing-response-parameters",
        "credentials-header-missing-rest",
        "header-typo",
    ),
    "UpdateIntegration of a template": ("rest-mock-options-broken", "rest-mock-options-broken-no-response"),
    "a policy of an alias's own": ("function-url-permission-missing-alias",),
    "CreateDeployment that moves a stage (v2)": ("httpapi-no-cors-config-manual-deploy", "httpapi-stage-not-deployed"),
}
"""What ministack 1.5 does not do, and the accounts that need it: the fake of these tests has them all."""
NOT_HERE = frozenset(each for names in LACKS.values() for each in names)
_DATED = (
    "deploymentId",
    "DeploymentId",
    "lastUpdatedDate",
    "LastUpdatedDate",
    "createdDate",
    "LastDeploymentStatusMessage",
    "LastModifiedTime",
)


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ministack(tmp_path_factory.mktemp("ministack")) as address:
        yield address


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


@pytest.mark.parametrize(
    ("number", "faulty"),
    [(number, each) for number, each in enumerate(FAULTY) if each.id not in NOT_HERE],
    ids=lambda each: each.id if isinstance(each, Faulty) else "",
)
def test_mended_and_put_back(
    number: int, faulty: Faulty, emulated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = f"{100_000_000_000 + number}"
    point(monkeypatch, emulated, account)
    share(monkeypatch, Shared())
    faulty.build(Clients(emulated, account))
    start = _said(tmp_path / "start")
    flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)
    plans = planned(tmp_path / "plan", Wish(flags, "t"), faulty.code)
    assert faulty.rule in {rule for each in plans for rule, _ in each.ends}

    file = tmp_path / "undo.json"
    outcome = Applying(remote(), file, lambda line: None).run(calls_of(plans), "t")
    assert outcome.failed == ""
    left = set(findings(tmp_path / "after", flags, faulty.code))
    # Its exports have no gateway responses, so they look as if they waited to be deployed.
    assert left <= {"rest-stage-not-deployed"}

    undone = Undoing(remote(), load(file), file, lambda line: None).run()
    assert undone.left == ()
    assert _said(tmp_path / "end") == start
