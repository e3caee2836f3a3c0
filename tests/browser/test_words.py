"""Words: console texts, steps, advice, what a throwing API says."""

# ruff: noqa: E501 - messages are quoted whole

from __future__ import annotations

import pytest

from corsmith.api.exchange import NetworkFailure, Response
from corsmith.browser import Kind, Page, PageRequest, simulate
from corsmith.browser.site import registrable_domain, same_site
from corsmith.browser.steps import NAMES, REASONS

from .calls import ALLOWING, API, PAGE, allowing, judge
from .recorded import RECORDED

BLOCKED = f"Access to fetch at '{API}' from origin '{PAGE}' has been blocked by CORS policy: "


def test_chromium_says_preflight_before_some() -> None:
    verdict = judge(Response(403), method="PUT")
    assert verdict.console == (
        BLOCKED + "Response to preflight request doesn't pass access control check: "
        "No 'Access-Control-Allow-Origin' header is present on the requested resource."
    )
    assert judge(allowing(204), method="PUT").console == (
        BLOCKED + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
    )


def test_chromium_has_tails() -> None:
    wrong, star = (
        Response(200, (("Access-Control-Allow-Origin", "https://x"),)),
        Response(200, (("Access-Control-Allow-Origin", "*"),)),
    )
    tail = " Have the server send the header with a valid value."
    assert str(judge(wrong).console).endswith("supplied origin." + tail)
    assert str(judge(wrong, via="xhr").console).endswith("supplied origin.")
    assert "Access to XMLHttpRequest at" in str(judge(wrong, via="xhr").console)
    assert str(judge(star, credentials="include").console).endswith("'include'.")
    assert str(judge(star, credentials="include", via="xhr").console).endswith(
        "is controlled by the withCredentials attribute."
    )


def test_chromium_names_both_ends_of_a_redirect() -> None:
    verdict = judge(allowing(302, ("Location", "https://b.example/x")), Response(200))
    assert f"at 'https://b.example/x' (redirected from '{API}') from origin" in str(verdict.console)


def test_chromium_escapes_odd_bytes() -> None:
    verdict = judge(Response(200, (("Access-Control-Allow-Origin", "https://a\x0b\xe9"),)))
    assert "'https://a\\u000B\\u00E9'" in str(verdict.console)


@pytest.mark.parametrize(
    ("asked", "page", "text"),
    [
        (
            {"mode": "same-origin"},
            Page(PAGE),
            f'Fetch API cannot load {API}. Request mode is "same-origin" but the URL\'s origin is not same as the request origin {PAGE}.',
        ),
        (
            {"mode": "no-cors", "redirect": "error"},
            Page(PAGE),
            f'Fetch API cannot load {API}. Request mode is "no-cors" but the redirect mode is not "follow".',
        ),
        ({"url": "foo:bar"}, Page(PAGE), 'Fetch API cannot load foo:bar. URL scheme "foo" is not supported.'),
        (
            {"url": "http://a.example/"},
            Page(PAGE),
            (
                f"Mixed Content: The page at '{PAGE}/' was loaded over HTTPS, but requested an insecure resource 'http://a.example/'. "
                "This request has been blocked; the content must be served over HTTPS."
            ),
        ),
        (
            {"url": "http://localhost:3000/"},
            Page(PAGE, "denied"),
            (
                f"Access to fetch at 'http://localhost:3000/' from origin '{PAGE}' has been blocked by CORS policy: Permission was denied for "
                "this request to access the `loopback` address space."
            ),
        ),
        (
            {"url": "http://10.0.0.1/"},
            Page("http://a.example", "denied"),
            (
                "Access to fetch at 'http://10.0.0.1/' from origin 'http://a.example' has been blocked by CORS policy: The request client "
                "is not a secure context and the resource is in more-private address space `local`."
            ),
        ),
        ({"url": "https://a.example:22/"}, Page(PAGE), "GET https://a.example:22/ net::ERR_UNSAFE_PORT"),
        ({"method": "TRACE"}, Page(PAGE), None),
    ],
)
def test_chromium_before_any_request(asked: dict[str, str], page: Page, text: str | None) -> None:
    assert judge(page=page, **asked).console == text


