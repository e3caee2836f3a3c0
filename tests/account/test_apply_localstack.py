"""The accounts that ministack cannot hold, in LocalStack: a third emulator, with other gaps, behind the real boto3.

CORSMITH_LOCALSTACK names where LocalStack 4.14 answers ("http://127.0.0.1:4566"), or a Python that has `localstack-core`,
which is then started on a free port. What LocalStack lacks (HTTP APIs, CloudFront) an empty account of these tests answers.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .fake_aws.server import FakeAws, serving
from .faulty_accounts import FAULTY, Clients, Faulty
from .mended import mended_and_put_back
from .servers import localstack
from .test_apply_ministack import NOT_HERE

WANTED = os.environ["CORSMITH_LOCALSTACK"]
HERE = tuple(each for each in FAULTY if each.id in NOT_HERE and not each.id.startswith("httpapi-"))


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if WANTED.startswith("http"):
        yield WANTED
        return
    with localstack(WANTED, tmp_path_factory.mktemp("localstack")) as address:
        yield address


@pytest.fixture(scope="module")
def empty() -> Iterator[str]:
    with serving(FakeAws()) as aws:
        yield aws.url


@pytest.mark.parametrize(("number", "faulty"), list(enumerate(HERE)), ids=lambda each: getattr(each, "id", ""))
def test_mended_and_put_back(
    number: int, faulty: Faulty, emulated: str, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = f"{200_000_000_000 + os.getpid() * 100 + number}"
    for service in ("APIGATEWAYV2", "CLOUDFRONT"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", empty)
    mended_and_put_back(faulty, Clients(emulated, account), tmp_path, monkeypatch)


def test_all_but_two_are_held_by_an_emulator() -> None:
    assert len(HERE) == len(NOT_HERE) - 2
