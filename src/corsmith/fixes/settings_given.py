"""What was checked: a function's environment, and the origins that its responses allow under it."""

from __future__ import annotations

import re

from msgspec import Struct

from corsmith.api.value import Known, Text
from corsmith.api.wanted import Wanted

_SAYS_SO = re.compile(r"origin|cors", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Given(Struct, frozen=True):
    """A function's environment variables, and what its responses send as allowed origin: None for what is not known."""

    environment: tuple[tuple[str, Text], ...] = ()
    sent: frozenset[str | None] = frozenset()

    def variable(self, name: str, default: str | None) -> str | None:
        """Return the value of an environment variable, `default` where nobody sets it; None where it is not known."""
        values = [value for each, value in self.environment if each == name]
        if not values:
            return default
        return values[-1].value if isinstance(values[-1], Known) else None

    def serves(self, value: str | None, wanted: Wanted) -> bool:
        """Say whether a response that sends what others send, `value` where it could be worked out, is the wanted one."""
        if value is None:
            return len(self.sent) == 1 and self.sent <= set(wanted.origins)
        return value in wanted.origins or (value == "*" and not wanted.credentials)

    def holding_origin(self, wanted: Wanted) -> tuple[str, ...]:
        """Return the variable that holds a wanted origin: the one whose name says so, else the only one; none otherwise."""
        names = [
            name
            for name, value in self.environment
            if isinstance(value, Known) and value.value in wanted.origins and _NAME.fullmatch(name)
        ]
        named = [name for name in names if _SAYS_SO.search(name)]
        return tuple(named[:1]) if named else tuple(names) if len(names) == 1 else ()


NOTHING_GIVEN = Given()


def wanted_of(headers: tuple[tuple[str, str], ...]) -> Wanted:
    """Return the origin that `headers` allow, and whether with credentials."""
    said = dict(headers)
    origin = said.get("Access-Control-Allow-Origin", "*")
    credentials = "Access-Control-Allow-Credentials" in said
    return Wanted((origin,) if origin != "*" else (), (), (), credentials)


class Reused(Struct, frozen=True):
    """An expression for the allowed origin, as code; and those of Allow-Credentials and Vary that stand beside it."""

    origin: str
    beside: tuple[tuple[str, str], ...] = ()
    needs_os: bool = False
    """The module has to import `os` for it."""
