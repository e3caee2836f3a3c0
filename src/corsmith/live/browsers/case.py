"""A case, prepared to be judged: its URLs, what the server answers at each hop, what the page is to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

DEFAULT_BASE = "https://api.example.net"
PAGE_PATH = "/__page"
CASE_PATH = "/c/"

Case = Mapping[str, Any]
"""A case in the recorded format: `origin`, `base`, `request`, `preflight`, `response`, `hops`."""

Answer = Mapping[str, Any]
"""What the server answers: `status` and `headers`, or `close`."""

_NO_PREFLIGHT: Answer = {"status": 404, "headers": []}
_KEPT = ("access-control-request-method", "access-control-request-headers", "content-type", "authorization", "range")


class Hop(Struct, frozen=True):
    """One URL of a case, and its two answers."""

    url: str
    preflight: Answer
    response: Answer


class Prepared(Struct, frozen=True):
    """A case under a key that no other case of this browser has. `wire` fills while the browser works."""

    key: str
    origin: str
    hops: tuple[Hop, ...]
    request: Mapping[str, Any]
    wire: list[dict[str, Any]] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """The part of the case's URLs that is in no other case's."""
        return f"{CASE_PATH}{self.key}/"

    @property
    def job(self) -> dict[str, Any]:
        """What the page's script is told to do."""
        return {**self.request, "url": self.hops[0].url}


def prepare(case: Case, key: str) -> Prepared:
    """Give a case its URLs, and fill `{next}`, `{self}` and `{origin}` into the Location headers."""
    given = case.get("hops") or [case]
    urls = [
        f"{hop.get('base') or (case.get('base') if at == 0 else None) or DEFAULT_BASE}{CASE_PATH}{key}/{at}"
        for at, hop in enumerate(given)
    ]
    hops = tuple(
        Hop(
            url,
            _filled(hop.get("preflight") or _NO_PREFLIGHT, following, url, case["origin"]),
            _filled(hop["response"], following, url, case["origin"]),
        )
        for hop, url, following in zip(given, urls, [*urls[1:], urls[-1]], strict=True)
    )
    return Prepared(key, case["origin"], hops, case["request"])


def wire_entry(hop: int, method: str, header: Mapping[str, str]) -> dict[str, Any]:
    """Return what is recorded of a request that the server saw."""
    kept = {name: header[name] for name in (*_KEPT, "origin") if name in header}
    return {"hop": hop, "method": method, **kept}


def _filled(answer: Answer, following: str, own: str, origin: str) -> Answer:
    if answer.get("close"):
        return answer
    headers = [
        (name, _located(value, following, own, origin) if name.lower() == "location" else value)
        for name, value in answer.get("headers", ())
    ]
    return {"status": answer["status"], "headers": headers}


def _located(value: str, following: str, own: str, origin: str) -> str:
    return value.replace("{next}", following).replace("{self}", own).replace("{origin}", origin)
