"""A live call that the browser stopped, beside the layer that made the deciding answer."""

from __future__ import annotations

from msgspec import Struct

from corsmith.api.caller import Caller
from corsmith.api.exchange import Response, values
from corsmith.api.finding import Confidence
from corsmith.browser import Judged, Verdict
from corsmith.browser.url import parse_url

from ..layers import Fingerprint

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"

_SPOKEN = {
    "rest_api": "The REST API",
    "http_api": "The HTTP API",
    "function_url": "The Function URL",
    "alb": "The load balancer",
    "cloudfront": "CloudFront",
    "unknown": "The server",
}


class Diagnosis(Struct, frozen=True):
    """A cause: the rule's id, what was found and what to change, how sure it is."""

    rule: str
    message: str
    confidence: Confidence = Confidence.HIGH


class Probed(Struct, frozen=True):
    """What answered a preflight for `method` without headers, and whether it let anybody read."""

    method: str
    layer: Fingerprint
    status: int
    allows: bool


class Stopped(Struct, frozen=True):
    """The deciding exchange of a blocked call. `response` is never a network failure: those are no CORS matter.

    `probe` is the answer to one more question that was asked to find out: the first with CORS headers, or the last one.
    """

    caller: Caller
    verdict: Verdict
    judged: Judged
    response: Response
    layer: Fingerprint
    probe: Probed | None = None

    @property
    def at_preflight(self) -> bool:
        """Whether the preflight was stopped."""
        return self.judged.kind == "preflight"

    @property
    def error(self) -> str:
        """Chromium's name of the error, without "Preflight" before it where both stages have it."""
        name = self.verdict.failure.chromium if self.verdict.failure is not None else ""
        shared = ("PreflightInvalidStatus", "PreflightDisallowedRedirect")
        return name if name in shared else name.removeprefix("Preflight")

    @property
    def status(self) -> int:
        """The status of the deciding answer."""
        return self.response.status

    @property
    def server(self) -> str:
        """Who answered, as the beginning of a sentence."""
        return _SPOKEN[self.layer.front_door]

    @property
    def path(self) -> str:
        """The path that was asked for, without its query."""
        url = parse_url(self.judged.request.url)
        return url.path.partition("?")[0] if url is not None else ""

    @property
    def requested(self) -> str:
        """The header names that the preflight asks for; "" where it asks for none."""
        return ", ".join(values(self.judged.request.headers, "access-control-request-headers")).replace(",", ", ")

    @property
    def parameter(self) -> str:
        """The header name, method or value at fault, as the browser names it."""
        return self.verdict.failed_parameter or ""

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a field of the deciding answer, one for each line."""
        return values(self.response.headers, name)

    def listed(self, name: str) -> tuple[str, ...]:
        """The items of a list field of the deciding answer."""
        items = (item.strip(" \t") for value in self.values(name) for item in value.split(","))
        return tuple(item for item in items if item)
