"""The origins that a project declares, read as their owner meant them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from corsmith.api.cloudfront import CloudFront
from corsmith.api.model import Api
from corsmith.gateways import base_url

STAND_IN = "https://app.example.com"
"""The page's origin where a project declares none."""

_HOST = re.compile(r"^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+)(:\d+)?$")


def meant(text: str) -> str | None:
    """Return the origin that `text` stands for, None where it stands for none, such as `*`.

    Quotes, a path and a trailing slash are stripped, a default port too; a bare host gets `https://` (`http://` on
    localhost).
    """
    bare = text.strip().strip("'\"").strip().lower()
    if "://" not in bare:
        if not _HOST.match(bare.split("/")[0]):
            return None
        bare = ("http://" if bare.startswith("localhost") else "https://") + bare
    parts = urlsplit(bare)
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not re.match(r"^[a-z0-9.\-:]+$", parts.hostname):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, default) else "")


def pages_of(distribution: CloudFront) -> tuple[str, ...]:
    """Return the origin of the pages that a distribution serves itself; nothing where it leads to front doors only."""
    serves = any(behavior.target is None for behavior in distribution.behaviors)
    return (base_url(distribution),) if serves else ()


def declared(api: Api) -> tuple[str, ...]:
    """Return the origins that the project declares anywhere, each once; one stand-in where it declares none."""
    return named(api) or (STAND_IN,)


def named(api: Api) -> tuple[str, ...]:
    """Return the origins that the project declares anywhere, each once; nothing where it declares none."""
    found: dict[str, None] = {}
    for each in api.declared_origins:
        for part in each.text.split(","):
            origin = meant(part)
            if origin is not None:
                found.setdefault(origin)
    return tuple(found)
