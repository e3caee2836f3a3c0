"""Header names and values as functions return them, and whether they can be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from corsmith.api.value import Text, Undecided, Unknown

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


@lru_cache(maxsize=4096)
def is_name(name: str) -> bool:
    """Say whether `name` is a header name (RFC 9110, "token")."""
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def line_value(text: str) -> str | None:
    """Return `text` as it stands in a header line; None where it cannot: it holds a line break or NUL."""
    return None if "\n" in text or "\r" in text or "\0" in text else on_the_wire(text)


def line_of(value: Any, refuses: Callable[[], bool]) -> str | None:
    """Return a header value of any JSON type as it is sent; None where it cannot be.

    `refuses` says whether the front door refuses booleans and numbers; it is asked only where that decides.
    """
    if isinstance(value, str):
        return line_value(value)
    text = scalar_text(value)
    return None if text is None or refuses() else text


def on_the_wire(text: str) -> str:
    """Return `text` as UTF-8 bytes, one character per byte; surrounding blanks are no part of a header's value."""
    text = text.strip(" \t")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("latin-1")


def scalar_text(value: Any) -> str | None:
    """Return a JSON boolean or number as text: `true`, `86400`; None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


def declared_status(setting: Text) -> int:
    """Return a status that a template states. Raises `Undecided`, also for one that AWS refuses."""
    status = status_of(setting.get())
    if status is None:
        raise Undecided(Unknown(f"AWS refuses the status {setting.get()}", setting.span))
    return status


def status_of(value: Any) -> int | None:
    """Return a status given as a whole number or as its three digits, between 100 and 599; None for anything else."""
    if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 100 <= value <= 599 else None