def test_chromium_after_a_redirect_out_of_the_own_origin() -> None:
    verdict = judge(Response(302, (("Location", API),)), url=PAGE + "/x", mode="same-origin")
    assert (verdict.error, verdict.console) == ("blocked:origin", None)
    scheme = judge(allowing(302, ("Location", "foo:bar")))
    assert "Cross origin requests are only supported for protocol schemes: chrome, " in str(scheme.console)
    userinfo = judge(allowing(302, ("Location", "https://u:p@a.example/")))
    assert str(userinfo.console).endswith(
        "contains a username and password, which is disallowed for cross-origin requests."
    )
    assert judge(allowing(302, ("Location", "data:,x"))).console == f"GET {API} net::ERR_UNSAFE_REDIRECT"


FIREFOX = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "


@pytest.mark.parametrize(
    ("answer", "asked", "text"),
    [
        (
            Response(403),
            {},
            f"{FIREFOX}{API}. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 403.",
        ),
        (
            Response(200, (("Access-Control-Allow-Origin", "*"),)),
            {"credentials": "include"},
            f"{FIREFOX}‘{API}’. (Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        ),
        (
            Response(200, (("Access-Control-Allow-Origin", "\xff\xc3\xa9"),)),
            {},
            f"{FIREFOX}{API}. (Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘\ufffdé’).",
        ),
        (NetworkFailure("x"), {}, f"{FIREFOX}{API}. (Reason: CORS request did not succeed). Status code: (null)."),
        (
            allowing(500),
            {"method": "PUT"},
            f"{FIREFOX}{API}. (Reason: CORS preflight response did not succeed). Status code: 500.",
        ),
        (Response(200), {"mode": "same-origin"}, f"Security Error: Content at {PAGE}/ may not load data from {API}."),
        (Response(200), {"url": "http://a.example/"}, "Blocked loading mixed active content “http://a.example/”"),
        (
            Response(200, (("Cross-Origin-Resource-Policy", "same-site"),)),
            {"mode": "no-cors"},
            (
                f"The resource at “{API}” was blocked due to its Cross-Origin-Resource-Policy header (or lack thereof). "
                "See https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"
            ),
        ),
        (NetworkFailure("x"), {"url": PAGE}, None),
        (Response(302, (("Location", "/x"),)), {"redirect": "error", "url": PAGE}, None),
        (Response(200), {"method": "TRACE"}, None),
        (
            Response(200),
            {"url": "foo:x"},
            f"{FIREFOX}foo:x. (Reason: CORS request not http).",
        ),
    ],
)
def test_firefox(answer: Response, asked: dict[str, str], text: str | None) -> None:
    assert judge(answer, profile="firefox", **asked).console == text


@pytest.mark.parametrize(
    ("location", "own", "error"),
    [
        ("http://a.example/", False, "CORSDidNotSucceed2"),
        ("http://a.example/", True, "js:TypeError: NetworkError when attempting to fetch resource."),
        ("https://u:p@a.example/", True, "CORSDidNotSucceed2"),
        ("https://a.example:22/", True, "CORSDidNotSucceed2"),
        ("data:,x", True, "js:TypeError: NetworkError when attempting to fetch resource."),
    ],
)
def test_what_firefox_says_after_redirects(location: str, own: bool, error: str) -> None:
    url = PAGE + "/x" if own else API
    assert judge(allowing(302, ("Location", location)), profile="firefox", url=url).error == error


def test_firefox_tells_a_script_of_xmlhttprequest_nothing() -> None:
    lost = judge(NetworkFailure("x"), profile="firefox", url=PAGE, via="xhr")
    assert lost.error == "js:xhr onerror"
    assert judge(NetworkFailure("x"), profile="firefox", mode="no-cors").error == (
        "js:TypeError: NetworkError when attempting to fetch resource."
    )
    assert (
        judge(profile="firefox", url="https://a.example:22/").error
        == "js:TypeError: NetworkError when attempting to fetch resource."
    )


@pytest.mark.parametrize(
    ("answer", "asked", "reason"),
    [
        (Response(502), {}, f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 502"),
        (
            Response(200, (("Access-Control-Allow-Origin", "a, b"),)),
            {},
            "Access-Control-Allow-Origin cannot contain more than one origin.",
        ),
        (
            Response(200, (("Access-Control-Allow-Origin", "*"),)),
            {"credentials": "include"},
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        ),
        (
            allowing(),
            {"credentials": "include"},
            'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
        ),
        (Response(403), {"method": "PUT"}, "Preflight response is not successful. Status code: 403"),
        (allowing(204), {"method": "PUT"}, "Method PUT is not allowed by Access-Control-Allow-Methods."),
        (
            allowing(204),
            {"headers": (("X-Custom", "1"),)},
            "Request header field X-Custom is not allowed by Access-Control-Allow-Headers.",
        ),
        (
            allowing(204, ("Access-Control-Allow-Headers", "a b")),
            {"method": "PUT"},
            "Header Access-Control-Allow-Headers has an invalid value: a b",
        ),
        (
            allowing(302, ("Location", "/x")),
            {"redirect": "error"},
            f"Not allowed to follow a redirection while loading {API}",
        ),
    ],
)
def test_safari(answer: Response, asked: dict[str, str], reason: str) -> None:
    verdict = judge(answer, profile="webkit", **asked)
    assert verdict.console == f"{reason}\nFetch API cannot load {API} due to access control checks."


def test_safari_without_a_reason() -> None:
    assert judge(NetworkFailure("x"), profile="webkit", via="xhr").console == (
        f"XMLHttpRequest cannot load {API} due to access control checks."
    )
    assert judge(profile="webkit", method="TRACE").console is None
    assert (
        judge(profile="webkit", mode="same-origin").console
        == f"Fetch API cannot load {API} due to access control checks."
    )


def test_an_allowed_call_prints_nothing() -> None:
    assert all(
        judge(profile=profile).console is None for profile in ("chromium", "firefox", "webkit", "standard", "model")
    )


@pytest.mark.parametrize(
    ("asked", "chromium", "firefox"),
    [
        ({"url": "//x"}, "Failed to parse URL from //x", "//x is not a valid URL."),
        (
            {"url": "https://u:p@a/"},
            "Request cannot be constructed from a URL that includes credentials: https://u:p@a/",
            "https://u:p@a/ is an url with embedded credentials.",
        ),
        ({"method": "é"}, "'é' is not a valid HTTP method.", "Invalid request method \ufffd."),
        ({"method": ""}, "'' is not a valid HTTP method.", "Invalid request method ."),
        ({"method": "connect"}, "'connect' HTTP method is unsupported.", "Invalid request method connect."),
        ({"method": "put", "mode": "no-cors"}, "'PUT' is unsupported in no-cors mode.", "Invalid request method PUT."),
        ({"headers": (("a b", "1"),)}, "Invalid name", "a b is an invalid header name."),
        ({"headers": (("a", "1\n2"),)}, "Invalid value", "1\n2 is an invalid header value."),
        ({"headers": (("a", " 1\x002"),)}, "Invalid value", "1 is an invalid header value."),
        ({"headers": (("a", "\r1\r2"),)}, "Invalid value", "1\r2 is an invalid header value."),
        (
            {"headers": (("a", "1"), ("b", "x€"))},
            "Failed to read the 'headers' property from 'RequestInit': String contains non ISO-8859-1 code point.",
            (
                "Cannot convert element of element of sequence<sequence<ByteString>> branch of (sequence<sequence<ByteString>> or "
                "record<ByteString, ByteString>) to ByteString because the character at index 1 has value 8364 which is greater than 255."
            ),
        ),
        (
            {"method": "€"},
            "Failed to read the 'method' property from 'RequestInit': String contains non ISO-8859-1 code point.",
            (
                "Cannot convert 'method' member of RequestInit to ByteString because the character at index 0 has value 8364 which is "
                "greater than 255."
            ),
        ),
        ({"body": b"x"}, "Request with GET/HEAD method cannot have body.", "HEAD or GET Request cannot have a body."),
        (
            {"stream": True, "method": "head"},
            "Request with GET/HEAD method cannot have body.",
            "HEAD or GET Request cannot have a body.",
        ),
    ],
)
def test_what_fetch_throws(asked: dict[str, object], chromium: str, firefox: str) -> None:
    verdict = judge(**asked)
    assert verdict.error == f"js:TypeError: Failed to execute 'fetch' on 'Window': {chromium}"
    assert not verdict.judged
    assert judge(profile="firefox", **asked).error == f"js:TypeError: Window.fetch: {firefox}"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"mode": "no-cors"}, 'If request is made from ReadableStream, mode should be"same-origin" or "cors"'),
        ({"keepalive": True}, "Keepalive request cannot have a ReadableStream body."),
    ],
)
def test_what_a_stream_cannot_be(asked: dict[str, object], said: str) -> None:
    assert str(judge(method="POST", stream=True, **asked).error).endswith(said)
    assert judge(method="POST", stream=True, profile="firefox", **asked).allowed


