"""What every test of accounts needs: credentials that open nothing, and no word to the world outside."""

from __future__ import annotations

import os
from functools import cache

import boto3
import pytest
from botocore.loaders import JSONFileLoader

# LocalStack is another half gigabyte: one of the longer runs.
collect_ignore = [] if os.environ.get("CORSMITH_LOCALSTACK") else ["test_apply_localstack.py"]

_LOADER = JSONFileLoader()
_loaded = cache(JSONFileLoader._load_file)


@pytest.fixture(autouse=True)
def _closed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let boto3 find nothing of this machine's own configuration, and send nothing to AWS by mistake."""
    # Service models are large: they are read once for all sessions.
    monkeypatch.setattr(JSONFileLoader, "_load_file", lambda self, path, open_: _loaded(_LOADER, path, open_))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    nowhere = tmp_path_factory.mktemp("aws")
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(nowhere / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(nowhere / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDTEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("XDG_CACHE_HOME", str(nowhere / "cache"))
