"""Whom to ask: a session for each profile and role, or for each account of an Organization; and in which Regions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from .asking import Asking, Stopped
from .pace import Pace
from .session import Access, boto, client, configured, nobody
from .snapshot import Failure, Place
from .waiting import Silent, Waiting

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


class Reaching(Struct, frozen=True):
    """How accounts are reached: at what pace; `failures` takes what went wrong, `tell` sentences for whoever waits."""

    pace: Pace
    failures: list[Failure]
    tell: Callable[[str], None] = nobody


def accesses(wanted: Wanted, how: Reaching) -> tuple[Access, ...]:
    """Return how each account is reached, each account once.

    Raises `corsmith.account.session.NotInstalled`.
    """
    boto3 = boto()
    found: dict[str, Access] = {}
    for profile in wanted.profiles or (None,):
        label = f"profile {profile}" if profile else "the default credentials"
        base = _tried(partial(boto3.Session, profile_name=profile), label, how)
        if base is None:
            continue
        if wanted.roles:
            reached: Iterable[Access | None] = (
                _known(_assumed(base, role, how), f"role {role}", how) for role in wanted.roles
            )
        else:
            own = _known(base, label, how)
            reached = (own,) if not wanted.organization or own is None else _members(own, wanted, how)
        for access in reached:
            if access is not None:
                found.setdefault(access.account, access)
    return tuple(found.values())


def regions_of(access: Access, wanted: Wanted, how: Reaching) -> tuple[str, ...]:
    """Return the Regions to read in an account; () where none is named and none configured.

    All Regions are those that are enabled for the account; where AWS does not say which, all that boto3 knows.
    """
    if not wanted.all_regions:
        configured = access.session.region_name
        named = tuple(dict.fromkeys(wanted.regions)) or ((configured,) if configured else ())
        return tuple(name for name in named if _exists(access, name, how.failures))
    home = Place(access.partition, access.account, access.session.region_name or _HOME)
    asking = Asking(access, home, how.pace, tell=how.tell)
    try:
        answer = asking.one("ec2", "DescribeRegions", f"account {access.account}")
    except Stopped as stopped:
        how.failures.append(stopped.failure)
        return ()
    if answer is not None:
        return tuple(sorted(str(each["RegionName"]) for each in answer.get("Regions") or ()))
    how.failures.extend(asking.failures)
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


def _members(own: Access, wanted: Wanted, how: Reaching) -> Iterator[Access | None]:
    """Yield the active accounts of the Organization; the account that asks is reached as it is."""
    home = Place(own.partition, own.account, own.session.region_name or _HOME)
    asking = Asking(own, home, how.pace, tell=how.tell)
    try:
        listed = tuple(asking.every("organizations", "ListAccounts", f"the Organization of {own.account}", "Accounts"))
    except Stopped as stopped:
        how.failures.append(stopped.failure)
        return
    how.failures.extend(asking.failures)
    for account in listed:
        id_ = str(account.get("Id"))
        if account.get("Status") != "ACTIVE":
            continue
        if id_ == own.account:
            yield own
            continue
        role = f"arn:{own.partition}:iam::{id_}:role/{wanted.organization}"
        yield _known(_assumed(own.session, role, how), f"role {role}", how)


def _assumed(base: boto3.Session, role: str, how: Reaching) -> boto3.Session | None:
    """Return a session of a role. Its credentials are renewed before they expire, however long the reading takes."""

    def make() -> Any:
        from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
        from botocore.exceptions import NoCredentialsError
        from botocore.session import Session

        own = base.get_credentials()
        if own is None:
            raise NoCredentialsError
        core = base._session

        def sts(service: str, **given: Any) -> Any:
            region = base.region_name or _HOME
            asked = core.create_client(service, **{"region_name": region, "config": configured(), **given})
            Waiting(f"{service} in {region}", how.tell).listen(asked)
            return asked

        fetcher = AssumeRoleCredentialFetcher(
            client_creator=sts,
            source_credentials=own,
            role_arn=role,
            extra_args={"RoleSessionName": "corsmith"},
        )
        made = Session()
        made._credentials = DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )
        return boto().Session(botocore_session=made, region_name=base.region_name)

    made: boto3.Session | None = _tried(make, f"role {role}", how)
    return made


def _known(session: boto3.Session | None, label: str, how: Reaching) -> Access | None:
    """Return a session with the account that it is for."""
    if session is None:
        return None

    def ask() -> Access:
        told = client(session, "sts", session.region_name or _HOME, how.tell).get_caller_identity()
        return Access(session, str(told["Arn"]).split(":")[1], str(told["Account"]), label)

    known: Access | None = _tried(ask, label, how)
    return known


def _tried(make: Callable[[], Any], label: str, how: Reaching) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return make()
    except ClientError as error:
        told = error.response.get("Error", {})
        code = str(told.get("Code", ""))
        message = f"{label} cannot be used: {told.get('Message') or code} ({code}){_advice(label, error, code)}"
        how.failures.append(Failure(f"sts:{error.operation_name}", label, code, message))
    except (BotoCoreError, Silent) as error:
        message = f"{label} cannot be used: {str(error).strip()}{_advice(label, error, '')}"
        how.failures.append(Failure("sts:GetCallerIdentity", label, "", message))
    return None


_EXPIRED = frozenset(("ExpiredToken", "ExpiredTokenException", "RequestExpired"))


def _advice(label: str, error: Exception, code: str) -> str:
    """Return what to type where a sign-in ran out, as the end of a sentence."""
    from botocore.exceptions import LoginError, SSOError, TokenRetrievalError

    kind, _, name = label.partition(" ")
    named = f" --profile {name}" if kind == "profile" else ""
    if isinstance(error, SSOError | TokenRetrievalError):
        return f"; sign in again: aws sso login{named}"
    if isinstance(error, LoginError):
        return f"; sign in again: aws login{named}"
    return "; get new ones: they were good for a time only" if code in _EXPIRED else ""
