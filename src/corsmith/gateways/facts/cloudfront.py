"""What is known of CloudFront in front of other front doors."""

from __future__ import annotations

from .fact import Fact

_BEHAVIOR = "CloudFront developer guide, Cache behavior settings"
_POLICY = "CloudFront developer guide, Understand response headers policies"
_ORIGIN_REQUEST = "CloudFront developer guide, Control origin requests with a policy"

CLOUDFRONT = (
    Fact("cloudfront-behavior-order", "The first behavior whose path pattern fits decides.", _BEHAVIOR, "documented"),
    Fact(
        "cloudfront-options-refused",
        "A method that the behavior does not allow is CloudFront's own 403.",
        _BEHAVIOR,
        "documented",
    ),
    Fact(
        "cloudfront-drops-headers",
        "Request headers reach the origin server only when they are forwarded; without Origin it adds no CORS headers.",
        _ORIGIN_REQUEST,
        "documented",
    ),
    Fact(
        "cloudfront-forwards-host",
        "Under the viewer's Host, API Gateway and Function URLs answer 403.",
        "aws/aws-cdk#20090",
        "reported",
    ),
    Fact(
        "cloudfront-target-answers",
        "Otherwise the front door behind it answers, at the stage the origin path names.",
        _BEHAVIOR,
        "documented",
    ),
    Fact(
        "cloudfront-cache-without-origin",
        "Where Origin is not in the cache key, a cached answer for one site is served to another.",
        "samvera/serverless-iiif#111",
        "reported",
    ),
    Fact(
        "cloudfront-policy-override",
        "A response headers policy with override replaces the origin server's CORS headers.",
        _POLICY,
        "documented",
    ),
    Fact(
        "cloudfront-policy-without-override",
        "Without override none of its CORS headers is added when the origin server sent one.",
        _POLICY,
        "assumed",
        "cloudfront_fills_gaps",
    ),
    Fact(
        "cloudfront-policy-origins",
        "The policy's origins may hold wildcards; `*` without credentials is sent as `*`, any other match as the origin.",
        _POLICY,
        "documented",
    ),
    Fact(
        "cloudfront-policy-preflight",
        "Allow-Methods, Allow-Headers and Max-Age are added to preflights only.",
        _POLICY,
        "assumed",
    ),
    Fact(
        "cloudfront-policy-keeps-status",
        "A policy does not turn a refused preflight into a success.",
        _POLICY,
        "assumed",
    ),
    Fact(
        "cloudfront-policy-custom-headers",
        "Custom headers of a policy follow their own override.",
        _POLICY,
        "documented",
    ),
    Fact(
        "cloudfront-error-pages",
        "A custom error response replaces an API's error by a page, with a status of its choice.",
        "CloudFront developer guide, Create a custom error page for specific HTTP status codes",
        "documented",
    ),
    Fact(
        "cloudfront-code-undecided",
        "What a CloudFront function or Lambda@Edge changes is not read.",
        "a limit of this model",
        "assumed",
    ),
    Fact("cloudfront-waf", "A web ACL's block is a 403 of CloudFront's.", _BEHAVIOR, "documented"),
)