@pytest.mark.parametrize(
    ("asked", "chromium", "firefox"),
    [
        (
            {"url": "//x"},
            "SyntaxError: Failed to execute 'open' on 'XMLHttpRequest': Invalid URL",
            "SyntaxError: An invalid or illegal string was specified",
        ),
        (
            {"method": "a b"},
            "SyntaxError: Failed to execute 'open' on 'XMLHttpRequest': 'a b' is not a valid HTTP method.",
            "SyntaxError: An invalid or illegal string was specified",
        ),
        (
            {"method": "track"},
            "SecurityError: Failed to execute 'open' on 'XMLHttpRequest': 'track' HTTP method is unsupported.",
            "SecurityError: The operation is insecure.",
        ),
        (
            {"method": "€"},
            "TypeError: Failed to execute 'open' on 'XMLHttpRequest': String contains non ISO-8859-1 code point.",
            (
                "TypeError: XMLHttpRequest.open: Cannot convert argument 1 to ByteString because the character at index 0 has value 8364 "
                "which is greater than 255."
            ),
        ),
        (
            {"headers": (("a b", "1"),)},
            "SyntaxError: Failed to execute 'setRequestHeader' on 'XMLHttpRequest': 'a b' is not a valid HTTP header field name.",
            "SyntaxError: Invalid header name.",
        ),
        (
            {"headers": (("a", " 1\x002"),)},
            "SyntaxError: Failed to execute 'setRequestHeader' on 'XMLHttpRequest': '1\x002' is not a valid HTTP header field value.",
            "SyntaxError: Invalid header name.",
        ),
        (
            {"headers": (("a", "é€"),)},
            "TypeError: Failed to execute 'setRequestHeader' on 'XMLHttpRequest': String contains non ISO-8859-1 code point.",
            (
                "TypeError: XMLHttpRequest.setRequestHeader: Cannot convert argument 2 to ByteString because the character at index 1 has "
                "value 8364 which is greater than 255."
            ),
        ),
    ],
)
def test_what_xmlhttprequest_throws(asked: dict[str, object], chromium: str, firefox: str) -> None:
    assert judge(via="xhr", **asked).error == f"js:{chromium}"
    assert judge(via="xhr", profile="firefox", **asked).error == f"js:{firefox}"


