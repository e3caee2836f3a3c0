"""Faults of HTTP APIs, Function URLs and load balancers: of the settings that answer for CORS."""

from __future__ import annotations

from msgspec.structs import replace

from .fault import LISTED, PLAIN, Fault, both, of_answers, of_lists, setting, with_header
from .plan import ALB, CDK, CFN, HTTP, OPENAPI, ORIGIN, REST, SAM, SLS, TF, URL, Lists, Plan

_HTTP, _URL = (HTTP,), (URL,)
_NOT_SLS = (SAM, CFN, CDK, OPENAPI, TF)


def _without_page(plan: Plan, lists: Lists) -> tuple[str, ...]:
    return tuple(each for each in lists.origins if each != plan.origin)


def _only(plan: Plan, lists: Lists) -> Lists:
    """Keep the page's origin alone, so that what is derived does not depend on others."""
    return replace(lists, origins=(plan.origin,))


_SETTINGS = (
    Fault(
        "origin-trailing-slash",
        "in the list",
        of_lists(lambda plan, lists: replace(lists, origins=(f"{plan.origin}/",))),
        LISTED,
        line=("{origin}/",),
        explicit=False,
        wants={"sent": (), "method": "PUT", "authorizer": ""},
    ),
    Fault(
        "origin-trailing-slash",
        "in the list, another site beside it",
        of_lists(lambda plan, lists: replace(lists, origins=("https://admin.example.net", f"{plan.origin}/"))),
        LISTED,
        line=("{origin}/",),
    ),
    Fault(
        "origin-mismatch",
        "not in the list",
        of_lists(lambda plan, lists: replace(lists, origins=("https://old.example.com",))),
        LISTED,
        line=("https://old.example.com",),
    ),
    Fault(
        "origin-mismatch",
        "another scheme",
        of_lists(lambda plan, lists: replace(lists, origins=("http://www.example.org",))),
        LISTED,
        wants={"origin": "https://www.example.org", "credentials": False},
        line=("http://www.example.org",),
    ),
    Fault(
        "allow-list-joined-in-one-item",
        "headers",
        of_lists(lambda plan, lists: replace(lists, headers=(",".join((*lists.headers, "x-other")),))),
        _URL,
        wants={"sent": ("x-page",)},
        line=("x-page,",),
    ),
    Fault(
        "allow-list-joined-in-one-item",
        "origins",
        of_lists(lambda plan, lists: replace(lists, origins=(f"https://b.example.com,{plan.origin}",))),
        LISTED,
        line=("https://b.example.com,{origin}",),
    ),
    Fault(
        "allow-methods-missing",
        "not in the list",
        of_lists(lambda plan, lists: replace(lists, methods=("GET",))),
        LISTED,
        wants={"method": "PUT"},
    ),
    Fault(
        "allow-headers-missing-header",
        "not in the list",
        of_lists(lambda plan, lists: replace(lists, headers=("x-other",))),
        LISTED,
        wants={"sent": ("x-page",)},
    ),
    Fault(
        "allow-headers-missing-header",
        "no list",
        of_lists(lambda plan, lists: replace(lists, headers=())),
        LISTED,
        dialects=_NOT_SLS,
        wants={"sent": ("x-page",)},
    ),
    Fault(
        "credentials-header-missing",
        "not allowed",
        of_lists(lambda plan, lists: replace(lists, credentials=False)),
        LISTED,
        wants={"credentials": True},
    ),
    Fault(
        "wildcard-with-credentials",
        "all headers",
        of_lists(lambda plan, lists: replace(lists, headers=("*",))),
        LISTED,
        wants={"credentials": True, "sent": ("x-page",)},
    ),
    Fault(
        "allow-headers-wildcard-authorization",
        "all headers",
        of_lists(lambda plan, lists: replace(lists, headers=("*",))),
        LISTED,
        wants={"credentials": False, "authorizer": "", "sent": ("authorization",)},
        severity="warning",
    ),
    Fault(
        "max-age-out-of-range",
        "two days",
        of_lists(lambda plan, lists: replace(lists, max_age=172_800)),
        LISTED,
        line=("172800",),
    ),
    Fault(
        "preflight-not-cached",
        "no time",
        of_lists(lambda plan, lists: replace(lists, max_age=None)),
        LISTED,
        severity="info",
    ),
    Fault(
        "header-typo",
        "a setting's name",
        of_lists(lambda plan, lists: replace(lists, spelt=(("AllowOrigins", "AllowOrigns"),))),
        LISTED,
        dialects=(SAM, CFN, CDK),
        line=("AllowOrigns",),
    ),
    Fault(
        "header-typo",
        "a setting's name",
        of_lists(lambda plan, lists: replace(lists, spelt=(("allowedHeaders", "allowHeaders"),))),
        LISTED,
        dialects=(SLS,),
        wants={"sent": ("x-page",)},
        line=("allowHeaders",),
    ),
    Fault(
        "local-network-access",
        "an internal load balancer",
        setting(internal=True),
        (ALB,),
        ("code",),
        dialects=(CFN, CDK, TF),
        wants={"origin": "https://app.example.com"},
        severity="info",
    ),
    Fault(
        "alb-options-not-routed",
        "the rule names the method alone",
        lambda plan, dice: replace(plan, listener_methods=(plan.method,)),
        (ALB,),
        ("code",),
        dialects=PLAIN,
        line=("{method}",),
    ),
    Fault(
        "alb-answers-itself",
        "a rule redirects the call",
        setting(moved=True, listener_methods=()),
        (ALB,),
        ("code",),
        dialects=PLAIN,
        line=("Moved", '"moved"'),
    ),
)
_OF_HTTP = (
    Fault("httpapi-no-cors-config", "none", setting(lists=None), _HTTP, wants={"authorizer": ""}),
    Fault(
        "httpapi-default-route-authorizer-catches-options",
        "one route for everything",
        setting(catch_all=True),
        _HTTP,
        wants={"authorizer": "tokens"},
    ),
    Fault(
        "httpapi-rest-style-quotes",
        "around the origin",
        of_lists(lambda plan, lists: replace(lists, origins=(f"'{plan.origin}'",))),
        _HTTP,
        line=("'{origin}'",),
    ),
    Fault(
        "httpapi-wildcard-credentials-rejected",
        "everybody, with credentials",
        of_lists(lambda plan, lists: replace(lists, origins=("*",), credentials=True)),
        _HTTP,
        wants={"credentials": True},
    ),
    Fault(
        "httpapi-subdomain-wildcard",
        "in the list",
        of_lists(lambda plan, lists: replace(lists, origins=("https://*.example.com",))),
        _HTTP,
        wants={"origin": "https://app.example.com"},
        line=("https://*.example.com",),
    ),
    Fault(
        "httpapi-stage-not-deployed",
        "no auto-deploy",
        setting(deployed=False),
        _HTTP,
        dialects=PLAIN,
    ),
    Fault(
        "httpapi-handler-headers-ignored",
        "the code names everybody",
        both(
            lambda plan, dice: replace(plan, code=replace(plan.code, style="literal")),
            of_answers(with_header(ORIGIN, "*"), "else"),
        ),
        _HTTP,
        severity="info",
        line=("Access-Control-Allow-Origin",),
    ),
    Fault(
        "cors-config-on-wrong-resource",
        "the settings stand where nothing reads them",
        setting(stray=True),
        _HTTP,
        dialects=(SAM, OPENAPI, SLS),
        wants={"authorizer": ""},
    ),
)
_OF_URLS = (
    Fault("function-url-no-cors-config", "none", setting(lists=None), _URL),
    Fault(
        "function-url-options-in-methods",
        "OPTIONS is listed",
        of_lists(lambda plan, lists: replace(lists, methods=(plan.method, "OPTIONS"))),
        _URL,
        line=("OPTIONS",),
    ),
    Fault(
        "function-url-subdomain-wildcard",
        "in the list",
        of_lists(lambda plan, lists: replace(lists, origins=(plan.origin, "https://*.example.com"))),
        _URL,
        line=("https://*.example.com",),
    ),
    Fault(
        "function-url-permission-missing",
        "one of two",
        setting(invokes="one"),
        _URL,
        dialects=PLAIN,
    ),
    Fault(
        "function-url-requires-iam",
        "preflights are asked for a signature",
        setting(lists=None, signed=True),
        _URL,
        dialects=(SAM, CFN, CDK, TF, SLS),
        wants={"signed": True, "sent": ()},
    ),
    Fault(
        "duplicate-headers-function-url",
        "the code sends it too",
        both(
            lambda plan, dice: replace(plan, code=replace(plan.code, style="literal")),
            of_answers(with_header(ORIGIN, "{origin}")),
        ),
        _URL,
        line=("{origin}",),
    ),
    Fault(
        "insecure-wildcard-with-credentials",
        "everybody, with credentials",
        of_lists(lambda plan, lists: replace(lists, origins=("*",), credentials=True)),
        _URL,
        wants={"credentials": True},
    ),
    Fault(
        "insecure-http-origin-with-credentials",
        "http is listed",
        of_lists(
            lambda plan, lists: replace(
                lists, origins=("https://www.example.org", "http://www.example.org"), credentials=True
            )
        ),
        LISTED,
        wants={"credentials": True, "origin": "https://www.example.org"},
    ),
    Fault(
        "insecure-null-origin",
        "null is listed",
        of_lists(lambda plan, lists: replace(lists, origins=(plan.origin, "null"), credentials=True)),
        LISTED,
        wants={"credentials": True},
        line=("null",),
    ),
)
_OF_SERVICES = (
    Fault(
        "template-refused",
        "an event without a method",
        setting(extra=(("method", ""),)),
        (REST, HTTP),
        dialects=(SLS,),
        line=("http:", "httpApi:", "path:"),
    ),
)
_OF_PAGES = (
    Fault(
        "cors-header-on-request",
        "the page sends it",
        setting(page_sends=("Access-Control-Allow-Origin",)),
        (REST, HTTP),
        wants={"page": True},
        explicit=False,
        line=("headers: {",),
    ),
)
FAULTS = (*_OF_SERVICES, *_OF_PAGES, *_SETTINGS, *_OF_HTTP, *_OF_URLS)
