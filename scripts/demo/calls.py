"""The calls that the shop's page makes, as the example's calls.json lists them."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec import Struct


class Call(Struct, frozen=True):
    """One `fetch()` of the page. `meets`: "success", or how it is to fail: "error", "unauthorized".

    `status` is what the function or front door answers, 0 where any success will do.
    """

    origin: str
    api: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    credentials: bool = False
    body: str | None = None
    meets: str = "success"
    status: int = 0

    @property
    def label(self) -> str:
        """Return "POST /orders (401)"; a Function URL's path says nothing, so its name stands there."""
        path = self.path.split("?")[0] if self.path != "/" else f"/ {self.api.removesuffix('FunctionUrl')}"
        return f"{self.method} {path}" + (f" ({self.status})" if self.status else "")

    def flags(self) -> list[str]:
        """Return the caller's flags of the command line."""
        flags = ["--origin", self.origin, "--method", self.method]
        for name, value in self.headers:
            flags += ["--header", f"{name}: {value}"]
        return [*flags, "--credentials"] if self.credentials else flags


def load(file: Path) -> tuple[Call, ...]:
    """Return the calls of `file`."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Call(
            origin=data["origin"],
            api=call["api"],
            method=call["method"],
            path=call["path"],
            headers=tuple(call.get("headers", {}).items()),
            credentials=call.get("credentials", False),
            body=json.dumps(call["body"]) if "body" in call else None,
            meets=call.get("meets", "success"),
            status=call.get("status", 0),
        )
        for call in data["calls"]
    )
