"""What people paste, and what it means."""

# ruff: noqa: E501 - messages are quoted whole

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsmith.api.exchange import Response
from corsmith.browser import PROFILES, Page, PageRequest, drive, fetch
from corsmith.explain import Explained, explain
from corsmith.explain.causes import CAUSES, SYMPTOMATIC
from corsmith.explain.symptoms import SYMPTOMS
from corsmith.explain.wording import CHROME, FIREFOX, SAFARI

RECORDED = json.loads((Path(__file__).parents[1] / "browser/data/recorded.json").read_text(encoding="utf-8"))
CHROMIUM_S_NAME = {
    "CORSMissingAllowOrigin2": "MissingAllowOriginHeader",
    "CORSAllowOriginNotMatchingOrigin": "AllowOriginMismatch",
    "CORSMultipleAllowOriginNotAllowed": "MultipleAllowOriginValues",
    "CORSNotSupportingCredentials": "WildcardOriginNotAllowed",
    "CORSMissingAllowCredentials": "InvalidAllowCredentials",
    "CORSPreflightDidNotSucceed3": "PreflightInvalidStatus",
    "CORSExternalRedirectNotAllowed": "PreflightDisallowedRedirect",
    "CORSMethodNotFound": "MethodDisallowedByPreflightResponse",
    "CORSInvalidAllowMethod": "InvalidAllowMethodsPreflightResponse",
    "CORSInvalidAllowHeader": "InvalidAllowHeadersPreflightResponse",
    "CORSMissingAllowHeaderFromPreflight2": "HeaderDisallowedByPreflightResponse",
    "CORSDidNotSucceed2": "net::ERR_FAILED",
}
PRINTED = [
    pytest.param(each[browser]["error"], each[browser]["console"], browser, id=f"{browser}-{each['case']['name']}")
    for each in RECORDED
    for browser in ("chromium", "firefox")
    if each[browser]["console"] and not each[browser]["allowed"]
]
PAGE, API = "https://app.example.com", "https://abc.execute-api.eu-west-1.amazonaws.com/prod/items"


def one(text: str, status: int | None = None) -> Explained:
    """Return the only thing that a text says."""
    (found,) = explain(text, status)
    return found


def rules(found: Explained) -> list[str]:
    """Return the causes' rules, the likeliest first."""
    return [cause.rule for cause in found.causes]


@pytest.mark.parametrize(("error", "console", "browser"), PRINTED)
def test_everything_that_was_recorded(error: str, console: list[str], browser: str) -> None:
    wanted: str | None = CHROMIUM_S_NAME.get(error, error)
    if error.startswith(("blocked:", "js:")):
        wanted = "DisallowedByMode" if "Security Error" in console[0] else None
    for text in (console[0], "\n".join(console), noisy("\n".join(console))):
        found = one(text)
        assert found.message.error == wanted
        assert found.message.url is not None
        assert "/c/k" in found.message.url
        assert found.message.browser in (None, "chrome" if browser == "chromium" else "firefox")
        assert bool(found.message.not_cors) is (wanted in (None, "net::ERR_FAILED"))


def noisy(text: str) -> str:
    """Return a text as it is pasted: with other quotes, breaks, and what stands around it."""
    wrapped = text.replace(" ", "\n  ", 3).replace("'Access", "‘Access").replace("Origin' ", "Origin’ ")
    return (
        "main.js:12 \x1b[31mUncaught (in promise)\x1b[0m something before\n"
        + wrapped
        + "\n    at async load (webpack-internal:///./src/App.js:42:7)\n    (anonymous) @ main.js:1\n"
    )


def test_all_at_once() -> None:
    texts = [
        (each["chromium"]["console"][0], each["chromium"]["error"])
        for each in RECORDED
        if each["chromium"]["error"] and each["chromium"]["console"]
    ]
    found = explain("\n".join(text for text, _ in texts if "CORS policy" in text))
    assert [each.message.error for each in found] == [error for text, error in texts if "CORS policy" in text]


