"""The IAM policy in the docs for mending: what the calls that are really made need, no more and no less."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from corsmith.account.apply import Applying
from corsmith.account.plan.plan import Wish
from corsmith.account.undo import Undoing
from corsmith.account.undo_file import load
from corsmith.api.caller import CallerFlags

from .fake_aws.functions import ACCOUNT, REGION
from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, ORIGIN, Clients
from .pretending import Shared, calls_of, planned, point, remote, share

PAGE = Path(__file__).parents[2] / "docs" / "audit-fix.md"
Need = tuple[str, str]
"""An action and a resource."""


def allowed() -> frozenset[Need]:
    """Return the pairs of action and resource that the page's policy allows."""
    (block,) = re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    found: set[Need] = set()
    for statement in json.loads(block)["Statement"]:
        actions, resources = (
            [each] if isinstance(each, str) else each for each in (statement["Action"], statement["Resource"])
        )
        found |= {(action, resource) for action in actions for resource in resources}
    return frozenset(found)


def needed(service: str, operation: str, method: str, path: str) -> Need:
    """Return what IAM asks for a call.

    API Gateway's actions are HTTP methods on its paths, for both versions (IAM reference, "Actions, resources, and condition
    keys for Amazon API Gateway Management"); Lambda's are its operations on the function.
    """
    if service == "lambda":
        return f"lambda:{operation}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:items"
    return f"apigateway:{method}", f"arn:aws:apigateway:{REGION}::{path.removeprefix('/v2')}"


def test_mending_needs_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[Need] = set()
    with serving(FakeAws()) as aws:
        point(monkeypatch, aws.url)
        share(monkeypatch, Shared())
        empty, clients, account = aws.keep(), Clients(aws.url), remote()
        for faulty in FAULTY:
            aws.restore(empty)
            with aws.lax():
                faulty.build(clients)
                flags = CallerFlags(origins=(ORIGIN,), **faulty.flags)
                calls = calls_of(planned(tmp_path, Wish(flags, "t"), faulty.code))
                aws.sent = set()
                file = tmp_path / "undo.json"
                assert Applying(account, file, lambda line: None).run(calls, "t").failed == ""
                Undoing(account, load(file), file, lambda line: None).run()
            asked |= {needed(*each) for each in aws.sent}
    # Reading is the other page's policy.
    asked = {each for each in asked if each[0] not in ("apigateway:GET", "lambda:GetPolicy")}
    given = allowed()
    for action, resource in asked:
        assert any(action == own and fnmatchcase(resource, where) for own, where in given), (action, resource)
    for action, where in given:
        matching = {resource for own, resource in asked if own == action and fnmatchcase(resource, where)}
        assert any(resource.count("/") == where.count("/") for resource in matching) or action.startswith("lambda:"), (
            action,
            where,
        )
        assert matching, (action, where)
