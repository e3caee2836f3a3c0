"""What an address of the local gateway leads to: the path without its stage, and what takes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from corsmith.api.front_door import HttpProxy
from corsmith.api.model import FrontDoor
from corsmith.api.rest_api import Mapped
from corsmith.api.value import Known, Undecided
from corsmith.gateways import match
from corsmith.gateways.address import stage_name


def inner_path(front_door: FrontDoor, url: str) -> str:
    """Return the path as the front door's routes name it, without stage and query."""
    path = urlsplit(url).path or "/"
    for stage in getattr(front_door, "stages", ()):
        prefix = f"/{stage_name(stage)}"
        if path == prefix or path.startswith(f"{prefix}/"):
            return path.removeprefix(prefix) or "/"
    return path


def elsewhere(front_door: FrontDoor, method: str, url: str) -> str:
    """Return what server other than a function takes the request, "" where none does."""
    try:
        integration: Any = getattr(match(front_door, method, inner_path(front_door, url)), "integration", None)
    except Undecided:
        return ""
    if isinstance(integration, HttpProxy):
        return integration.uri.value if isinstance(integration.uri, Known) else "another HTTP server"
    is_service = isinstance(integration, Mapped) and not isinstance(integration.function, Known)
    return "an AWS service or another HTTP server" if is_service else ""
