"""One request on its way through a front door."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl

from corsmith.api.exchange import Request, Response

from .asks import Answered
from .assumptions import Assumptions, noting
from .circumstances import Circumstances


class Call:
    """A request taken apart, with its circumstances and the assumptions that were relied on so far.

    `host` keeps its port and its case; `path` is percent-encoded as it came and begins with "/"; `query` has no "?".
    """

    __slots__ = ("_headers", "_relied", "assumptions", "circumstances", "host", "method", "path", "query", "request")

    def __init__(self, request: Request, circumstances: Circumstances, assumptions: Assumptions) -> None:
        self.request = request
        self.method = request.method
        self.circumstances = circumstances
        self.host, self.path, self.query = split(request.url)
        self._relied: dict[str, None] = {}
        self.assumptions = noting(assumptions, self._relied)
        headers: dict[str, str] = {}
        for name, value in request.headers:
            lower = name.lower()
            headers[lower] = f"{headers[lower]},{value}" if lower in headers else value
        self._headers = headers

    def header(self, name: str) -> str | None:
        """Return the value of the header called `name` (lower case), several joined by commas; None without one."""
        return self._headers.get(name)

    def headers(self) -> dict[str, str]:
        """Return all headers under lower-case names, repeated ones joined by commas."""
        return dict(self._headers)

    def queries(self) -> dict[str, list[str]]:
        """Return the query's parameters, decoded, in order."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found

    def is_preflight(self) -> bool:
        """Say whether this is a CORS-preflight request (Fetch Standard, "CORS-preflight request")."""
        headers = self._headers
        return self.method == "OPTIONS" and "origin" in headers and "access-control-request-method" in headers

    def rely_on(self, names: tuple[str, ...]) -> None:
        """Note assumptions that another front door relied on."""
        self._relied.update(dict.fromkeys(names))

    def answered(self, response: Response) -> Answered:
        """Return `response` with the assumptions that were relied on."""
        return Answered(response, tuple(self._relied))


@lru_cache(maxsize=1024)
def split(url: str) -> tuple[str, str, str]:
    """Return host, path and query of an absolute URL; a fragment is dropped, an empty path becomes "/"."""
    rest = url.partition("#")[0].partition("://")[2]
    address, _, query = rest.partition("?")
    host, slash, path = address.partition("/")
    return host, slash + path or "/", query
