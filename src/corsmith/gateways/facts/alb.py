"""What is known of Application Load Balancers with Lambda targets."""

from __future__ import annotations

from .fact import Fact

_LAMBDA = "Elastic Load Balancing user guide, Use Lambda functions as targets of an Application Load Balancer"
_TROUBLE = "Elastic Load Balancing user guide, Troubleshoot your Application Load Balancers"
_RULES = "Elastic Load Balancing user guide, Listener rules for your Application Load Balancer"

ALB = (
    Fact(
        "alb-no-cors",
        "A load balancer answers no preflight itself: OPTIONS reaches the function.",
        _LAMBDA,
        "documented",
    ),
    Fact(
        "alb-rules-by-priority",
        "The first rule by priority whose conditions hold decides, else the default action.",
        _RULES,
        "documented",
    ),
    Fact(
        "alb-options-not-routed",
        "A rule that names methods without OPTIONS leaves a preflight to later rules.",
        _RULES,
        "documented",
    ),
    Fact("alb-fixed-response", "A fixed response carries its content type and no CORS headers.", _RULES, "documented"),
    Fact(
        "alb-redirect", "A redirect sends its Location with the parts of the request filled in.", _RULES, "documented"
    ),
    Fact(
        "alb-single-value",
        "Without multi-value headers, `headers` counts and multiValueHeaders is ignored.",
        _LAMBDA,
        "documented",
    ),
    Fact(
        "alb-multi-value",
        "With multi-value headers, multiValueHeaders counts and `headers` is ignored.",
        _LAMBDA,
        "documented",
    ),
    Fact(
        "alb-event",
        "The event has lower-case names, raw query parameters, and `headers` or multiValueHeaders.",
        _LAMBDA,
        "documented",
    ),
    Fact("alb-needs-status", "A result that is no object with a statusCode is a 502 page.", _TROUBLE, "documented"),
    Fact(
        "alb-header-values",
        "A number or boolean as header value is sent as text.",
        "not documented",
        "assumed",
        "alb_header_values",
    ),
    Fact(
        "alb-function-fails",
        "A failed or timed-out function is a 502 page without CORS headers.",
        _TROUBLE,
        "documented",
    ),
    Fact("alb-too-large", "A request over 1 MB is 413, a response over 1 MB 502.", _TROUBLE, "documented"),
    Fact("alb-not-permitted", "Without permission to invoke the function: 502.", "not documented", "assumed"),
    Fact("alb-throttled", "A function that Lambda throttles is 503.", "not documented", "assumed"),
    Fact("alb-waf", "A web ACL's block is a 403 page.", _TROUBLE, "documented"),
    Fact(
        "alb-inserted-headers",
        "Response headers set by listener attributes take the place of the function's.",
        "Elastic Load Balancing user guide, HTTP header modification for your Application Load Balancer",
        "assumed",
    ),
)
