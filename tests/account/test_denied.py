"""A call that AWS does not allow, whichever it is: the rest is judged, what is missing is said, and nothing is made up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corsmith.account.accesses import Wanted
from corsmith.account.audit import Audit, Reader, audit
from corsmith.account.read import Scope
from corsmith.account.store import Store
from corsmith.api.caller import CallerFlags

from .large import Nobody, Pretending
from .reading_aws import FakeAws, denied, serving
from .test_policy import everything


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[FakeAws, str]]:
    aws = everything()
    with serving(aws) as address:
        yield aws, address


def audited(folder: Path) -> Audit:
    scope = Scope()
    reader = Reader(Wanted(all_regions=True), Store(folder), scope, Nobody(), frozenset(), Pretending())
    return audit(reader.read(), CallerFlags())


def rules(found: Audit) -> set[str]:
    """Return what is found; without a distribution that hides it, the same is found at the API itself."""
    return {each.finding.rule for each in found.found}


OPERATIONS = (
    "GetRestApis", "GetResources", "GetStages", "GetGatewayResponses", "GetAuthorizers", "GetRequestValidators", "GetExport",
    "GetDeployment", "GetUsagePlans", "GetWebACL", "GetApis", "GetRoutes", "GetIntegrations", "ExportApi", "GetDomainNames",
    "GetApiMappings", "GetBasePathMappings", "ListFunctions", "ListFunctionUrlConfigs", "GetPolicy", "ListTags",
    "ListDistributions", "GetCachePolicy", "GetOriginRequestPolicy", "GetResponseHeadersPolicy",
)  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_is_made_up(
    served: tuple[FakeAws, str], operation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws, address = served
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    aws.refuse = {}
    aws.calls = []
    whole = audited(tmp_path / "whole")
    assert whole.failures == ()
    assert operation in {name for name, _ in aws.calls}
    aws.refuse = {operation: [denied()]}
    part = audited(tmp_path / "part")
    assert {each.operation.partition(":")[2] for each in part.failures} == {operation}
    assert all("AWS does not allow it (AccessDeniedException" in each.message for each in part.failures)
    # What is not known may hide a finding; it makes none.
    assert rules(part) <= rules(whole), rules(part) - rules(whole)
    assert len(part.readings.places) == 1
