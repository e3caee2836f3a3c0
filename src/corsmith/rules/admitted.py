"""A stranger's call that passes: a page that nobody meant to allow can read the response."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from corsmith.api.cell import Cell
from corsmith.api.exchange import values
from corsmith.api.outcome import Node
from corsmith.api.span import Span

from .answers import headers, leaves, origin_tests, says

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
        """Where the origin is compared, or the header set; else the response that has it, or the front door's settings."""
        spans: dict[Span, None] = {}
        outcome = self.cell.outcome
        for name, node, _ in headers(outcome) if outcome is not None else ():
            if name.lower() == "access-control-allow-origin":
                for leaf in leaves(node):
                    span = getattr(leaf, "span", None)
                    if span is not None:
                        spans.setdefault(span)
        if not spans and outcome is not None and says(outcome, "access-control-allow-origin"):
            spans.setdefault(outcome.span)
        return tuple(spans) or (self.cell.route.front_door.span,)

    @property
    def tests(self) -> tuple[str, ...]:
        """The kinds of tests by which the code decides about origins."""
        outcome = self.cell.outcome
        found: dict[str, None] = {}
        for _, node, _ in headers(outcome) if outcome is not None else ():
            for test in origin_tests(node):
                found.setdefault(test.kind)
        for guard in outcome.origins if outcome is not None else ():
            found.setdefault(guard.test.kind)
        return tuple(found)


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
