"""Whom an audit asks: profiles, roles, the accounts of an Organization, and in which Regions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corsmith.account.accesses import Reaching, Wanted, accesses, regions_of
from corsmith.account.audit import Reader
from corsmith.account.pace import Pace
from corsmith.account.read import Scope
from corsmith.account.snapshot import Failure, Place, RestApiState
from corsmith.account.store import Store

from . import states
from .large import Nobody, Pretending
from .reading_aws import ACCOUNT, FakeAws, denied, serving

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    world = FakeAws()
    world.accounts = [
        {"Id": id_, "Status": status}
        for id_, status in ((ACCOUNT, "ACTIVE"), (ONE, "ACTIVE"), (TWO, "ACTIVE"), (THREE, "SUSPENDED"))
    ]
    with serving(world) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield world


def reached(wanted: Wanted) -> tuple[list[str], list[Failure]]:
    failures: list[Failure] = []
    found = accesses(wanted, Reaching(Pace(Pretending()), failures))
    return [each.account for each in found], failures


def test_the_default_credentials(aws: FakeAws) -> None:
    assert reached(Wanted()) == ([ACCOUNT], [])


def test_profiles_of_one_account_are_read_once(aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = "aws_access_key_id = a\naws_secret_access_key = b\nregion = eu-west-1\n"
    config = tmp_path / "config"
    config.write_text(f"[profile one]\n{keys}[profile two]\n{keys}")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert reached(Wanted(profiles=("one", "two"))) == ([ACCOUNT], [])


def test_roles_are_assumed(aws: FakeAws) -> None:
    roles = tuple(f"arn:aws:iam::{id_}:role/Reader" for id_ in (ONE, TWO))
    assert reached(Wanted(roles=roles)) == ([ONE, TWO], [])


def test_a_role_that_nobody_may_assume_is_said_and_the_others_are_reached(aws: FakeAws) -> None:
    aws.closed = frozenset((ONE,))
    found, (failure,) = reached(Wanted(roles=tuple(f"arn:aws:iam::{id_}:role/Reader" for id_ in (ONE, TWO))))
    assert found == [TWO]
    assert failure.message.startswith(f"role arn:aws:iam::{ONE}:role/Reader cannot be used: not authorized")


def test_the_active_accounts_of_an_organization(aws: FakeAws) -> None:
    aws.page = 2
    found, failures = reached(Wanted(organization="Reader"))
    assert (found, failures) == ([ACCOUNT, ONE, TWO], [])
    # The account that asks is reached as it is; the others by the role that each of them has.
    assert [given["RoleArn"][0] for name, given in aws.calls if name == "AssumeRole"] == [
        f"arn:aws:iam::{id_}:role/Reader" for id_ in (ONE, TWO)
    ]


def test_an_organization_that_may_not_be_listed(aws: FakeAws) -> None:
    aws.refuse["ListAccounts"] = [denied()]
    found, (failure,) = reached(Wanted(organization="Reader"))
    assert found == []
    assert failure.operation == "organizations:ListAccounts"


def test_regions(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    aws.regions = ("us-east-1", "eu-west-1")
    failures: list[Failure] = []
    how = Reaching(Pace(Pretending()), failures)
    (access,) = accesses(Wanted(), how)
    assert regions_of(access, Wanted(), how) == ("eu-west-1",)
    named = Wanted(regions=("eu-west-2", "us-east-1", "eu-west-2"))
    assert regions_of(access, named, how) == ("eu-west-2", "us-east-1")
    assert regions_of(access, Wanted(all_regions=True), how) == ("eu-west-1", "us-east-1")
    assert failures == []


def test_a_region_that_there_is_not(aws: FakeAws) -> None:
    failures: list[Failure] = []
    how = Reaching(Pace(Pretending()), failures)
    (access,) = accesses(Wanted(), how)
    assert regions_of(access, Wanted(regions=("eu-wset-1", "eu-west-1")), how) == ("eu-west-1",)
    (failure,) = failures
    assert failure.message == "boto3 knows no Region eu-wset-1 in the partition aws; is eu-west-1 meant?"


def test_a_role_without_credentials_to_assume_it_by(aws: FakeAws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    found, (failure,) = reached(Wanted(roles=(f"arn:aws:iam::{ONE}:role/Reader",)))
    assert found == []
    assert "Unable to locate credentials" in failure.message


def test_each_account_is_read_with_its_own_credentials(aws: FakeAws, tmp_path: Path) -> None:
    aws.rest = [states.rest("rest1")]
    wanted = Wanted(organization="Reader", regions=("eu-west-1", "eu-west-2"))
    readings = Reader(wanted, Store(tmp_path), Scope(), Nobody(), frozenset(), Pretending()).read()
    assert readings.all_failures() == ()
    places = [Place("aws", id_, region) for id_ in (ACCOUNT, ONE, TWO) for region in ("eu-west-1", "eu-west-2")]
    assert [each.place for each in readings.places] == places
    for place in places:
        (state,) = readings.shelf(place).states(RestApiState)
        assert state.arn == f"arn:aws:apigateway:{place.region}::/restapis/rest1"


def test_a_sign_in_that_ran_out_says_what_to_type(
    aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "[profile prod]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = Reader\nregion = eu-west-1\n"
        "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://work.awsapps.example/start\n"
        "sso_registration_scopes = sso:account:access\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    found, (failure,) = reached(Wanted(profiles=("prod",)))
    assert found == []
    assert failure.message.startswith("profile prod cannot be used: ")
    assert failure.message.endswith("; sign in again: aws sso login --profile prod")


def test_credentials_that_ran_out_are_told(aws: FakeAws) -> None:
    aws.expired = True
    found, (failure,) = reached(Wanted())
    assert found == []
    assert "(ExpiredToken); get new ones: they were good for a time only" in failure.message


def test_several_profiles_and_roles_in_every_enabled_region(
    aws: FakeAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "".join(
            f"[profile {name}]\naws_access_key_id = ASIA{account}\naws_secret_access_key = x\nregion = eu-west-1\n"
            for name, account in (("one", ONE), ("two", TWO))
        )
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    aws.regions, aws.disabled = ("af-south-1", "eu-west-1", "us-east-1"), frozenset(("af-south-1",))
    aws.http = [states.http("http1", cors=states.GOOD_CORS)]
    wanted = Wanted(profiles=("one", "two"), all_regions=True)
    readings = Reader(wanted, Store(tmp_path), Scope(), Nobody(), frozenset(), Pretending()).read()
    assert {(each.place.account, each.place.region) for each in readings.places} == {
        (account, region) for account in (ONE, TWO) for region in aws.regions
    }
    failures = [each.message for each in readings.all_failures()]
    assert len(failures) == 2
    assert all("af-south-1 is not enabled for account" in each for each in failures)
    assert len(list(readings.units())) == 4
