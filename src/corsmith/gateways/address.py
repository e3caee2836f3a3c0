"""Where a front door is reached, and which stage an address names.

The default address is AWS's: the stage is the path's first segment (none for `$default`). Any other host is a custom
domain when a stage has a base path: then the longest base path decides, and the stage's name is no part of the path.
Loopback hosts, and other hosts of a front door without base paths, are treated as the default address: the local
gateway serves `http://127.0.0.1:3000/Prod/items` like AWS serves `https://….amazonaws.com/Prod/items`.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from corsmith.api.front_door import Stage
from corsmith.api.value import Known, OneOf

from .call import Call

REGION = "us-east-1"
ACCOUNT = "123456789012"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class Place(NamedTuple):
    """The stage that an address names. `prefix` is the part of the path before `path`: the stage or the base path."""

    stage: Stage
    name: str
    prefix: str
    path: str
    custom_domain: bool = False


@lru_cache(maxsize=4096)
def identifier(name: str, length: int = 10) -> str:
    """Return an API id like AWS's for a logical name, always the same one; `length` up to 32 characters."""
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in sha256(name.encode()).digest()[:length])


@lru_cache(maxsize=1024)
def api_host(name: str) -> str:
    """Return the default host of a REST or HTTP API."""
    return f"{identifier(name)}.execute-api.{REGION}.amazonaws.com"


def stage_name(stage: Stage) -> str:
    """Return the stage's name; a stand-in where it is not known, because no answer depends on it."""
    name = stage.name
    if isinstance(name, Known):
        return name.value
    return name.options[0].value if isinstance(name, OneOf) and name.options else "stage"


def locate(stages: tuple[Stage, ...], call: Call) -> Place | None:
    """Return the stage that `call` is for, or None where no stage answers."""
    wanted = call.circumstances.stage
    if wanted is not None:
        return next((Place(each, wanted, "", call.path) for each in stages if stage_name(each) == wanted), None)
    if not at_default_address(call.host) and any(stage.base_paths for stage in stages):
        return _mapped(stages, call.path)
    return _named(stages, call.path)


@lru_cache(maxsize=1024)
def at_default_address(host: str) -> bool:
    """Say whether `host` is an address of AWS's own, or loopback."""
    bare = host.lower()
    if bare.startswith("[::1]"):
        return True
    bare = bare.partition(":")[0]
    return bare.endswith((".amazonaws.com", ".localhost")) or bare.startswith("127.") or bare == "localhost"


def _named(stages: tuple[Stage, ...], path: str) -> Place | None:
    first, slash, rest = path[1:].partition("/")
    unnamed = None
    for stage in stages:
        name = stage_name(stage)
        if name == first:
            return Place(stage, name, f"/{name}", slash + rest or "/")
        if name == "$default":
            unnamed = Place(stage, name, "", path)
    return unnamed


def _mapped(stages: tuple[Stage, ...], path: str) -> Place | None:
    bases = sorted(
        ((base.get().strip("/"), at) for at, stage in enumerate(stages) for base in stage.base_paths),
        key=lambda each: -len(each[0]),
    )
    for base, at in bases:
        prefix = f"/{base}" if base else ""
        if path == prefix or path.startswith(f"{prefix}/"):
            stage = stages[at]
            return Place(stage, stage_name(stage), prefix, path[len(prefix) :] or "/", custom_domain=True)
    return None
