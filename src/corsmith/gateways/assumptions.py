"""The points on which AWS is silent or reports disagree, as switches; the defaults are the working assumptions.

A front door that reads a switch notes its name, so that a finding can say what it depends on (`Answered.relied`). It
reads one only where the answer would differ.
"""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct


class Assumptions(Struct, frozen=True):
    """What is taken for true where nobody has measured it.

    HTTP API (developer guide, "Configuring CORS for HTTP APIs", unless another source is named):

    * `http_refusals_carry_cors`: an authorizer's 401 and 403 carry the configured CORS headers when the origin is
      allowed. Measured for JWT, reported for Lambda authorizers (aws/aws-sam-cli#9087); reports against it show no
      capture.
    * `http_options_route`: who answers a preflight that an OPTIONS, ANY or `$default` route without authorizer takes.
      "overlaid": the integration answers, its status stays, the gateway's headers are laid over it (three reports);
      "gateway": the gateway answers; "bypassed": the integration answers and the configuration is not applied.
    * `http_strips_without_match`: the integration's CORS headers are removed as well when the request has no Origin or
      one that is not allowed (the guide says that they are ignored; no capture).
    * `http_preflight_of_other_origin`: "bare": a preflight from an origin that is not allowed gets 204 without CORS
      headers; "forbidden": it gets 403.
    * `http_preflight_of_missing_path`: "answered": a preflight on a path that no route of any method takes is answered
      like others (the guide speaks of the API as a whole, "even if there isn't an OPTIONS route", and names no path;
      users see a 204 where they saw a 404 before CORS was configured); "not-found": it gets the gateway's 404 (a
      comparison of emulators took it for that; no capture).
    * `http_lists`: "configured": allow-methods and allow-headers are the configured lists as they are; "requested":
      `*` is replaced by what the preflight asked for.
    * `http_vary`: "explicit": `vary: origin` goes with an origin that is named; "credentials": only with
      allow-credentials; "never".
    * `http_subdomain_wildcard_matches`: `https://*.example.com` matches sub-domains. Not among the documented forms.
    * `http_errors_carry_cors`: the gateway's own 404, 429, 500 and 503 carry the configured CORS headers.
    * `http_preflight_status`: the status of the gateway's preflight answer (204 reported four times, 200 once).
    * `http_bare_options_status`: the status for OPTIONS without Origin or Access-Control-Request-Method that no route
      takes, with CORS configured (204 without CORS headers, reported once).
    * `http_header_values`: "text": a number or boolean as header value is sent as text; "refused": it is a 500.

    REST API:

    * `rest_text_conversion_suffices`: `contentHandling: CONVERT_TO_TEXT` on the request side is enough for a MOCK under
      binary media type `*/*` (clebert/aws-simple#167; serverless/serverless#10254 also set the integration response).
    * `rest_equal_pairs_double`: a header with equal values in `headers` and `multiValueHeaders` is sent twice
      (measured for different values; awslabs/aws-lambda-go-api-proxy#73 saw it for equal ones; the guide says once).
    * `rest_error_types_known`: the `x-amzn-ErrorType` of the types that nobody has captured is as modelled.
    * `rest_header_values`: "refused": a number, list or null as header value is a 502 (an emulator's reading; only
      booleans are measured); "text": it is sent as text.
    * `rest_specific_hides_default`: a customised gateway response is used alone, nothing is merged from DEFAULT_4XX or
      DEFAULT_5XX.
    * `rest_mock_204_has_content_type`: a MOCK's 204 carries `content-type: application/json` like every other answer.
    * `rest_missing_parameter_is_empty`: `$input.params().header.get("X")` of an absent header is "" (the templates that
      CDK generates for several origins rely on it), not null.

    Function URL (developer guide, "Creating and managing Lambda function URLs"):

    * `url_preflight_mismatch`: "bare": a preflight whose origin, method or header is not allowed gets 200 without CORS
      headers; "forbidden": it gets 403.
    * `url_safelisted_methods`: "listed": a preflight for GET, HEAD or POST is refused like any other method that
      AllowMethods, where it is set, does not name; "always": it is not.
    * `url_bare_options_invokes`: OPTIONS without Origin or Access-Control-Request-Method reaches the function although
      Cors is configured.
    * `url_preflight_before_auth`: the preflight is answered before authorisation and permissions are looked at.
    * `url_errors_carry_cors`: the front end's own 413, 429 and 502 carry the configured headers (the guide says "all
      responses").
    * `url_refusals_carry_cors`: so does its 403.
    * `url_origin_match`: "exact": origins are compared byte by byte; "folded": without case and trailing slash.
    * `url_header_wildcard`: "literal": AllowHeaders `*` is sent as `*`; "requested": as the requested names.
    * `url_zero_max_age_sent`: MaxAge 0 is sent; otherwise it counts as not set (0 is the API's default).
    * `url_merges_vary`: `Vary: Origin` is added to the function's own Vary line instead of a second line.
    * `url_header_values`: "text": a number or boolean as header value is sent as text; "refused": it is a 502.
    * `url_failed_stream_is_error`: a stream that ends with an error before its first byte is a 502, not an empty 200.

    ALB and CloudFront:

    * `alb_header_values`: as `url_header_values`.
    * `cloudfront_fills_gaps`: a response headers policy without override sends none of its CORS headers when the origin
      sent one of them; otherwise it adds each that is absent.
    """

    http_refusals_carry_cors: bool = True
    http_options_route: str = "overlaid"
    http_strips_without_match: bool = True
    http_preflight_of_other_origin: str = "bare"
    http_preflight_of_missing_path: str = "answered"
    http_lists: str = "configured"
    http_vary: str = "explicit"
    http_subdomain_wildcard_matches: bool = False
    http_errors_carry_cors: bool = True
    http_preflight_status: int = 204
    http_bare_options_status: int = 204
    http_header_values: str = "text"
    rest_text_conversion_suffices: bool = True
    rest_equal_pairs_double: bool = True
    rest_error_types_known: bool = True
    rest_header_values: str = "refused"
    rest_specific_hides_default: bool = True
    rest_mock_204_has_content_type: bool = True
    rest_missing_parameter_is_empty: bool = True
    url_preflight_mismatch: str = "bare"
    url_safelisted_methods: str = "listed"
    url_bare_options_invokes: bool = True
    url_preflight_before_auth: bool = True
    url_errors_carry_cors: bool = True
    url_refusals_carry_cors: bool = False
    url_origin_match: str = "exact"
    url_header_wildcard: str = "literal"
    url_zero_max_age_sent: bool = False
    url_merges_vary: bool = False
    url_header_values: str = "text"
    url_failed_stream_is_error: bool = True
    alb_header_values: str = "text"
    cloudfront_fills_gaps: bool = False


WORKING = Assumptions()
MINOR = frozenset(
    (
        "http_preflight_of_other_origin",
        "http_vary",
        "http_preflight_status",
        "http_bare_options_status",
        "rest_error_types_known",
        "rest_mock_204_has_content_type",
        "url_preflight_mismatch",
        "url_bare_options_invokes",
        "url_zero_max_age_sent",
        "url_merges_vary",
        "url_failed_stream_is_error",
    )
)
"""Switches that no browser's verdict depends on: they are not noted."""


class _Noting:
    """Stands in for an `Assumptions` and notes each field that is read, in order, once; minor ones are not noted."""

    __slots__ = ("_assumptions", "_names")

    def __init__(self, assumptions: Assumptions, names: dict[str, None]) -> None:
        self._assumptions = assumptions
        self._names = names

    def __getattr__(self, name: str) -> Any:
        if name not in MINOR:
            self._names[name] = None
        return getattr(self._assumptions, name)


def noting(assumptions: Assumptions, names: dict[str, None]) -> Assumptions:
    """Return `assumptions` so that each field that is read, unless it is minor, becomes a key of `names`."""
    return cast(Assumptions, _Noting(assumptions, names))