def test_xmlhttprequest_takes_a_url_with_a_password() -> None:
    assert judge(via="xhr", url="https://u:p@api.example.net/").allowed


def test_every_way_to_be_stopped_has_a_name_and_a_reason() -> None:
    assert set(NAMES) == set(REASONS) == set(Kind)


@pytest.mark.parametrize("profile", ["chromium", "firefox", "standard"])
def test_steps_end_with_the_decision(profile: str) -> None:
    for each in RECORDED:
        verdict = simulate(each["case"], profile)
        *before, last = verdict.steps
        assert all(step.passed for step in before)
        assert last.passed is verdict.allowed
        assert all(step.section and step.reason and step.name for step in verdict.steps)
        assert verdict.step == f"{last.name}: {last.reason}"


def _steps(*answers: Response, **asked: object) -> list[tuple[str, str]]:
    return [(step.name, step.reason) for step in judge(*answers, **asked).steps]


def test_the_steps_of_a_preflighted_call() -> None:
    allowed = allowing(204, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-a"))
    assert _steps(allowed, allowing(500, ("Cache-Control", "no-store")), method="PUT", headers=(("X-A", "1"),)) == [
        (
            "preflight",
            f"OPTIONS {API} is sent first, because PUT is not a safelisted method and the headers x-a are not safelisted",
        ),
        ("preflight answer", f"answered 204; it allows the origin {PAGE}, the method and the headers"),
        ("CORS check", f"answered 500; it allows the origin {PAGE}"),
        ("response", "the script reads the response; its headers: cache-control"),
    ]
    assert _steps(allowing(), method="POST", via="xhr-upload", body=b"x")[0] == (
        "preflight",
        f"OPTIONS {API} is sent first, because the call is one that is always preflighted",
    )


def test_the_steps_of_other_calls() -> None:
    assert _steps(Response(200), url=PAGE)[0] == ("same origin", f"{PAGE}/ is of the page's own origin: no CORS")
    assert _steps(Response(200), mode="no-cors") == [
        ("mode", "the mode is no-cors: the script will see nothing of the response"),
        ("response", "the call is made, and its response is opaque: status 0, no headers, no body"),
    ]
    assert _steps(allowing(302, ("Location", "/x")), allowing()) == [
        ("no preflight", "GET with safelisted headers needs no preflight"),
        ("CORS check", f"answered 302; it allows the origin {PAGE}"),
        ("redirect", "answered 302: it leads on to another address"),
        ("CORS check", f"answered 200; it allows the origin {PAGE}"),
        ("response", "the script reads the response; its headers: none"),
    ]
    assert _steps(allowing(302, ("Location", "/x")), redirect="manual")[-1] == (
        "response",
        "the script gets an opaque redirect: status 0, no headers, no body",
    )
    assert not judge(method="TRACE").steps[0].passed
    assert _steps(method="TRACE") == [
        (
            "script",
            (
                "the script's call throws before anything is sent: TypeError: Failed to execute 'fetch' on 'Window': 'TRACE' HTTP method is "
                "unsupported."
            ),
        )
    ]
    assert _steps(Response(403), method="PUT")[-1] == (
        "CORS check of the preflight's answer",
        "the answer 403 has no Access-Control-Allow-Origin",
    )
    assert _steps(Response(200, (("Access-Control-Allow-Origin", "a"),)))[-1] == (
        "CORS check of the response",
        f"its Access-Control-Allow-Origin is 'a', which is no origin; {PAGE} is needed",
    )


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("app.example.com", "example.com"),
        ("example.com.", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("a.execute-api.eu-west-1.amazonaws.com", "a.execute-api.eu-west-1.amazonaws.com"),
        ("x.a.execute-api.eu-west-1.amazonaws.com", "a.execute-api.eu-west-1.amazonaws.com"),
        ("a.lambda-url.us-east-1.on.aws", "a.lambda-url.us-east-1.on.aws"),
        ("d1.cloudfront.net", "d1.cloudfront.net"),
        ("me.github.io", "me.github.io"),
        ("localhost", "localhost"),
        ("10.0.0.1", "10.0.0.1"),
        ("[::1]", "[::1]"),
    ],
)
def test_what_an_owner_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_sites() -> None:
    assert same_site("https://a.example.com", "https://b.example.com:8443")
    assert not same_site("https://a.example.com", "http://a.example.com")
    assert not same_site("https://a.example.com", "https://a.example.net")
    assert not same_site("null", "https://a.example.com")
    assert not same_site("https://a.example.com", "null")


