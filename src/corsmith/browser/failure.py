"""The ways to be stopped, each with the name that Chromium and Firefox have for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """A way to be stopped: Chromium's `corsError` name, Firefox's console message id, the Fetch Standard's section."""

    MISSING_ALLOW_ORIGIN = ("MissingAllowOriginHeader", "CORSMissingAllowOrigin2", "CORS check, step 2")
    INVALID_ALLOW_ORIGIN = ("InvalidAllowOriginValue", "CORSAllowOriginNotMatchingOrigin", "CORS check, step 4")
    ORIGIN_MISMATCH = ("AllowOriginMismatch", "CORSAllowOriginNotMatchingOrigin", "CORS check, step 4")
    MULTIPLE_ORIGINS = ("MultipleAllowOriginValues", "CORSMultipleAllowOriginNotAllowed", "CORS check, step 4")
    ORIGIN_LIST = ("MultipleAllowOriginValues", "CORSAllowOriginNotMatchingOrigin", "CORS check, step 4")
    WILDCARD_WITH_CREDENTIALS = ("WildcardOriginNotAllowed", "CORSNotSupportingCredentials", "CORS check, step 3")
    INVALID_ALLOW_CREDENTIALS = ("InvalidAllowCredentials", "CORSMissingAllowCredentials", "CORS check, step 7")
    PREFLIGHT_STATUS = ("PreflightInvalidStatus", "CORSPreflightDidNotSucceed3", "CORS-preflight fetch, step 7")
    PREFLIGHT_REDIRECT = (
        "PreflightDisallowedRedirect",
        "CORSExternalRedirectNotAllowed",
        "CORS-preflight fetch, step 7",
    )
    ALLOW_METHODS_SYNTAX = (
        "InvalidAllowMethodsPreflightResponse",
        "CORSInvalidAllowMethod",
        "CORS-preflight fetch, step 7.3",
    )
    ALLOW_HEADERS_SYNTAX = (
        "InvalidAllowHeadersPreflightResponse",
        "CORSInvalidAllowHeader",
        "CORS-preflight fetch, step 7.3",
    )
    METHOD_NOT_ALLOWED = ("MethodDisallowedByPreflightResponse", "CORSMethodNotFound", "CORS-preflight fetch, step 7.5")
    HEADER_NOT_ALLOWED = (
        "HeaderDisallowedByPreflightResponse",
        "CORSMissingAllowHeaderFromPreflight2",
        "CORS-preflight fetch, steps 7.6 and 7.7",
    )
    REDIRECT_HAS_CREDENTIALS = (
        "RedirectContainsCredentials",
        "CORSDidNotSucceed2",
        "HTTP-redirect fetch, steps 9 and 10",
    )
    MODE_SAME_ORIGIN = (
        "DisallowedByMode",
        "js:TypeError: NetworkError when attempting to fetch resource.",
        "main fetch",
    )
    SCHEME = ("CorsDisabledScheme", "CORSRequestNotHttp", "main fetch")
    REDIRECT_SCHEME = ("net::ERR_UNSAFE_REDIRECT", "CORSDidNotSucceed2", "HTTP-redirect fetch, step 6")
    REDIRECT_INVALID = ("net::ERR_INVALID_REDIRECT", "CORSDidNotSucceed2", "HTTP-redirect fetch, step 4")
    TOO_MANY_REDIRECTS = ("net::ERR_TOO_MANY_REDIRECTS", "CORSDidNotSucceed2", "HTTP-redirect fetch, step 7")
    REDIRECT_ERROR = (
        "net::ERR_FAILED",
        "js:TypeError: NetworkError when attempting to fetch resource.",
        "HTTP fetch, redirect mode error",
    )
    STREAM_NEEDS_HTTP2 = ("net::ERR_ALPN_NEGOTIATION_FAILED", "CORSDidNotSucceed2", "HTTP-network fetch")
    INVALID_RESPONSE = ("net::ERR_INVALID_HTTP_RESPONSE", "CORSDidNotSucceed2", "HTTP-network fetch")
    NETWORK = ("net::ERR_FAILED", "CORSDidNotSucceed2", "HTTP-network fetch")
    MIXED_CONTENT = (
        "blocked:mixed-content",
        "js:TypeError: NetworkError when attempting to fetch resource.",
        "main fetch; Mixed Content",
    )
    RESOURCE_POLICY = (
        "blocked:corp-not-same-origin",
        "js:TypeError: NetworkError when attempting to fetch resource.",
        "cross-origin resource policy check",
    )
    THROWS = ("js:TypeError", "js:TypeError", "Request constructor")

    @property
    def chromium(self) -> str:
        """Chromium's name."""
        return str(self.value[0])

    @property
    def firefox(self) -> str:
        """Firefox's message id."""
        return str(self.value[1])

    @property
    def section(self) -> str:
        """The section of the Fetch Standard."""
        return str(self.value[2])


ORIGIN_KINDS = frozenset(
    (
        Kind.MISSING_ALLOW_ORIGIN,
        Kind.INVALID_ALLOW_ORIGIN,
        Kind.ORIGIN_MISMATCH,
        Kind.MULTIPLE_ORIGINS,
        Kind.ORIGIN_LIST,
        Kind.WILDCARD_WITH_CREDENTIALS,
        Kind.INVALID_ALLOW_CREDENTIALS,
    )
)
"""The kinds of the CORS check: Chromium puts "Preflight" before their names when a preflight's answer fails."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call was stopped. `parameter` is the value, name or method at fault; `status` that of the answer."""

    kind: Kind
    preflight: bool = False
    parameter: str | None = None
    status: int | None = None
    messages: tuple[str, str] | None = None
    """What a throwing API says: Chromium's and Firefox's words."""

    @property
    def chromium(self) -> str:
        """Chromium's name of the error."""
        if self.messages is not None:
            return self.messages[0]
        if self.kind is Kind.NETWORK and self.parameter is not None and self.parameter.startswith("net::"):
            return self.parameter
        return f"Preflight{self.kind.chromium}" if self.preflight and self.kind in ORIGIN_KINDS else self.kind.chromium

    @property
    def firefox(self) -> str:
        """Firefox's message id."""
        return self.messages[1] if self.messages is not None else self.kind.firefox