MESSAGES = [
    # Chrome, today
    (
        f"Access to XMLHttpRequest at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.\nzone.js:2863 POST {API} net::ERR_FAILED 403 (Forbidden)",
        {
            "browser": "chrome",
            "error": "PreflightMissingAllowOriginHeader",
            "origin": PAGE,
            "url": API,
            "status": 403,
            "method": "POST",
            "header": "Access-Control-Allow-Origin",
        },
    ),
    (
        f"Access to fetch at '{API}' (redirected from 'https://x.example/') from origin '{PAGE}' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header contains the invalid value ''*''. Have the server send the header with a valid value.",
        {"browser": "chrome", "error": "InvalidAllowOriginValue", "url": API, "value": "'*'"},
    ),
    (
        f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Request header field x-api-key is not allowed by Access-Control-Allow-Headers in preflight response.",
        {"browser": "chrome", "error": "HeaderDisallowedByPreflightResponse", "header": "x-api-key", "value": None},
    ),
    (
        f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.\nFailed to load resource: net::ERR_FAILED",
        {"browser": "chrome", "error": "MethodDisallowedByPreflightResponse", "method": "PATCH", "status": None},
    ),
    (
        f"Access to fetch at 'http://localhost:3000/' from origin '{PAGE}' has been blocked by CORS policy: Permission was denied for this request to access the `loopback` address space.",
        {"browser": "chrome", "error": "LocalNetworkAccessPermissionDenied", "value": "loopback"},
    ),
    (
        "Access to script at 'file:///x.js' from origin 'null' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, data, https.",
        {"browser": "chrome", "error": "CorsDisabledScheme", "url": "file:///x.js", "origin": "null"},
    ),
    (
        'Fetch API cannot load file:///x. URL scheme "file" is not supported.',
        {"browser": "chrome", "error": "CorsDisabledScheme", "url": "file:///x"},
    ),
    # Chrome, before
    (
        "XMLHttpRequest cannot load http://api.example.com/x. No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'http://localhost:8080' is therefore not allowed access. The response had HTTP status code 403.",
        {
            "browser": "chrome",
            "error": "MissingAllowOriginHeader",
            "url": "http://api.example.com/x",
            "origin": "http://localhost:8080",
            "status": 403,
        },
    ),
    (
        "Failed to load https://api.example.com/x: Response for preflight has invalid HTTP status code 405.",
        {"browser": "chrome", "error": "PreflightInvalidStatus", "url": "https://api.example.com/x", "status": 405},
    ),
    (
        "Failed to load https://api.example.com/x: Response to preflight request doesn't pass access control check: The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'. Origin 'http://localhost:4200' is therefore not allowed access. The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.",
        {
            "browser": "chrome",
            "error": "PreflightWildcardOriginNotAllowed",
            "origin": "http://localhost:4200",
            "value": "*",
        },
    ),
    (
        "Redirect from 'https://a.example/' to 'https://b.example/' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'https://app.example.com' is therefore not allowed access.",
        {"browser": "chrome", "error": "MissingAllowOriginHeader", "url": "https://b.example/", "origin": PAGE},
    ),
    (
        "Failed to load https://a.example/: Response to preflight request doesn't pass access control check: Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is ''. It must be 'true' to allow credentials.",
        {"browser": "chrome", "error": "PreflightInvalidAllowCredentials", "value": ""},
    ),
    # A body alone
    (
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        {"browser": "chrome", "error": "MissingAllowOriginHeader", "url": None},
    ),
    # Firefox
    (
        f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 502.\nCross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: CORS request did not succeed). Status code: (null).",
        {"browser": "firefox", "error": "MissingAllowOriginHeader", "url": API, "status": 502},
    ),
    (
        f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: CORS header 'Access-Control-Allow-Origin' missing).[Learn More]",
        {"browser": "firefox", "error": "MissingAllowOriginHeader", "url": API},
    ),
    (
        f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: missing token ‘authorization’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).",
        {"browser": "firefox", "error": "HeaderDisallowedByPreflightResponse", "header": "authorization"},
    ),
    (
        f"Blocage d’une requête multiorigines (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource distante située sur {API}. Raison : l’en-tête CORS « Access-Control-Allow-Origin » est manquant. Code d’état : 403.",
        {"browser": "firefox", "error": "MissingAllowOriginHeader", "url": API},
    ),
    # Safari
    *(
        (
            f"[Error] {reason}\n[Error] Fetch API cannot load {API} due to access control checks.\n[Error] Failed to load resource: {reason} (items, line 0)",
            {"browser": "safari", "url": API, **facts},
        )
        for reason, facts in (
            (
                f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 502",
                {"error": "MissingAllowOriginHeader", "origin": PAGE, "status": 502},
            ),
            (
                f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin.",
                {"error": "MissingAllowOriginHeader", "origin": PAGE, "status": None},
            ),
            (
                "Access-Control-Allow-Origin cannot contain more than one origin.",
                {"error": "MultipleAllowOriginValues"},
            ),
            (
                "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
                {"error": "WildcardOriginNotAllowed"},
            ),
            (
                'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
                {"error": "InvalidAllowCredentials"},
            ),
            (
                "Preflight response is not successful. Status code: 403",
                {"error": "PreflightInvalidStatus", "status": 403},
            ),
            (
                "Header Access-Control-Allow-Methods has an invalid value: GET POST",
                {"error": "InvalidAllowMethodsPreflightResponse", "value": "GET POST"},
            ),
            (
                "Header Access-Control-Allow-Headers has an invalid value: a b",
                {"error": "InvalidAllowHeadersPreflightResponse", "value": "a b"},
            ),
            (
                "Method PUT is not allowed by Access-Control-Allow-Methods.",
                {"error": "MethodDisallowedByPreflightResponse", "method": "PUT"},
            ),
            (
                "Request header field X-Custom is not allowed by Access-Control-Allow-Headers.",
                {"error": "HeaderDisallowedByPreflightResponse", "header": "x-custom"},
            ),
        )
    ),
    (
        f"Cross-origin redirection to https://b.example/ denied by Cross-Origin Resource Sharing policy: Origin {PAGE} is not allowed by Access-Control-Allow-Origin.",
        {"browser": "safari", "error": "MissingAllowOriginHeader", "origin": PAGE},
    ),
]


