"""From what was answered to the rule: one row for each thing that people meet."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from corsmith.api.caller import Caller
from corsmith.api.exchange import Headers, NetworkFailure, Response
from corsmith.api.finding import Category, Confidence, Finding, Severity
from corsmith.browser import Page, PageRequest, drive, fetch
from corsmith.live.explain import explain_live, probed, probes_for

from .test_layers import ALLOW, EDGE, FORBIDDEN_URL, HTTP, NO_CONTENT, PAGE, REST, TRACED, URL, error

APP = "https://app.example.com"
API = "https://api.example.net/items"
FUNCTION_URL = "https://abcdefghij0123456789.lambda-url.eu-west-1.on.aws/items"
OWN: Headers = (("Access-Control-Allow-Origin", APP),)


def explained(
    preflight: Response | None = None,
    response: Response | None = None,
    *,
    method: str = "PUT",
    headers: Headers = (),
    credentials: str = "same-origin",
    url: str = API,
    profile: str = "model",
    probes: Sequence[Response] = (),
) -> tuple[Finding, ...]:
    def answer(kind: str) -> Response | NetworkFailure:
        return (preflight if kind == "preflight" else response) or NetworkFailure("nothing more was planned")

    asking = fetch(Page(APP), PageRequest(url, method, headers, credentials), profile)
    verdict = drive(asking, lambda ask: answer(ask.kind))
    questions = probes_for(verdict)
    assert len(questions) >= len(probes)
    answers = [probed(question, answer) for question, answer in zip(questions, probes, strict=False)]
    return explain_live(Caller(APP, method, headers, credentials), verdict, answers[-1] if answers else None)


def answer(status: int, headers: Headers, body: str = "") -> Response:
    return Response(status, headers, body.encode())


FORBIDDEN = '{"message":"Forbidden"}'
UNAUTHORIZED = '{"message":"Unauthorized"}'
FAILED = '{"message": "Internal server error"}'

STARLETTE: Headers = (*OWN, ("Access-Control-Allow-Methods", "GET"), ("Vary", "Origin"))

PREFLIGHTS = {
    "Starlette and the origin": (answer(400, STARLETTE[1:], "Disallowed CORS origin"), "origin-mismatch"),
    "Starlette and the method": (answer(400, STARLETTE, "Disallowed CORS method"), "allow-methods-missing"),
    "Starlette and a header": (answer(400, STARLETTE, "Disallowed CORS headers"), "allow-headers-missing-header"),
    "Starlette and two of them": (answer(400, STARLETTE[1:], "Disallowed CORS origin, headers"), "origin-mismatch"),
    "a 400 that says something else": (answer(400, STARLETTE, "Disallowed"), "preflight-needs-status-ok"),
    "no OPTIONS on a REST API": (
        answer(403, error("MissingAuthenticationTokenException"), '{"message":"Missing Authentication Token"}'),
        "rest-no-options-method",
    ),
    "authorizer on OPTIONS": (answer(401, error("UnauthorizedException"), UNAUTHORIZED), "rest-options-requires-auth"),
    "a policy on OPTIONS": (answer(403, error("AccessDeniedException"), FORBIDDEN), "rest-options-requires-auth"),
    "a broken authorizer on OPTIONS": (
        answer(500, error("AuthorizerConfigurationException"), '{"message":null}'),
        "rest-options-requires-auth",
    ),
    "authorizer on OPTIONS, with gateway responses that have CORS": (
        answer(401, (*error("UnauthorizedException"), *ALLOW), UNAUTHORIZED),
        "rest-options-requires-auth",
    ),
    "API key on OPTIONS": (answer(403, error("ForbiddenException"), FORBIDDEN), "rest-options-requires-api-key"),
    "a broken mock": (answer(500, error("InternalServerErrorException"), FAILED), "rest-mock-options-broken"),
    "a mock that takes no such body": (answer(415, error("BadRequestException"), "{}"), "rest-mock-options-broken"),
    "a mock without headers": (answer(200, REST), "rest-options-missing-response-parameters"),
    "a function that fails on OPTIONS": (
        answer(502, error("InternalServerErrorException"), FAILED),
        "preflight-needs-status-ok",
    ),
    "a function that does not know OPTIONS": (answer(405, TRACED, "{}"), "preflight-needs-status-ok"),
    "a function that answers OPTIONS without headers": (answer(200, TRACED, "{}"), "handler-missing-headers"),
    "a throttled REST API": (answer(429, error("TooManyRequestsException"), "{}"), "preflight-blocked-in-front"),
    "authorizer on $default": (answer(401, HTTP, UNAUTHORIZED), "httpapi-default-route-authorizer-catches-options"),
    "Lambda authorizer on ANY": (answer(403, HTTP, FORBIDDEN), "httpapi-default-route-authorizer-catches-options"),
    "authorizer on $default, CORS configured": (
        answer(401, (*HTTP, *OWN), UNAUTHORIZED),
        "httpapi-default-route-authorizer-catches-options",
    ),
    "an HTTP API without CORS": (answer(404, HTTP, '{"message":"Not Found"}'), "httpapi-no-cors-config"),
    "an HTTP API with CORS for others": (answer(204, NO_CONTENT), "origin-mismatch"),
    "an HTTP API whose function answers OPTIONS": (answer(200, HTTP, "{}"), "httpapi-no-cors-config"),
    "an HTTP API whose backend refuses OPTIONS": (answer(405, (*HTTP, *OWN)), "preflight-needs-status-ok"),
    "a challenge": (answer(202, (("x-amzn-waf-action", "challenge"),)), "preflight-blocked-in-front"),
    "CloudFront without OPTIONS": (
        answer(
            403, EDGE, PAGE.format("This distribution is not configured to allow the HTTP request method that was used")
        ),
        "cloudfront-options-not-allowed",
    ),
    "CloudFront's WAF": (answer(403, EDGE, PAGE.format("Request blocked.")), "preflight-blocked-in-front"),
    "CloudFront with other trouble": (answer(502, EDGE, PAGE.format("Bad gateway")), "cloudfront-options-not-allowed"),
    "CloudFront in front of something silent": (
        answer(200, (("X-Amz-Cf-Id", "x"), ("X-Cache", "Miss from cloudfront"))),
        "cloudfront-drops-origin-header",
    ),
    "a load balancer without a rule": (answer(404, (("Server", "awselb/2.0"),)), "alb-options-not-routed"),
    "a redirect to the login page": (
        answer(302, (("Location", "https://login.example.com/"),)),
        "preflight-redirected",
    ),
    "some server that asks who is calling": (answer(401, ()), "preflight-blocked-in-front"),
    "some server without OPTIONS": (answer(405, ()), "preflight-needs-status-ok"),
    "some server": (answer(200, ()), "handler-missing-headers"),
    "a typo": (answer(204, (("Access-Control-Allow-Origins", "*"),)), "header-typo"),
    "a missing letter": (answer(204, (("Acess-Control-Allow-Origin", "*"),)), "header-typo"),
}

AT_A_FUNCTION_URL = {
    "no permission": (
        answer(403, error("AccessDeniedException", URL), FORBIDDEN_URL),
        "function-url-permission-missing",
    ),
    "no such URL": (
        answer(403, error("AccessDeniedException", URL), '{"Message":null}'),
        "function-url-permission-missing",
    ),
    "Cors for others": (answer(200, (*URL, ("Content-Length", "0"))), "origin-mismatch"),
    "no Cors": (answer(200, URL, "{}"), "function-url-no-cors-config"),
    "a function that fails": (answer(502, URL, "Internal Server Error"), "function-url-no-cors-config"),
    "a function that does not know OPTIONS": (answer(405, URL, "{}"), "function-url-no-cors-config"),
    "throttled": (answer(429, error("TooManyRequestsException", URL)), "preflight-blocked-in-front"),
}

CALLS = {
    "an authorizer's refusal": (
        answer(401, error("UnauthorizedException"), UNAUTHORIZED),
        "rest-missing-gateway-responses",
    ),
    "a crash behind a REST API": (
        answer(502, error("InternalServerErrorException"), FAILED),
        "rest-missing-gateway-responses",
    ),
    "a REST function": (answer(200, TRACED), "handler-missing-headers"),
    "a REST function's 404": (answer(404, TRACED), "handler-missing-headers-on-error"),
    "an HTTP API without CORS": (answer(200, HTTP, "[]"), "httpapi-no-cors-config"),
    "an HTTP API's own 404": (answer(404, HTTP, '{"message":"Not Found"}'), "httpapi-no-cors-config"),
    "a JWT authorizer": (answer(401, (*HTTP, ("www-authenticate", "Bearer")), UNAUTHORIZED), "httpapi-no-cors-config"),
    "a list of origins without this one": (answer(200, (("Vary", "Accept-Encoding, Origin"),)), "origin-mismatch"),
    "an answer that depends on something else": (
        answer(200, (("Vary", "Accept-Encoding"),)),
        "handler-missing-headers",
    ),
    "CloudFront that keeps another page's answer": (
        answer(200, (("X-Cache", "Hit from cloudfront"), ("Access-Control-Allow-Origin", "https://other.example.com"))),
        "cloudfront-caches-without-origin",
    ),
    "CloudFront that passes a wrong answer on": (
        answer(
            200, (("X-Cache", "Miss from cloudfront"), ("Access-Control-Allow-Origin", "https://other.example.com"))
        ),
        "origin-mismatch",
    ),
    "CloudFront that drops Origin": (answer(200, (("X-Amz-Cf-Id", "x"),)), "cloudfront-drops-origin-header"),
    "CloudFront's cache": (answer(200, (("X-Cache", "Hit from cloudfront"),)), "handler-missing-headers"),
    "a firewall": (answer(403, (("Server", "awselb/2.0"),)), "handler-missing-headers-on-error"),
    "a load balancer's 502": (answer(502, (("Server", "awselb/2.0"),)), "handler-missing-headers-on-error"),
    "some server": (answer(200, ()), "handler-missing-headers"),
    "two lines": (answer(200, (*TRACED, *ALLOW, *OWN)), "duplicate-headers"),
    "one line with a star in it": (
        answer(200, (*TRACED, ("Access-Control-Allow-Origin", f"*, {APP}"))),
        "duplicate-headers",
    ),
    "one line, twice the same": (answer(200, (("Access-Control-Allow-Origin", f"{APP}, {APP}"),)), "duplicate-headers"),
    "a list": (answer(200, (("Access-Control-Allow-Origin", f"{APP}, https://b"),)), "multiple-origins-in-one-header"),
    "a slash": (answer(200, (("Access-Control-Allow-Origin", f"{APP}/"),)), "origin-trailing-slash"),
    "a path": (answer(200, (("Access-Control-Allow-Origin", f"{APP}/shop"),)), "origin-mismatch"),
    "another scheme": (answer(200, (("Access-Control-Allow-Origin", "http://app.example.com"),)), "origin-mismatch"),
    "no scheme": (answer(200, (("Access-Control-Allow-Origin", "app.example.com"),)), "origin-mismatch"),
    "nothing": (answer(200, (("Access-Control-Allow-Origin", ""),)), "origin-mismatch"),
    "quotes on an HTTP API": (
        answer(200, (*HTTP, ("Access-Control-Allow-Origin", "'*'"))),
        "httpapi-rest-style-quotes",
    ),
    "quotes elsewhere": (answer(200, (*TRACED, ("Access-Control-Allow-Origin", "'*'"))), "origin-mismatch"),
    "a subdomain wildcard": (
        answer(200, (*HTTP, ("Access-Control-Allow-Origin", "https://*.example.com"))),
        "httpapi-subdomain-wildcard",
    ),
}


@pytest.mark.parametrize("name", PREFLIGHTS)
def test_a_refused_preflight_has_its_rule(name: str) -> None:
    response, rule = PREFLIGHTS[name]
    (finding,) = explained(response)
    assert (finding.rule, finding.severity, finding.route) == (rule, Severity.ERROR, "PUT /items")
    assert finding.evidence is not None
    assert (finding.evidence.stage, finding.evidence.origin) == ("preflight", APP)
    assert "CORS policy" in (finding.evidence.console or "")


@pytest.mark.parametrize("name", AT_A_FUNCTION_URL)
def test_function_urls_have_their_rules(name: str) -> None:
    response, rule = AT_A_FUNCTION_URL[name]
    (finding,) = explained(response, url=FUNCTION_URL)
    assert (finding.rule, finding.front_door) == (rule, "function_url")


@pytest.mark.parametrize("name", CALLS)
def test_a_blocked_answer_has_its_rule(name: str) -> None:
    response, rule = CALLS[name]
    (finding,) = explained(response=response, method="GET")
    assert finding.rule == rule
    failure = response.status >= 400
    assert finding.severity is (Severity.WARNING if failure else Severity.ERROR)
    assert finding.evidence is not None
    assert finding.evidence.stage == ("error-response" if failure else "actual")


def test_a_function_url_that_doubles_the_header() -> None:
    (finding,) = explained(response=answer(200, (*URL, *ALLOW, *OWN)), method="GET", url=FUNCTION_URL)
    assert finding.rule == "duplicate-headers-function-url"
    assert f"2 times (*, {APP})" in finding.message


PUT = (*OWN, ("Access-Control-Allow-Methods", "PUT"))
ANY_HEADER = (*PUT, ("Access-Control-Allow-Headers", "*"))
CREDENTIALS = ("Access-Control-Allow-Credentials", "true")
ASKED: Headers = (("X-B", "1"), ("X-A", "1"), ("Authorization", "Bearer t0ken"))


@pytest.mark.parametrize(
    ("headers", "credentials", "rule", "words"),
    [
        (OWN, "omit", "allow-methods-missing", "is missing, without PUT. Add PUT."),
        ((*OWN, ("Access-Control-Allow-Methods", "get, put")), "omit", "allow-methods-missing", "Letter case counts"),
        ((*OWN, ("Access-Control-Allow-Methods", "GET PUT")), "omit", "allow-methods-missing", "is no list of methods"),
        ((*OWN, CREDENTIALS, ("Access-Control-Allow-Methods", "*")), "include", "wildcard-with-credentials", "PUT by name"),
        ((*HTTP, *OWN, ("Access-Control-Allow-Methods", "'PUT'")), "omit", "httpapi-rest-style-quotes", "Write PUT."),
        (PUT, "omit", "allow-headers-missing-header", "is missing, without authorization, x-a, x-b"),
        ((*PUT, ("Access-Control-Allow-Headers", "X-A")), "omit", "allow-headers-missing-header", "without authorization, x-b"),
        ((*PUT, ("Access-Control-Allow-Headers", "x a")), "omit", "allow-headers-missing-header", "is no list of names"),
        ((*ANY_HEADER, CREDENTIALS), "include", "wildcard-with-credentials", "authorization by name"),
        (ALLOW, "include", "wildcard-with-credentials", f"Send {APP}"),
        (OWN, "include", "credentials-header-missing", "is missing"),
        ((*OWN, ("Access-Control-Allow-Credentials", "True")), "include", "credentials-header-missing", "says 'True'"),
    ],
)  # fmt: skip
def test_what_the_headers_lack_is_said(headers: Headers, credentials: str, rule: str, words: str) -> None:
    (finding,) = explained(answer(204, headers), headers=ASKED, credentials=credentials)
    assert finding.rule == rule
    assert words in finding.message


def test_the_standard_alone_blocks_authorization_under_a_star() -> None:
    (finding,) = explained(answer(204, ANY_HEADER), headers=ASKED, profile="standard")
    assert finding.rule == "allow-headers-wildcard-authorization"
    (finding,) = explained(answer(204, ANY_HEADER), answer(200, ALLOW), headers=ASKED)
    assert (finding.rule, finding.severity) == ("allow-headers-wildcard-authorization", Severity.WARNING)


def test_an_allowed_call_may_not_be_as_it_seems() -> None:
    allowed = answer(200, (*OWN, CREDENTIALS))
    (cookie,) = explained(response=allowed, method="GET", credentials="include")
    assert (cookie.rule, cookie.severity, cookie.category) == ("cookie-not-sent", Severity.INFO, Category.ADVICE)
    (local,) = explained(response=allowed, method="GET", url="http://localhost:3000/")
    assert (local.rule, local.severity) == ("local-network-access", Severity.INFO)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("http://app.example.com", "another scheme"),
        ("https://www.example.com:8443", "another host and port"),
        ("https://app.example.com/x", "an origin has no path"),
        ("app.example.com", "the scheme is missing"),
        ("", "it is empty"),
        ("null", "that is no origin"),
        ("HTTPS://app.example.com", "the same to the letter"),
    ],
)
def test_the_difference_between_origins_is_named(got: str, words: str) -> None:
    (finding,) = explained(response=answer(200, (("Access-Control-Allow-Origin", got),)), method="GET")
    assert words in finding.message


EMPTY = ("Content-Length", "0")
SILENT = answer(200, (*URL, EMPTY))
SPEAKING = answer(200, (*URL, EMPTY, *OWN))


@pytest.mark.parametrize(
    ("url", "headers", "probe", "rule"),
    [
        (API, HTTP, answer(204, NO_CONTENT), "origin-mismatch"),
        (API, HTTP, answer(404, HTTP, '{"message":"Not Found"}'), "httpapi-no-cors-config"),
        (FUNCTION_URL, URL, SILENT, "origin-mismatch"),
        (FUNCTION_URL, URL, answer(200, URL, "{}"), "function-url-no-cors-config"),
    ],
)
def test_a_preflight_shows_who_configures_cors(url: str, headers: Headers, probe: Response, rule: str) -> None:
    (finding,) = explained(response=answer(200, headers), method="GET", url=url, probes=[probe])
    assert (finding.rule, finding.confidence) == (rule, Confidence.HIGH)


@pytest.mark.parametrize(
    ("headers", "probes", "rule", "words"),
    [
        ((("X-B", "1"), ("X-A", "1")), [SPEAKING], "allow-headers-missing-header", "Add x-a, x-b to AllowHeaders"),
        ((("X-A", "1"),), [SILENT, SPEAKING], "allow-methods-missing", "Add PUT to AllowMethods"),
        ((), [SPEAKING], "allow-methods-missing", "Add PUT to AllowMethods"),
        ((), [SILENT] * 4, "origin-mismatch", f"Add {APP} exactly to AllowOrigins"),
    ],
)
def test_preflights_show_what_a_function_url_refuses(
    headers: Headers, probes: list[Response], rule: str, words: str
) -> None:
    (finding,) = explained(SILENT, method="PUT", headers=headers, url=FUNCTION_URL, probes=probes)
    assert (finding.rule, finding.confidence) == (rule, Confidence.HIGH)
    assert words in finding.message


def test_a_probe_that_says_nothing_leaves_the_cause_as_it_was() -> None:
    for probes in ([answer(204, (*NO_CONTENT, *OWN))], [answer(500, HTTP, "{}")], []):
        (finding,) = explained(response=answer(200, HTTP), method="GET", probes=probes)
        assert (finding.rule, finding.confidence) == ("httpapi-no-cors-config", Confidence.MEDIUM)
    allowing = answer(204, (*URL, *OWN))
    (finding,) = explained(response=answer(200, URL), method="GET", url=FUNCTION_URL, probes=[allowing])
    assert finding.rule == "handler-missing-headers"


def test_what_is_no_matter_of_cors_has_no_finding() -> None:
    assert explained() == ()
    assert explained(response=answer(200, ALLOW), method="GET") == ()
    assert explained(response=answer(200, ALLOW), method="GET", url="http://api.example.net/") == ()


def test_no_secret_is_in_a_finding() -> None:
    secret = "t0ken"
    url = f"{API}?token={secret}"
    headers = (("Authorization", f"Bearer {secret}"), ("X-Api-Key", secret), ("Content-Type", "application/json"))
    for response in (answer(403, (("Set-Cookie", secret),)), answer(302, (("Location", f"{url}&again=1"),))):
        (finding,) = explained(response, headers=headers, url=url)
        assert secret not in str(finding)
        assert finding.evidence is not None
        assert ("Content-Type", "application/json") in finding.evidence.asked


def test_every_row_says_what_to_do_and_medium_rows_say_what_else() -> None:
    everything = [(PREFLIGHTS, API, "PUT"), (AT_A_FUNCTION_URL, FUNCTION_URL, "PUT")]
    for table, url, method in everything:
        for response, _ in table.values():
            (finding,) = explained(response, url=url, method=method)
            assert re.search(r"\. [A-Z][^.]+", finding.message), finding.message
            assert "{" not in finding.message.replace("{proxy+}", "")
            assert finding.confidence in Confidence
