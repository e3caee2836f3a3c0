"""The front doors, by their type."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from corsmith.api.exchange import Request
from corsmith.api.model import FrontDoor

from .asks import Answered, Ask, Told
from .assumptions import WORKING, Assumptions
from .circumstances import NORMAL, Circumstances


def answer(
    front_door: FrontDoor,
    request: Request,
    circumstances: Circumstances = NORMAL,
    assumptions: Assumptions = WORKING,
) -> Generator[Ask, Told, Answered]:
    """Return the response that `front_door` gives to `request`, asking the driver where a function or caller decides.

    Raises `corsmith.api.value.Undecided` where the answer depends on a setting that is not known.
    """
    raise NotImplementedError
    yield


def base_url(front_door: FrontDoor, stage: str | None = None) -> str:
    """Return the address AWS would give `front_door`, without a trailing slash: `https://host[/stage]`."""
    raise NotImplementedError


def match(front_door: FrontDoor, method: str, path: str) -> Any | None:
    """Return the declared route or method that takes `method` on `path` (no stage prefix), or None."""
    raise NotImplementedError