@pytest.mark.parametrize(("text", "facts"), MESSAGES)
def test_a_message(text: str, facts: dict[str, Any]) -> None:
    for pasted in (text, noisy(text) if "«" not in text else text, text.replace("'", "’").replace('"', "”")):
        message = one(pasted).message
        assert {name: getattr(message, name) for name in facts} == facts


@pytest.mark.parametrize(
    "wording", [*CHROME, *FIREFOX, *SAFARI], ids=lambda wording: f"{wording.browser}-{wording.error}"
)
def test_every_wording_has_causes_or_says_what_it_is(wording: Any) -> None:
    known = wording.error in CAUSES or wording.error.startswith("net::")
    assert known or wording.error in {
        "DisallowedByMode",
        "CorsDisabledScheme",
        "InvalidResponse",
        "NoCorsRedirectModeNotFollow",
        "RedirectContainsCredentials",
    }


@pytest.mark.parametrize(
    ("text", "error", "rule"),
    [
        ("OPTIONS returns 403", "PreflightMissingAllowOriginHeader", "rest-no-options-method"),
        ("I get a 401 on the preflight", "PreflightMissingAllowOriginHeader", "rest-options-requires-auth"),
        ("preflight fails with 500", "PreflightMissingAllowOriginHeader", "rest-mock-options-broken"),
        ("works in Postman", "MissingAllowOriginHeader", "handler-missing-headers"),
        ("curl works fine, Chrome does not", "MissingAllowOriginHeader", "handler-missing-headers"),
        ("GET works but POST fails", "PreflightMissingAllowOriginHeader", "allow-headers-missing-header"),
        ("only 500s", "MissingAllowOriginHeader", "rest-missing-gateway-responses"),
        ("CORS error only when the lambda throws", "MissingAllowOriginHeader", "rest-missing-gateway-responses"),
        ("it breaks when my function returns 500", "MissingAllowOriginHeader", "rest-missing-gateway-responses"),
        (
            "fails when I add the Authorization header",
            "HeaderDisallowedByPreflightResponse",
            "allow-headers-missing-header",
        ),
        ("blocked with credentials: 'include'", "WildcardOriginNotAllowed", "wildcard-with-credentials"),
        ("works locally, not on AWS", "AllowOriginMismatch", "origin-mismatch"),
        ("the header is sent twice", "MultipleAllowOriginValues", "duplicate-headers"),
        ("the preflight is answered with a redirect", "PreflightDisallowedRedirect", "preflight-redirected"),
        ('{"message":"Missing Authentication Token"}', "PreflightMissingAllowOriginHeader", "rest-no-options-method"),
        ("CORS issue", "MissingAllowOriginHeader", "rest-no-options-method"),
    ],
)
def test_a_symptom(text: str, error: str, rule: str) -> None:
    found = one(text)
    assert found.message.browser is None
    assert found.message.error == error
    assert found.causes[0].rule == rule


