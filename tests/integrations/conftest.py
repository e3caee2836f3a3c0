"""The test with a CDK app is one of the longer runs: it needs half a gigabyte, which CORSMITH_CDK names or has installed."""

from __future__ import annotations

import os

collect_ignore = [] if os.environ.get("CORSMITH_CDK") else ["test_cdk.py"]
