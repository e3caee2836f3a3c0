"""Reading an account: each thing once, every page, at AWS's pace, whatever becomes of single calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corsmith.account.accesses import Wanted
from corsmith.account.audit import Reader, Readings, audit
from corsmith.account.pace import Limit, Pace
from corsmith.account.read import Scope
from corsmith.account.read_functions import without_secrets
from corsmith.account.snapshot import (
    DistributionState,
    DomainState,
    FunctionState,
    HttpApiState,
    Place,
    RestApiState,
)
from corsmith.account.store import Store, default_root
from corsmith.api.caller import CallerFlags
from corsmith.readers.cloudformation.cloudfront_policies import MANAGED

from . import states
from .large import Nobody, Pretending, most_within
from .reading_aws import ACCOUNT, FakeAws, Refused, denied, serving

PLACE = Place("aws", ACCOUNT, "eu-west-1")


class Watcher(Nobody):
    """Says no more after so many things were read."""

    def __init__(self, stop_after: int) -> None:
        self.left = stop_after

    def step(self, remark: str) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt(remark)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    world = FakeAws()
    world.rest = [states.rest("rest1"), states.rest("rest2")]
    world.http = [states.http("http1", cors=states.GOOD_CORS)]
    world.functions = [states.function("orders"), states.function("unused")]
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield world


def reader(folder: Path, **more: Any) -> Reader:
    given: dict[str, Any] = {"watch": Nobody(), "clock": Pretending(), **more}
    wanted = given.pop("wanted", Wanted())
    scope = given.pop("scope", Scope())
    return Reader(wanted, Store(folder), scope, given.pop("watch"), MANAGED, **given)


def read(folder: Path, **more: Any) -> Readings:
    return reader(folder, **more).read()


def test_all_is_read(aws: FakeAws, tmp_path: Path) -> None:
    readings = read(tmp_path)
    shelf = readings.shelf(PLACE)
    rest = list(shelf.states(RestApiState))
    assert [each.id for each in rest] == ["rest1", "rest2"]
    assert rest[0].resources == tuple(aws.rest[0]["resources"])
    assert rest[0].stages == ({"stageName": "prod", "deploymentId": "d1"},)
    assert rest[0].exports["prod"] == aws.rest[0]["exports"]["prod"]
    assert rest[0].api["createdDate"] == "2023-11-14T22:13:20Z"
    (http,) = shelf.states(HttpApiState)
    assert http.api["CorsConfiguration"] == states.GOOD_CORS
    assert http.routes == tuple(aws.http[0]["routes"])
    (function,) = shelf.states(FunctionState)
    assert function.policies == {"": aws.functions[0]["policies"][""]}
    assert readings.all_failures() == ()
    assert audit(readings, CallerFlags()).units == 3


def test_no_call_is_made_that_is_not_needed(aws: FakeAws, tmp_path: Path) -> None:
    read(tmp_path)
    assert sorted(name for name, _ in aws.calls) == sorted(
        ["GetCallerIdentity", "GetRestApis", "GetApis", "GetDomainNames", "ListFunctions", "ListDistributions"]
        + 2 * ["GetResources", "GetStages", "GetGatewayResponses", "GetExport"]
        + ["GetRoutes", "GetIntegrations", "GetStages"]
        + 2 * ["ListFunctionUrlConfigs"]
        + ["GetPolicy"]
    )


def test_stages_of_one_deployment_are_exported_once(aws: FakeAws, tmp_path: Path) -> None:
    stages = [{"stageName": name, "deploymentId": "d1"} for name in ("dev", "prod")]
    aws.rest = [states.rest("rest1", stages=stages)]
    (state,) = read(tmp_path).shelf(PLACE).states(RestApiState)
    assert set(state.exports) == {"dev", "prod"}
    assert aws.count("GetExport") == 1


def test_authorizers_and_validators_are_read_where_there_are_any(aws: FakeAws, tmp_path: Path) -> None:
    guarded = states.proxy(authorizationType="CUSTOM", authorizerId="a1", requestValidatorId="v1")
    aws.rest = [
        states.rest(
            "rest1",
            methods={"POST": guarded, "OPTIONS": states.preflight()},
            authorizers=[
                {"id": "a1", "name": "guard", "type": "TOKEN", "identitySource": "method.request.header.Authorization"}
            ],
            validators=[{"id": "v1", "name": "all", "validateRequestBody": True}],
        )
    ]
    (state,) = read(tmp_path).shelf(PLACE).states(RestApiState)
    assert [each["id"] for each in state.authorizers] == ["a1"]
    assert [each["id"] for each in state.validators] == ["v1"]


def test_every_page_of_every_list_is_read(aws: FakeAws, tmp_path: Path) -> None:
    aws.page = 2
    aws.rest = [states.rest(f"rest{n}") for n in range(5)]
    for each in aws.rest:
        each["resources"] += [
            {"id": f"r{n}", "parentId": "root", "pathPart": f"p{n}", "path": f"/p{n}"} for n in range(3)
        ]
    aws.http = [states.http(f"http{n}", cors=states.GOOD_CORS) for n in range(3)]
    for each in aws.http:
        each["routes"] = [{**each["routes"][0], "RouteId": f"r{n}", "RouteKey": f"PUT /things{n}"} for n in range(5)]
    aws.functions = [states.function(f"f{n}", urls=[states.url(name=f"f{n}")]) for n in range(5)]
    aws.domains = [
        {
            "domain": {"DomainName": f"d{n}.example.com"},
            "mappings": [{"ApiId": "rest1", "ApiMappingKey": f"m{k}", "Stage": "prod"} for k in range(3)],
        }
        for n in range(3)
    ]
    aws.distributions = [
        {**states.distribution("rest1.execute-api.eu-west-1.amazonaws.com"), "Id": f"E{n}", **_SHOWN} for n in range(5)
    ]
    readings = read(tmp_path)
    shelf = readings.shelf(PLACE)
    assert [each.id for each in shelf.states(RestApiState)] == [f"rest{n}" for n in range(5)]
    assert all(len(each.resources) == 5 for each in shelf.states(RestApiState))
    assert all(len(each.routes) == 5 for each in shelf.states(HttpApiState))
    assert [each.id for each in shelf.states(FunctionState)] == [f"f{n}" for n in range(5)]
    assert all(len(each.mappings) == 3 for each in shelf.states(DomainState))
    around = readings.shelf(Place("aws", ACCOUNT, ""))
    assert [each.id for each in around.states(DistributionState)] == [f"E{n}" for n in range(5)]
    assert readings.all_failures() == ()


_SHOWN = {
    "Status": "Deployed",
    "LastModifiedTime": "2026-01-01T00:00:00Z",
    "Comment": "",
    "PriceClass": "PriceClass_All",
    "Enabled": True,
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "Staging": False,
}


def test_edge_optimised_domains_are_read_by_the_older_api(aws: FakeAws, tmp_path: Path) -> None:
    edge = {"DomainName": "edge.example.com", "DomainNameConfigurations": [{"EndpointType": "EDGE"}]}
    aws.domains = [{"domain": edge, "mappings": [{"basePath": "(none)", "restApiId": "rest1", "stage": "prod"}]}]
    (state,) = read(tmp_path).shelf(PLACE).states(DomainState)
    assert state.mappings == ({"ApiId": "rest1", "ApiMappingKey": "", "Stage": "prod"},)
    assert aws.count("GetApiMappings") == 0


def test_web_acls_are_read_once_for_all_stages(aws: FakeAws, tmp_path: Path) -> None:
    stages = [{"stageName": name, "deploymentId": "d1", "webAclArn": states.ACL} for name in ("dev", "prod")]
    aws.rest = [states.rest("rest1", stages=stages, web_acls={states.ACL: states.web_acl()})]
    (state,) = read(tmp_path).shelf(PLACE).states(RestApiState)
    assert state.web_acls == {states.ACL: states.web_acl()}
    assert aws.count("GetWebACL") == 1


def test_a_page_that_is_too_long_for_aws_is_asked_for_without_a_length(aws: FakeAws, tmp_path: Path) -> None:
    def before(operation: str, given: dict[str, Any]) -> None:
        if "MaxResults" in given:
            raise Refused("BadRequestException", 400, "Invalid maxResults")

    aws.before = before
    aws.http = [states.http(f"http{n}", cors=states.GOOD_CORS) for n in range(30)]
    readings = read(tmp_path)
    assert readings.all_failures() == ()
    assert len(list(readings.shelf(PLACE).states(HttpApiState))) == 30


def test_a_list_that_never_ends_is_given_up(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "do_get_apis", lambda given: {"Items": [aws.http[0]["api"]], "NextToken": "again"})
    readings = read(tmp_path)
    (failure,) = readings.all_failures()
    assert "begins again at the same page" in failure.message
    assert [each.id for each in readings.shelf(PLACE).states(HttpApiState)] == ["http1"]


REFUSALS = ("GetRestApis", "GetResources", "GetStages", "GetGatewayResponses", "GetExport", "GetApis", "GetRoutes",
            "GetIntegrations", "GetDomainNames", "ListFunctions", "ListFunctionUrlConfigs", "GetPolicy",
            "ListDistributions")  # fmt: skip


@pytest.mark.parametrize("operation", REFUSALS)
def test_one_refused_call_stops_nothing_else(aws: FakeAws, tmp_path: Path, operation: str) -> None:
    aws.refuse[operation] = [denied()]
    readings = read(tmp_path)
    failures = readings.all_failures()
    assert failures
    assert {each.operation.partition(":")[2] for each in failures} == {operation}
    assert all("AWS does not allow it" in each.message for each in failures)
    # What is left is judged, and nothing is made up about what is not known.
    found = audit(readings, CallerFlags())
    assert found.failures == failures
    assert [each.finding.rule for each in found.found if each.finding.severity == "error"] == []


def test_throttled_calls_are_tried_again(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    throttled = Refused("TooManyRequestsException", 429, "Too Many Requests")
    aws.refuse["GetResources"] = [throttled, throttled, None]
    readings = read(tmp_path)
    assert readings.all_failures() == ()
    assert aws.count("GetResources") == 4


def test_what_goes_on_being_throttled_is_said(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("corsmith.account.session.ATTEMPTS", 2)
    aws.http, aws.rest = [], aws.rest[:1]
    aws.refuse["GetGatewayResponses"] = [Refused("TooManyRequestsException", 429, "Too Many Requests")]
    (failure,) = read(tmp_path).all_failures()
    assert failure.code == "TooManyRequestsException"
    assert "went on refusing" in failure.message


def test_an_api_that_is_deleted_meanwhile_is_said_and_left_out(aws: FakeAws, tmp_path: Path) -> None:
    def before(operation: str, given: dict[str, Any]) -> None:
        if operation == "GetStages" and given.get("restApiId") == "rest1":
            aws.rest = [each for each in aws.rest if each["api"]["id"] != "rest1"]

    aws.before = before
    readings = read(tmp_path)
    assert [each.id for each in readings.shelf(PLACE).states(RestApiState)] == ["rest2"]
    (failure,) = readings.all_failures()
    assert "rest1 was deleted while it was read" in failure.message


def test_expired_credentials_end_the_account_and_the_next_run_goes_on(aws: FakeAws, tmp_path: Path) -> None:
    expired = Refused("ExpiredTokenException", 403, "The security token included in the request is expired")
    aws.refuse["GetExport"] = [None, expired]
    readings = read(tmp_path)
    (failure,) = readings.all_failures()
    assert "not valid any more" in failure.message
    assert [each.id for each in readings.shelf(PLACE).states(RestApiState)] == ["rest1"]
    aws.refuse.clear()
    aws.calls.clear()
    again = read(tmp_path)
    assert again.all_failures() == ()
    assert [each.id for each in again.shelf(PLACE).states(RestApiState)] == ["rest1", "rest2"]
    # Not even the API whose reading was broken off is asked about twice: only what was not answered is.
    assert [given["restApiId"] for name, given in aws.calls if name == "GetExport"] == ["rest2"]
    assert aws.count("GetResources") == aws.count("GetRestApis") == 0


def test_no_credentials(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    readings = read(tmp_path)
    assert readings.places == ()
    (failure,) = readings.failures
    assert "Unable to locate credentials" in failure.message
    assert aws.calls == []


def test_an_unknown_profile(tmp_path: Path) -> None:
    readings = read(tmp_path, wanted=Wanted(profiles=("nobody",)))
    assert "profile nobody cannot be used" in readings.failures[0].message


def test_a_disabled_region_does_not_stop_the_others(aws: FakeAws, tmp_path: Path) -> None:
    aws.regions = ("eu-west-1", "me-south-1")
    aws.disabled = frozenset(("me-south-1",))
    readings = read(tmp_path, wanted=Wanted(all_regions=True))
    (failure,) = readings.all_failures()
    assert "me-south-1 is not enabled" in failure.message
    assert len(list(readings.shelf(PLACE).states(RestApiState))) == 2


def test_no_region_is_said(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    readings = read(tmp_path)
    assert "name one with --region" in readings.failures[0].message


@pytest.mark.parametrize("after", range(1, 5))
def test_a_run_that_was_broken_off_is_gone_on_with(aws: FakeAws, tmp_path: Path, after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path, watch=Watcher(after))
    readings = read(tmp_path)
    assert readings.all_failures() == ()
    assert len(list(readings.shelf(PLACE).states(RestApiState))) == 2
    read_apis = [
        given.get("restApiId") or given.get("ApiId")
        for name, given in aws.calls
        if name in ("GetResources", "GetRoutes")
    ]
    assert sorted(read_apis) == ["http1", "rest1", "rest2"]
    for once in ("GetRestApis", "GetApis", "ListFunctions"):
        assert aws.count(once) == 1


def test_a_line_cut_off_in_the_middle_is_read_again(aws: FakeAws, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path, watch=Watcher(2))
    done = tmp_path / ACCOUNT / "eu-west-1" / "done"
    done.write_text(done.read_text()[:-3])
    assert len(list(read(tmp_path).shelf(PLACE).states(RestApiState))) == 2


def test_what_was_read_is_read_again_unless_it_may_be_that_old(aws: FakeAws, tmp_path: Path) -> None:
    read(tmp_path, now=lambda: 1000.0)
    aws.calls.clear()
    aged = read(tmp_path, now=lambda: 1100.0, scope=Scope(max_age=200))
    assert aws.count("GetRestApis") == 0
    assert aged.places[0].read_at == 1000.0
    aws.rest.pop()
    fresh = read(tmp_path, now=lambda: 1300.0, scope=Scope(max_age=200))
    assert len(list(fresh.shelf(PLACE).states(RestApiState))) == 1


def test_a_half_that_is_too_old_is_thrown_away(aws: FakeAws, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path, watch=Watcher(2), now=lambda: 1000.0)
    aws.rest = [states.rest("new")]
    readings = read(tmp_path, now=lambda: 1000.0 + 2 * 3600)
    assert [each.id for each in readings.shelf(PLACE).states(RestApiState)] == ["new"]


def test_another_question_is_another_reading(aws: FakeAws, tmp_path: Path) -> None:
    one = read(tmp_path, scope=Scope(only=("rest2",)))
    assert [each.id for each in one.shelf(PLACE).states(RestApiState)] == ["rest2"]
    assert list(one.shelf(PLACE).states(HttpApiState)) == []
    # Its function is read for its permissions; the function's own URLs are another question.
    assert [each.urls for each in one.shelf(PLACE).states(FunctionState)] == [()]
    assert aws.count("ListFunctionUrlConfigs") == 0
    everything = read(tmp_path, scope=Scope(max_age=3600))
    assert len(list(everything.shelf(PLACE).states(RestApiState))) == 2


def test_what_another_may_see_is_read_anew(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.refuse["GetRoutes"] = [denied()]
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path, watch=Watcher(3))
    aws.refuse.clear()
    config = tmp_path / "config"
    config.write_text("[profile other]\naws_access_key_id = a\naws_secret_access_key = b\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert read(tmp_path, wanted=Wanted(profiles=("other",))).all_failures() == ()


def test_what_emulators_say_is_kept_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    emulated = default_root()
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert default_root() == emulated.parent
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:4566")
    assert default_root() != emulated.parent


def test_a_name_that_nothing_has_is_said(aws: FakeAws, tmp_path: Path) -> None:
    (failure,) = read(tmp_path, scope=Scope(only=("rest1", "nothing"))).all_failures()
    assert failure.message == "--api nothing: no API or function of that id, name or ARN was found"


def test_what_is_broken_off_makes_no_more_calls(aws: FakeAws, tmp_path: Path) -> None:
    aws.regions = tuple(f"eu-west-{n}" for n in range(1, 6))
    broken = reader(tmp_path, watch=Watcher(1), wanted=Wanted(all_regions=True))
    with pytest.raises(KeyboardInterrupt):
        broken.read()
    assert aws.count("ListFunctions") < 5


def test_only_the_owner_may_read_what_is_kept(aws: FakeAws, tmp_path: Path) -> None:
    read(tmp_path / "kept")
    folder = tmp_path / "kept" / ACCOUNT / "eu-west-1"
    assert folder.stat().st_mode & 0o077 == 0
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    assert all(each.stat().st_mode & 0o077 == 0 for each in files)


@pytest.mark.parametrize("name", ["*.example.com", "a/b", "..", "~2f", "é.example"])
def test_any_name_has_a_file_of_its_own(tmp_path: Path, name: str) -> None:
    shelf = Store(tmp_path).shelf(PLACE)
    for each in (name, "plain.example.com"):
        shelf.keep(f"domainnames/{each}", states.domain_state(each))
    assert {each.id for each in shelf.states(DomainState)} == {name, "plain.example.com"}
    assert shelf.state(DomainState, name) == states.domain_state(name)
    assert {each.parent.name for each in tmp_path.rglob("*.json")} == {"domainnames"}


def test_secrets_of_functions_are_not_kept() -> None:
    variables = {
        "ALLOWED_ORIGIN": "https://shop.example.com",
        "DB_PASSWORD": "hunter2",
        "CORS_TOKEN": "abc",
        "DATABASE_URL": "postgres://me:pass@db/x",
        "TABLE": "orders",
    }
    kept = without_secrets({"FunctionName": "f", "Environment": {"Variables": variables}, "KMSKeyArn": "k"})
    assert kept == {
        "FunctionName": "f",
        "Environment": {
            "Variables": {
                "ALLOWED_ORIGIN": "https://shop.example.com",
                "DB_PASSWORD": None,
                "CORS_TOKEN": None,
                "DATABASE_URL": None,
                "TABLE": None,
            }
        },
    }


def test_the_pace_is_kept_in_every_stretch_of_time() -> None:
    clock = Pretending()
    pace = Pace(clock, {"apigateway": {"*": Limit(10, 1.0), "GetResources": Limit(5, 2.0)}})
    made: dict[str, list[float]] = {"GetResources": [], "GetStages": []}
    for number in range(200):
        operation = "GetResources" if number % 3 else "GetStages"
        pace.wait("apigatewayv2" if number % 2 else "apigateway", operation)
        made[operation].append(clock.now())
        clock.sleep(0.013 * (number % 7))
    assert most_within([*made["GetResources"], *made["GetStages"]], 1.0) <= 10
    assert most_within(made["GetResources"], 2.0) == 5


def test_another_service_has_a_pace_of_its_own() -> None:
    clock = Pretending()
    pace = Pace(clock, {"apigateway": {"*": Limit(1, 10.0)}})
    for _ in range(5):
        pace.wait("sts", "GetCallerIdentity")
    assert clock.now() == 1000.0