@pytest.mark.parametrize("text", ["TypeError: Failed to fetch", "TypeError: Load failed", "AxiosError: Network Error"])
def test_what_a_script_is_told_says_nothing(text: str) -> None:
    found = one(text)
    assert (found.message.error, found.causes) == (None, ())
    assert "paste that one" in found.remark


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            "Refused to connect to 'https://x/' because it violates the following Content Security Policy directive: \"connect-src 'self'\".",
            "Content Security Policy",
        ),
        (
            "Connecting to 'https://x/' violates the following Content Security Policy directive: \"connect-src\". The action has been blocked.",
            "Content Security Policy",
        ),
        ("[Error] Blocked by Content Security Policy.", "Content Security Policy"),
        (
            "Mixed Content: The page at 'https://a/' was loaded over HTTPS, but requested an insecure resource 'http://b/'.",
            "mixed content",
        ),
        ("Blocked loading mixed active content “http://b/”", "mixed content"),
        ("GET https://x/ net::ERR_BLOCKED_BY_ORB", "opaque response"),
        ("Response was blocked by ORB (Opaque Response Blocking)", "opaque response"),
        ("GET https://x/ net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin 200", "Cross-Origin-Resource-Policy"),
        ("POST https://x/ net::ERR_BLOCKED_BY_CLIENT", "extension"),
        ("[Error] Blocked by content extension", "extension"),
        ("GET https://x/ net::ERR_NAME_NOT_RESOLVED", "DNS"),
        ("GET https://x/ net::ERR_CERT_AUTHORITY_INVALID", "TLS"),
        ("GET https://x/ net::ERR_CONNECTION_REFUSED", "network"),
        (
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://x/. (Reason: CORS request did not succeed). Status code: (null).",
            "network",
        ),
    ],
)
def test_what_is_not_cors(text: str, what: str) -> None:
    found = one(text)
    assert what.lower() in str(found.message.not_cors).lower()
    assert found.causes == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello world",
        "TypeError: x is undefined",
        "404 Not Found",
        "GET https://x/ 200",
        "the preflight check of the pilot",
    ],
)
def test_junk_is_not_known(text: str) -> None:
    assert explain(text) == ()


@pytest.mark.parametrize(
    ("url", "door", "first"),
    [
        ("https://a.lambda-url.us-east-1.on.aws/", "function_url", "function-url-no-cors-config"),
        ("https://d111.cloudfront.net/x", "cloudfront", "cloudfront-options-not-allowed"),
        ("https://lb-1.eu-west-1.elb.amazonaws.com/x", "alb", "preflight-needs-status-ok"),
        ("https://a.execute-api.us-east-1.amazonaws.com/prod/x", "unknown", "rest-no-options-method"),
        ("https://a.execute-api.us-east-1.amazonaws.com/x", "unknown", "httpapi-no-cors-config"),
        ("https://a.execute-api.cn-north-1.amazonaws.com.cn/dev", "unknown", "rest-no-options-method"),
        ("https://api.example.com/x", "unknown", "rest-no-options-method"),
        ("https://evil.com/?a.lambda-url.us-east-1.on.aws", "unknown", "rest-no-options-method"),
    ],
)
def test_the_front_door(url: str, door: str, first: str) -> None:
    found = one(
        f"Access to fetch at '{url}' from origin '{PAGE}' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    )
    assert found.front_door == door
    assert found.causes[0].rule == first if door != "alb" else first in rules(found)
    own = {"function_url": "rest", "cloudfront": "rest", "alb": "rest"}.get(door)
    assert own is None or not any(rule.startswith((own, "httpapi")) for rule in rules(found))


def test_both_front_doors_are_ranked_where_the_host_is_either_s() -> None:
    found = rules(
        one(
            f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
        )
    )
    assert "rest-missing-gateway-responses" in found
    assert "httpapi-no-cors-config" in found
    assert not any(rule.startswith(("function-url", "alb", "cloudfront")) for rule in found)


@pytest.mark.parametrize(
    ("status", "rule"),
    [(401, "rest-options-requires-auth"), (403, "rest-no-options-method"), (500, "rest-mock-options-broken")],
)
def test_the_status_decides(status: int, rule: str) -> None:
    text = f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource."
    assert one(text, status).causes[0].rule == rule
    assert one(text, status).message.status == status
    assert one(f"{text} GET {API} net::ERR_FAILED 401", status).message.status == 401


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("https://app.example.com/", "origin-trailing-slash"),
        ("https://other.example", "origin-mismatch"),
        ("https://*.example.com", "httpapi-subdomain-wildcard"),
    ],
)
def test_the_value_decides(value: str, rule: str) -> None:
    text = f"Access to fetch at 'https://x.example/' from origin '{PAGE}' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to the supplied origin."
    assert one(text).causes[0].rule == rule


