"""What can go wrong with a real browser, apart from its verdict."""

from __future__ import annotations


class BrowserError(Exception):
    """A real browser could not do the job. The message is a sentence for people, and says what to do."""


class BrowserMissingError(BrowserError):
    """The browser, or the Python package that drives it, is not installed."""
