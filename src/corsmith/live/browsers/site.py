"""What the local server answers: pages at any origin, cases by their key, and upstreams by virtual host."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from .case import CASE_PATH, PAGE_PATH, Answer, Hop, Prepared, wire_entry
from .wire import Heard, answer_bytes, frames_itself, page_bytes


class Reply(Struct, frozen=True):
    """Bytes to write, and whether the connection ends after them."""

    raw: bytes
    closes: bool = False


class Upstream(Struct, frozen=True):
    """A server on this machine that answers for an origin. Bytes pass unchanged in both directions."""

    host: str
    port: int


_NOT_FOUND: Answer = {"status": 404, "headers": []}


class Site(Struct):
    """The virtual hosts of one browser. `heard` is what passed to upstreams, `unreachable` what did not answer."""

    cases: dict[str, Prepared] = field(default_factory=dict)
    upstreams: dict[str, Upstream] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)

    def reply(self, request: Heard) -> Reply | Upstream:
        """Say what answers a request. What a case or an upstream is asked is written down."""
        path, _, query = request.path.partition("?")
        if path == PAGE_PATH:
            return Reply(page_bytes(sandboxed=query == "null"), closes=True)
        upstream = self.upstreams.get(request.origin)
        if upstream is not None:
            self.heard.append(wire_entry(0, request.method, _lower(request)))
            return upstream
        return self._case(request, path)

    def _case(self, request: Heard, path: str) -> Reply:
        key, _, index = path.removeprefix(CASE_PATH).partition("/")
        case = self.cases.get(key) if path.startswith(CASE_PATH) else None
        if case is None or not index.isdecimal() or int(index) >= len(case.hops):
            return Reply(answer_bytes(_NOT_FOUND, request.method))
        header = _lower(request)
        case.wire.append(wire_entry(int(index), request.method, header))
        return _answered(case.hops[int(index)], request.method, header)


def _answered(hop: Hop, method: str, header: dict[str, str]) -> Reply:
    # README of the cases: `preflight` is what the server answers to OPTIONS, be it a preflight or the page's own call.
    answer = hop.preflight if method == "OPTIONS" and "access-control-request-method" in header else hop.response
    if answer.get("close"):
        return Reply(b"", closes=True)
    return Reply(answer_bytes(answer, method), closes=frames_itself(answer["headers"]))


def _lower(request: Heard) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers}
