"""The ways to be stopped, each with the name that Chromium and Firefox have for it, and where the standard says so."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

NETWORK_ERROR = "js:TypeError: NetworkError when attempting to fetch resource."
"""What Firefox tells the script, and no more, where CORS is not what stopped the call."""

CHECK = "CORS check"
PREFLIGHT = "CORS-preflight fetch"
REDIRECT = "HTTP-redirect fetch"
MAIN = "Main fetch"
NETWORK = "HTTP-network fetch"


class Kind(Enum):
    """A way to be stopped: Chromium's name, Firefox's, the section of the Fetch Standard."""

    MISSING_ALLOW_ORIGIN = ("MissingAllowOriginHeader", "CORSMissingAllowOrigin2", CHECK)
    INVALID_ALLOW_ORIGIN = ("InvalidAllowOriginValue", "CORSAllowOriginNotMatchingOrigin", CHECK)
    ORIGIN_MISMATCH = ("AllowOriginMismatch", "CORSAllowOriginNotMatchingOrigin", CHECK)
    SEVERAL_ORIGINS = ("MultipleAllowOriginValues", "CORSMultipleAllowOriginNotAllowed", CHECK)
    WILDCARD_WITH_CREDENTIALS = ("WildcardOriginNotAllowed", "CORSNotSupportingCredentials", CHECK)
    INVALID_ALLOW_CREDENTIALS = ("InvalidAllowCredentials", "CORSMissingAllowCredentials", CHECK)
    PREFLIGHT_STATUS = ("PreflightInvalidStatus", "CORSPreflightDidNotSucceed3", PREFLIGHT)
    PREFLIGHT_REDIRECT = ("PreflightDisallowedRedirect", "CORSExternalRedirectNotAllowed", PREFLIGHT)
    ALLOW_METHODS_SYNTAX = ("InvalidAllowMethodsPreflightResponse", "CORSInvalidAllowMethod", PREFLIGHT)
    ALLOW_HEADERS_SYNTAX = ("InvalidAllowHeadersPreflightResponse", "CORSInvalidAllowHeader", PREFLIGHT)
    METHOD_NOT_ALLOWED = ("MethodDisallowedByPreflightResponse", "CORSMethodNotFound", PREFLIGHT)
    HEADER_NOT_ALLOWED = ("HeaderDisallowedByPreflightResponse", "CORSMissingAllowHeaderFromPreflight2", PREFLIGHT)
    REDIRECT_HAS_CREDENTIALS = ("RedirectContainsCredentials", "CORSDidNotSucceed2", REDIRECT)
    EMBEDDED_CREDENTIALS = ("blocked:origin", NETWORK_ERROR, REDIRECT)
    PREFLIGHT_REDIRECT_LOST = ("PreflightDisallowedRedirect", "CORSDidNotSucceed2", PREFLIGHT)
    REDIRECT_SCHEME = ("net::ERR_UNSAFE_REDIRECT", "CORSDidNotSucceed2", REDIRECT)
    REDIRECT_CORS_SCHEME = ("CorsDisabledScheme", "CORSDidNotSucceed2", REDIRECT)
    REDIRECT_UNKNOWN_SCHEME = ("net::ERR_UNKNOWN_URL_SCHEME", "CORSDidNotSucceed2", REDIRECT)
    REDIRECT_INVALID = ("net::ERR_INVALID_REDIRECT", "CORSDidNotSucceed2", REDIRECT)
    REDIRECT_MODE = ("net::ERR_FAILED", NETWORK_ERROR, "HTTP fetch")
    TOO_MANY_REDIRECTS = ("net::ERR_TOO_MANY_REDIRECTS", "CORSDidNotSucceed2", REDIRECT)
    MODE_SAME_ORIGIN = ("DisallowedByMode", NETWORK_ERROR, MAIN)
    MODE_SAME_ORIGIN_LEFT = ("blocked:origin", NETWORK_ERROR, MAIN)
    MODE_NO_CORS_REDIRECT = ("NoCorsRedirectModeNotFollow", NETWORK_ERROR, MAIN)
    SCHEME = ("CorsDisabledScheme", "CORSRequestNotHttp", MAIN)
    BAD_PORT = ("net::ERR_UNSAFE_PORT", "CORSDidNotSucceed2", "Port blocking")
    MIXED_CONTENT = ("blocked:mixed-content", NETWORK_ERROR, "Main fetch; Mixed Content")
    LOCAL_NETWORK = ("LocalNetworkAccessPermissionDenied", "CORSDidNotSucceed2", "Local Network Access")
    INSECURE_LOCAL_NETWORK = ("InsecureLocalNetwork", "CORSDidNotSucceed2", "Local Network Access")
    RESOURCE_POLICY = ("blocked:corp-not-same-origin", NETWORK_ERROR, "Cross-Origin-Resource-Policy")
    RESOURCE_POLICY_SITE = ("blocked:corp-not-same-site", NETWORK_ERROR, "Cross-Origin-Resource-Policy")
    INVALID_RESPONSE = ("net::ERR_INVALID_HTTP_RESPONSE", "CORSDidNotSucceed2", NETWORK)
    PROXY_AUTHENTICATION = ("net::ERR_UNEXPECTED_PROXY_AUTH", "CORSDidNotSucceed2", NETWORK)
    NETWORK = ("net::ERR_FAILED", "CORSDidNotSucceed2", NETWORK)
    THROWS = ("js:TypeError", "js:TypeError", "Request class")

    def __init__(self, chromium: str, firefox: str, section: str) -> None:
        self.chromium = chromium
        self.firefox = firefox
        self.section = section


OF_CORS_CHECK = frozenset(kind for kind in Kind if kind.section == CHECK)
"""Chromium puts "Preflight" before these names where a preflight's answer fails."""

OF_PREFLIGHT = frozenset(kind for kind in Kind if kind.section == PREFLIGHT)


class Failure(Struct, frozen=True):
    """Why a call was stopped. `at` is "preflight", "request", or "before" where nothing was answered.

    `parameter` is the value, method or header name at fault; `header` the lower-case name of the header that decided;
    `lines` how many fields were named exactly Access-Control-Allow-Origin; `status` the answer's.
    """

    kind: Kind
    at: str = "before"
    parameter: str | None = None
    header: str | None = None
    lines: int = 0
    status: int | None = None
    spoken: tuple[str, str] | None = None
    """What a throwing API says: Chromium's and Firefox's words."""

    @property
    def chromium(self) -> str:
        """Chromium's name of the error."""
        if self.spoken is not None:
            return self.spoken[0]
        if self.kind is Kind.NETWORK and self.parameter is not None and self.parameter.startswith("net::"):
            return self.parameter
        return f"Preflight{self.kind.chromium}" if self.of_preflight_check else self.kind.chromium

    @property
    def firefox(self) -> str:
        """Firefox's message id, which tells several lines from one line that holds a list."""
        if self.spoken is not None:
            return self.spoken[1]
        if self.kind is Kind.SEVERAL_ORIGINS and self.lines < 2:
            return Kind.ORIGIN_MISMATCH.firefox
        return self.kind.firefox

    @property
    def of_preflight_check(self) -> bool:
        """Whether the CORS check of a preflight's answer failed."""
        return self.at == "preflight" and self.kind in OF_CORS_CHECK