def _codes(*answers: Response, **asked: object) -> list[str]:
    return [remark.code for remark in judge(*answers, **asked).advice]


def test_a_cookie_that_does_not_travel() -> None:
    included = allowing(200, ("Access-Control-Allow-Credentials", "true"))
    assert _codes(included, credentials="include") == ["cookie-not-sent"]
    assert _codes(included, credentials="include", url="https://api.example.com/") == []
    assert _codes(included) == []
    assert _codes(Response(200), credentials="include", mode="no-cors") == []
    assert _codes(Response(200), credentials="include") == []


def test_a_permission_for_the_local_network() -> None:
    assert _codes(allowing(), url="http://localhost:3000/") == ["local-network-access"]
    assert _codes(Response(200), url="http://localhost:3000/", page=Page("http://localhost:3000")) == []
    verdict = judge(allowing(), url="http://localhost:3000/")
    assert (
        verdict.advice[0].text
        == f"{PAGE} calls a more private address (localhost): Chromium asks the user for permission first."
    )


def test_no_advice_on_authorization_that_is_listed() -> None:
    listed = Response(204, (*ALLOWING, ("Access-Control-Allow-Headers", "*, Authorization")))
    assert _codes(listed, allowing(), headers=(("Authorization", "b"),)) == []
    star = Response(204, (*ALLOWING, ("Access-Control-Allow-Headers", "*")))
    assert _codes(star, allowing(), headers=(("X-A", "b"),)) == []


def test_page_requests_have_defaults() -> None:
    assert PageRequest(API) == PageRequest(
        API, "GET", (), "same-origin", "cors", "follow", None, "fetch", stream=False, keepalive=False
    )


def test_sections_of_the_standard() -> None:
    answers = [
        allowing(204, ("Access-Control-Allow-Methods", "PUT")),
        allowing(307, ("Location", "/x")),
        allowing(204, ("Access-Control-Allow-Methods", "PUT")),
        Response(200),
    ]
    assert [(step.name, step.section) for step in judge(*answers, method="PUT").steps] == [
        ("preflight", "CORS-preflight fetch"),
        ("preflight answer", "CORS-preflight fetch"),
        ("CORS check", "CORS check"),
        ("redirect", "HTTP-redirect fetch"),
        ("preflight", "CORS-preflight fetch"),
        ("preflight answer", "CORS-preflight fetch"),
        ("CORS check of the response", "CORS check"),
    ]
