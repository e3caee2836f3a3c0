"""Drift: what an account holds beside what the project in a folder would deploy."""

from __future__ import annotations

DRIFT = "account-differs-from-project"
"""The id of findings about drift."""
