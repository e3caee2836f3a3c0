"""What cannot be written."""

from __future__ import annotations


class CannotSay(ValueError):  # noqa: N818 - it says what the front door cannot
    """A front door has no setting that says this policy. The message says why, and what to do instead."""
