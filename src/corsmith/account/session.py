"""How AWS is reached: a session for each profile, role and account, and clients that wait rather than fail.

Clients are boto3's own, so everything that boto3 reads (profiles, SSO, environment variables, AWS_ENDPOINT_URL) holds here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from corsmith import __version__

from .waiting import Waiting

if TYPE_CHECKING:
    import boto3

MISSING = "reading an AWS account needs boto3, which is not installed; run: pip install 'corsmith[aws]'"
ATTEMPTS = 10
"""How often a call is tried. In boto3's adaptive mode each throttled answer also slows down the calls after it."""

_MAKING = threading.Lock()


class NotInstalled(Exception):  # noqa: N818 - it names a state
    """boto3 is not there. The message says how to get it."""


class Access(Struct, frozen=True, eq=False):
    """An account that can be called. `label` says how: "profile prod", "role arn:…", "default credentials"."""

    session: boto3.Session
    partition: str
    account: str
    label: str


def boto() -> Any:
    """Return the module boto3, loaded when it is needed. Raises `NotInstalled`."""
    try:
        import boto3
    except ImportError as error:
        raise NotInstalled(MISSING) from error
    return boto3


def nobody(sentence: str) -> None:
    """Hear nothing."""
    del sentence


def client(
    session: boto3.Session, service: str, region: str | None = None, tell: Callable[[str], None] = nobody
) -> Any:
    """Return a client of `service` ("apigateway", "lambda" …) in `region`.

    Throttled and failed calls are tried again in boto3's adaptive mode; where nobody answers, `tell` is given a sentence, and
    calls raise `corsmith.account.waiting.Silent` after some. Threads may share a session here: boto3's own are not made for
    it while a client is made.
    """
    with _MAKING:
        made = session.client(service, region_name=region or None, config=configured())
    Waiting(f"{service} in {made.meta.region_name}", tell).listen(made)
    return made


def configured() -> Any:
    """Return how boto3 is to call: how often, and how long it waits."""
    from botocore.config import Config

    return Config(
        retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
        user_agent_extra=f"corsmith/{__version__}",
        connect_timeout=10,
        read_timeout=60,
        max_pool_connections=10,
    )
