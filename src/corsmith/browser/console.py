"""What browsers print on their consoles: one module for each of them (`messages/`)."""

from __future__ import annotations

from .messages.chromium import chromium_text
from .messages.firefox import firefox_text
from .messages.safari import safari_text
from .verdict import Verdict


def console(verdict: Verdict) -> str | None:
    """Return what the verdict's browser prints about the block, None where it prints nothing.

    The letter of the standard, and the model, speak as Chromium does; the model as Firefox where that one blocks alone.
    """
    failure = verdict.failure
    if failure is None:
        return None
    speaker = verdict.decided_by or verdict.profile
    if speaker == "firefox":
        return firefox_text(verdict, failure)
    return safari_text(verdict, failure) if speaker == "webkit" else chromium_text(verdict, failure)
