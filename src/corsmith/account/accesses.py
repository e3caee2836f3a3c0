"""Whom to ask: a session for each profile and role, or for each account of an Organization; and in which Regions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .asking import Asking, Stopped
from .pace import Pace
from .session import Access, boto, client
from .snapshot import Failure, Place

if TYPE_CHECKING:
    import boto3

_HOME = "us-east-1"
"""Where accounts are asked about themselves if no Region is configured."""


class Wanted(Struct, frozen=True):
    """What the flags name. `organization` is the role to assume in each account of the Organization, "" for none."""

    profiles: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    organization: str = ""
    regions: tuple[str, ...] = ()
    all_regions: bool = False


def accesses(wanted: Wanted, pace: Pace, failures: list[Failure]) -> tuple[Access, ...]:
    """Return how each account is reached, each account once; what cannot be reached is among `failures`.

    Raises `corsmith.account.session.NotInstalled`.
    """
    boto3 = boto()
    found: dict[str, Access] = {}
    for profile in wanted.profiles or (None,):
        label = f"profile {profile}" if profile else "the default credentials"
        base = _tried(partial(boto3.Session, profile_name=profile), label, failures)
        if base is None:
            continue
        if wanted.roles:
            reached: Iterable[Access | None] = (
                _known(_assumed(base, role, failures), f"role {role}", failures) for role in wanted.roles
            )
        else:
            own = _known(base, label, failures)
            reached = (own,) if not wanted.organization or own is None else _members(own, wanted, pace, failures)
        for access in reached:
            if access is not None:
                found.setdefault(access.account, access)
    return tuple(found.values())


def regions_of(access: Access, wanted: Wanted, pace: Pace, failures: list[Failure]) -> tuple[str, ...]:
    """Return the Regions to read in an account; () where none is named and none configured.

    All Regions are those that are enabled for the account; where AWS does not say which, all that boto3 knows.
    """
    if not wanted.all_regions:
        configured = access.session.region_name
        named = tuple(dict.fromkeys(wanted.regions)) or ((configured,) if configured else ())
        return tuple(name for name in named if _exists(access, name, failures))
    asking = Asking(access, Place(access.partition, access.account, access.session.region_name or _HOME), pace)
    try:
        answer = asking.one("ec2", "DescribeRegions", f"account {access.account}")
    except Stopped as stopped:
        failures.append(stopped.failure)
        return ()
    if answer is not None:
        return tuple(sorted(str(each["RegionName"]) for each in answer.get("Regions") or ()))
    failures += asking.failures
    return tuple(access.session.get_available_regions("apigateway", partition_name=access.partition))


def _exists(access: Access, region: str, failures: list[Failure]) -> bool:
    """Say whether boto3 knows a Region; calls to one that there is not take minutes to fail."""
    known = access.session.get_available_regions("apigateway", partition_name=access.partition)
    if region in known:
        return True
    close = difflib.get_close_matches(region, known, 1)
    meant = f"; is {close[0]} meant?" if close else "; a newer boto3 may know it"
    message = f"boto3 knows no Region {region} in the partition {access.partition}{meant}"
    failures.append(Failure("", f"account {access.account}", "", message))
    return False


def _members(own: Access, wanted: Wanted, pace: Pace, failures: list[Failure]) -> Iterator[Access | None]:
    """Yield the active accounts of the Organization; the account that asks is reached as it is."""
    asking = Asking(own, Place(own.partition, own.account, own.session.region_name or _HOME), pace)
    try:
        listed = tuple(asking.every("organizations", "ListAccounts", f"the Organization of {own.account}", "Accounts"))
    except Stopped as stopped:
        failures.append(stopped.failure)
        return
    failures += asking.failures
    for account in listed:
        id_ = str(account.get("Id"))
        if account.get("Status") != "ACTIVE":
            continue
        if id_ == own.account:
            yield own
            continue
        role = f"arn:{own.partition}:iam::{id_}:role/{wanted.organization}"
        yield _known(_assumed(own.session, role, failures), f"role {role}", failures)


def _assumed(base: boto3.Session, role: str, failures: list[Failure]) -> boto3.Session | None:
    """Return a session of a role. Its credentials are renewed before they expire, however long the reading takes."""

    def make() -> Any:
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
        from botocore.exceptions import NoCredentialsError
        from botocore.session import Session

        own = base.get_credentials()
        if own is None:
            raise NoCredentialsError
        core = base._session
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=partial(core.create_client, region_name=base.region_name or _HOME),
            source_credentials=own,
            role_arn=role,
            extra_args={"RoleSessionName": "corsmith"},
        )
        made = Session()
        made._credentials = DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return boto().Session(botocore_session=made, region_name=base.region_name)

    return _tried(make, f"role {role}", failures)


def _known(session: boto3.Session | None, label: str, failures: list[Failure]) -> Access | None:
    """Return a session with the account that it is for."""
    if session is None:
        return None

    def ask() -> Access:
        told = client(session, "sts", session.region_name or _HOME).get_caller_identity()
        return Access(session, str(told["Arn"]).split(":")[1], str(told["Account"]), label)

    known: Access | None = _tried(ask, label, failures)
    return known


def _tried(make: Callable[[], Any], label: str, failures: list[Failure]) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return make()
    except ClientError as error:
        told = error.response.get("Error", {})
        code = str(told.get("Code", ""))
        message = f"{label} cannot be used: {told.get('Message') or code} ({code})"
        failures.append(Failure(f"sts:{error.operation_name}", label, code, message))
    except BotoCoreError as error:
        failures.append(Failure("sts:GetCallerIdentity", label, "", f"{label} cannot be used: {error}"))
    return None
