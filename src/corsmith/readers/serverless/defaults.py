"""What Serverless 3 sets where a service says nothing."""

from __future__ import annotations

RUNTIME = "nodejs16.x"
TIMEOUT = "6"
"""Seconds."""
HEADERS = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)  # fmt: skip
"""The request headers that `cors: true` allows; those of a Function URL lack X-Amz-User-Agent."""
