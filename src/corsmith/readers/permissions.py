"""Which functions API Gateway may invoke: the grants of a template, matched to methods and paths."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corsmith.api.value import Known, Unknown, Value

_VARIABLE = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True, slots=True)
class Grant:
    """A function's permission for API Gateway. `api` None: any. `method` and `path` are patterns, `*` for any run.

    `path` begins with "/"; "" stands for no path at all. Unknown: the template does not say what it covers.
    """

    function: str
    api: str | None
    method: str = "*"
    path: str = "*"
    known: bool = True


def permitted(grants: tuple[Grant, ...], function: str, api: str, method: str, path: str) -> Value[bool]:
    """Say whether one of `grants` lets `api` invoke `function` for `method` ("ANY" for all) and `path`."""
    asked = "/" if path == "/" else _VARIABLE.sub("*", path).rstrip("/")
    asked = "" if path == "$default" else asked
    verb = "*" if method == "ANY" else method
    unsure = False
    for grant in grants:
        if grant.function != function or grant.api not in (None, api):
            continue
        if not grant.known:
            unsure = True
            continue
        if _covers(grant.method, verb) and _covers(grant.path.rstrip("/") or grant.path, asked):
            return Known(True)
    return Unknown(f"what the permission of {function} covers is not known") if unsure else Known(False)


def _covers(pattern: str, asked: str) -> bool:
    if pattern in ("*", "/*"):
        return True
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), asked) is not None