def test_a_list_and_a_doubled_header_are_told_apart() -> None:
    text = "The 'Access-Control-Allow-Origin' header contains multiple values '{}', but only one is allowed."
    assert rules(one(text.format("https://a, https://b")))[0] == "multiple-origins-in-one-header"
    assert rules(one(text.format("*, *")))[-1] == "multiple-origins-in-one-header"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (
            f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Request header field authorization is not allowed by Access-Control-Allow-Headers in preflight response.",
            f"corsmith check {API} --origin {PAGE} --header 'authorization: Bearer token'",
        ),
        (
            f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
            f"corsmith check {API} --origin {PAGE} --method PUT",
        ),
        (
            f"Access to fetch at '{API}?a=1&b=2' from origin '{PAGE}' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
            f"corsmith check '{API}?a=1&b=2' --origin {PAGE} --credentials",
        ),
        ("OPTIONS returns 403", "corsmith check https://YOUR-API/PATH --origin https://YOUR-PAGE --method POST"),
        (
            f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). at load (http://localhost:5173/src/App.js:3:9)",
            f"corsmith check {API} --origin http://localhost:5173",
        ),
        (
            f"Access to fetch at 'https://x.example/it's' from origin '{PAGE}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            f"corsmith check 'https://x.example/it'\"'\"'s' --origin {PAGE}",
        ),
    ],
)
def test_the_command_that_decides(text: str, command: str) -> None:
    assert one(text).next == command


def test_what_firefox_and_safari_leave_open() -> None:
    text = f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {API}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."
    assert {"rest-no-options-method", "handler-missing-headers"} & set(rules(one(text))) == {"handler-missing-headers"}
    assert "rest-options-missing-response-parameters" in rules(one(text))


def test_several_calls() -> None:
    line = "Access to fetch at 'https://{}.example/' from origin 'https://app.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.\n{}.js:1 GET https://{}.example/ net::ERR_FAILED {}\n"
    found = explain(line.format("a", "a", "a", 500) + line.format("b", "b", "b", 404) + line.format("a", "a", "a", 500))
    assert [(each.message.url, each.message.status) for each in found] == [
        ("https://a.example/", 500),
        ("https://b.example/", 404),
    ]


def test_symptoms_and_causes_belong_together() -> None:
    names = [symptom.name for symptom in SYMPTOMS]
    assert len(names) == len(set(names))
    assert set(SYMPTOMATIC) <= set(names)
    assert all(symptom.error is None or symptom.error in CAUSES or symptom.name in SYMPTOMATIC for symptom in SYMPTOMS)


CATALOGUE = re.compile(r"[a-z]+(?:-[a-z]+)+")


def test_every_cause_is_a_rule_s_id() -> None:
    for rows in (*CAUSES.values(), *SYMPTOMATIC.values()):
        for row in rows:
            assert CATALOGUE.fullmatch(row.rule)
            assert row.doors
            assert row.why


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    for each in explain(text):
        assert each.next.startswith("corsmith check ")


@given(st.sampled_from([text for text, _ in MESSAGES]), st.integers(0, 400), st.integers(0, 400), st.text(max_size=10))
def test_no_damaged_message_raises(text: str, start: int, length: int, instead: str) -> None:
    explain(text[:start] + instead + text[start + length :])


@pytest.mark.parametrize("profile", ["chromium", "firefox", "webkit"])
@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (Response(403), {}),
        (Response(200, (("Access-Control-Allow-Origin", "https://x.example"),)), {}),
        (Response(200, (("Access-Control-Allow-Origin", "*"),)), {"credentials": "include"}),
        (Response(200, (("Access-Control-Allow-Origin", PAGE),)), {"credentials": "include"}),
        (Response(500, (("Access-Control-Allow-Origin", PAGE),)), {"method": "PUT"}),
        (Response(204, (("Access-Control-Allow-Origin", PAGE),)), {"method": "PUT"}),
        (Response(204, (("Access-Control-Allow-Origin", PAGE),)), {"headers": (("X-A", "1"),)}),
        (
            Response(204, (("Access-Control-Allow-Origin", PAGE), ("Access-Control-Allow-Methods", "a b"))),
            {"method": "PUT"},
        ),
    ],
)
def test_what_the_model_prints_is_understood(profile: str, answer: Response, asked: dict[str, Any]) -> None:
    verdict = drive(fetch(Page(PAGE), PageRequest(API, **asked), profile), lambda ask: answer)
    found = one(str(verdict.console))
    assert found.message.url == API
    if profile == "chromium":
        assert found.message.error == verdict.error
    elif profile == "webkit" and "Mismatch" in str(verdict.error):
        assert found.message.error == "MissingAllowOriginHeader"
    else:
        assert verdict.failure is not None
        assert found.message.error == verdict.failure.kind.chromium
    assert profile in PROFILES
