"""A stranger's call that passes: a page that nobody meant to allow can read the response."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from corsmith.api.cell import Cell
from corsmith.api.exchange import values
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi
from corsmith.api.origin_test import OriginTest
from corsmith.api.outcome import Node
from corsmith.api.span import Span
from corsmith.api.value import Known

from .answers import headers, origin_tests, places, says

ATTACKER = "https://attacker.example"


class Stranger(Struct, frozen=True):
    """An origin that nobody meant. `kind`: "any", "suffix", "prefix", "dot", "null" or "http"."""

    kind: str
    origin: str


class Admitted(Struct, frozen=True):
    """A call from a stranger's page that the browser allows.

    `wildcard`: a setting or a framework says `*`; `meant`: the origins that are to be allowed.
    """

    cell: Cell
    stranger: Stranger
    wildcard: tuple[Span, ...]
    meant: tuple[str, ...]

    @property
    def with_credentials(self) -> bool:
        """Whether it carries the visitor's cookies."""
        return self.cell.caller.credentials == "include"

    @property
    def echoed(self) -> bool:
        """Whether the answer names the stranger, not `*`."""
        last = self.cell.exchanges[-1].response
        return values(last.headers, "access-control-allow-origin") == (self.stranger.origin,)

    @property
    def where(self) -> tuple[Span, ...]:
        """Where the front door's settings admit the origin, or the code compares it, or sets the header; else its response,
        or the front door."""
        spans: dict[Span, None] = dict.fromkeys(self._listed())
        outcome = self.cell.outcome
        spans |= dict.fromkeys(places(outcome, "access-control-allow-origin") if outcome is not None else ())
        if not spans and outcome is not None and says(outcome, "access-control-allow-origin"):
            spans.setdefault(outcome.span)
        return tuple(spans) or (self.cell.route.front_door.span,)

    def _listed(self) -> Iterator[Span]:
        """Yield the items of the front door's own list that let the stranger in."""
        door = self.cell.route.last.front_door
        cors = door.cors.value if isinstance(door, HttpApi | FunctionUrl) and isinstance(door.cors, Known) else None
        items = cors.allow_origins.value if cors is not None and isinstance(cors.allow_origins, Known) else ()
        scheme = self.stranger.origin.partition("://")[0]
        for item in items:
            if (
                isinstance(item, Known)
                and item.span is not None
                and item.value in ("*", f"{scheme}://*", self.stranger.origin)
            ):
                yield item.span

    @property
    def tests(self) -> tuple[str, ...]:
        """The kinds of tests by which the code decides about origins."""
        return tuple(dict.fromkeys(test.kind for test in self._tests()))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns with which the code compares origins."""
        return tuple(dict.fromkeys(item for test in self._tests() if test.kind == "regex" for item in test.items))

    def _tests(self) -> Iterator[OriginTest]:
        outcome = self.cell.outcome
        for _, node, _ in headers(outcome) if outcome is not None else ():
            yield from origin_tests(node)
        for guard in outcome.origins if outcome is not None else ():
            yield guard.test


def strangers(origin: str) -> Iterator[Stranger]:
    """Yield look-alikes of an allowed origin, and others that code and settings often admit by mistake."""
    yield Stranger("any", ATTACKER)
    parts = urlsplit(origin)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port is not None else ""
    domain = ".".join(host.split(".")[-2:])
    yield Stranger("suffix", f"{parts.scheme}://attacker{host}{port}")
    yield Stranger("suffix", f"{parts.scheme}://attacker-{domain}{port}")
    yield Stranger("prefix", f"{origin}.attacker.example")
    if "." in host:
        yield Stranger("dot", f"{parts.scheme}://{host.replace('.', 'x', 1)}{port}")
    yield Stranger("null", "null")
    if parts.scheme == "https":
        yield Stranger("http", f"http://{host}{port}")


def depends_on_origin(node: Node) -> bool:
    """Say whether a header's value depends on the request's Origin."""
    return any(True for _ in origin_tests(node))
