"""What the vectors cannot say of a policy: its messages, and that it never changes."""

import copy
import pickle

import pytest
from lambda_cors import Policy, PolicyError, Problem

APP = "https://app.example.com"
POLICY = Policy(
    origins=[APP, "https://*.example.org"],
    methods=["GET", "PATCH"],
    request_headers=["Content-Type"],
    response_headers=["ETag"],
    credentials=True,
    max_age=0,
)


def refused(**arguments: object) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as error:
        Policy(**arguments)  # type: ignore[arg-type]
    return error.value.problems


def test_the_repr_is_python_and_says_only_what_was_said() -> None:
    assert repr(POLICY) == (
        "Policy(origins=('https://app.example.com', 'https://*.example.org'), methods=('GET', 'PATCH'), "
        "request_headers=('content-type',), response_headers=('etag',), max_age=0, credentials=True)"
    )
    assert repr(Policy(origins="*")) == "Policy(origins=('*',))"
    assert repr(Policy(origins=[APP], dangerously_tolerate_public_suffixes=True)) == (
        "Policy(origins=('https://app.example.com',), dangerously_tolerate_public_suffixes=True)"
    )


def test_equal_policies_are_equal_wherever_they_come_from() -> None:
    for other in (copy.copy(POLICY), copy.deepcopy(POLICY), pickle.loads(pickle.dumps(POLICY)), eval(repr(POLICY))):
        assert other == POLICY
        assert hash(other) == hash(POLICY)
        assert other.headers_for(APP) == POLICY.headers_for(APP)
    assert Policy(origins=[APP]) != POLICY
    assert hash(Policy(origins=[APP])) != hash(POLICY)
    assert repr(POLICY) != POLICY


@pytest.mark.parametrize("name", ["origins", "credentials", "_exact", "new"])
def test_a_policy_cannot_be_changed(name: str) -> None:
    with pytest.raises(AttributeError, match="cannot be changed: make another"):
        setattr(POLICY, name, True)
    with pytest.raises(AttributeError, match="cannot be changed"):
        delattr(POLICY, name)


def test_what_is_handed_out_can_be_changed_without_harm() -> None:
    for policy in (POLICY, Policy(origins="*", max_age=5)):
        for _ in range(2):
            for headers in (
                policy.headers_for(APP),
                policy.headers_for(None),
                policy.preflight_headers_for(APP, "GET", None),
                policy.preflight_headers_for("https://evil.test", "GET", None),
            ):
                assert "x" not in headers
                headers["x"] = "y"


def test_what_is_said_twice_is_said_once() -> None:
    policy = Policy(
        origins=[APP, APP], methods=["PUT", "PUT"], request_headers=["X-A", "x-a"], response_headers=["b", "B"]
    )
    assert (policy.origins, policy.methods, policy.request_headers) == ((APP,), ("PUT",), ("x-a",))
    assert policy.headers_for(APP)["Access-Control-Expose-Headers"] == "b"


def test_arguments_are_keywords() -> None:
    with pytest.raises(TypeError):
        Policy([APP])  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"origins": ["https://Bücher.example:443/"]},
            ("origins: 'https://Bücher.example:443/' ends in a slash, which browsers never send; "
            "write 'https://xn--bcher-kva.example' [origin-trailing-slash]"),
        ),
        (
            {"origins": ["http://app.example.com:8080"], "credentials": True},
            ("origins: 'http://app.example.com:8080' lets anybody on the network read with the user's credentials; "
            "write 'https://app.example.com:8080' [origin-insecure]"),
        ),
        (
            {"origins": ["App.example.com/x"]},
            ("origins: 'App.example.com/x' has no scheme, and browsers always send one; "
            "write 'https://app.example.com' [origin-scheme-missing]"),
        ),
        (
            {"origins": [f"{APP}; https://b.example"]},
            (f"origins: '{APP}; https://b.example' holds several origins in one string; "
            f"write '{APP}', 'https://b.example' [origin-list]"),
        ),
        (
            {"origins": [f'"{APP}"']},
            f"origins: '\"{APP}\"' has blanks or quotes around the origin; write '{APP}' [origin-quoted]",
        ),
        ({"origins": ["null"]}, "origins: 'null' is sent by every sandboxed page, so by anybody; remove it [origin-null]"),
        ({"origins": APP}, f"origins: '{APP}' is not a list; write origins=('{APP}',) [not-a-list]"),
        ({"origins": 5}, "origins: 5 is not a list; write origins=() [not-a-list]"),
        (
            {"origins": [APP], "methods": ["get"]},
            "methods: 'get' is not what a page sends for GET; write 'GET' [method-case]",
        ),
        (
            {"origins": [APP], "methods": ["GET, PUT"]},
            "methods: 'GET, PUT' holds several in one string; write 'GET', 'PUT' [method-list]",
        ),
        (
            {"origins": [APP], "request_headers": ["x:y"]},
            "request_headers: 'x:y' is not a token; remove it [request-header-malformed]",
        ),
        (
            {"origins": [APP], "request_headers": [" x-y"]},
            "request_headers: ' x-y' is not a token; write 'x-y' [request-header-malformed]",
        ),
        (
            {"origins": [APP], "response_headers": [""]},
            "response_headers: '' is not a token; remove it [response-header-malformed]",
        ),
        (
            {"origins": "*", "credentials": True},
            ("origins: ('*',) holds '*', which is no wildcard when credentials travel; "
            "name each, or leave credentials out [wildcard-with-credentials]"),
        ),
        (
            {"origins": [APP], "max_age": 10**9},
            "max_age: 1000000000 is no number of seconds up to a day; write 0 to 86400, or -1 [max-age]",
        ),
        ({}, "origins: () allows nobody; name the origins of your pages [origins-empty]"),
        (
            {"origins": [APP], "credentials": "true"},
            "credentials: 'true' is neither True nor False; write True or nothing [not-a-bool]",
        ),
        *(
            ({"origins": [origin]}, f"origins: {origin!r} {said}")
            for origin, said in {
                "'*'": "has blanks or quotes around the star; write '*' [origin-quoted]",
                "file://": "is a page whose origin browsers send as null; serve the page over https [origin-opaque]",
                "https://app.*.example": "has a wildcard where it means nothing; "
                "write '*', or 'https://*.example.com', or a port ':*' [origin-wildcard]",
                "https://a..b": "is not an origin; write an origin such as 'https://app.example.com' [origin-malformed]",
                f"{APP}/x": f"has a path, which browsers never send; write '{APP}' [origin-path]",
                "https://é.example": "is not in the punycode that browsers send; "
                "write 'https://xn--9ca.example' [origin-idn]",
                "https://A.example:81": "has capitals, which browsers never send; "
                "write 'https://a.example:81' [origin-upper-case]",
                f"{APP}:443": f"names the default port, which browsers leave out; write '{APP}' [origin-default-port]",
                "https://*.co.uk": "covers sub-domains that strangers can own; "
                "name the hosts that are yours [origin-public-suffix]",
            }.items()
        ),
        *(
            ({"origins": [APP], field: [name]}, f"{field}: {name!r} {said}")
            for field, name, said in (
                ("methods", "TRACE", "is a method no page can send; remove it [method-forbidden]"),
                ("methods", "any", "is API Gateway's word, not a method; write '*' [method-any]"),
                ("request_headers", "Cookie", "is the browser's, not the page's; remove it [request-header-forbidden]"),
                ("response_headers", "Set-Cookie",
                 "is the browser's, not the page's; remove it [response-header-forbidden]"),
                ("response_headers", "Expires",
                 "can be read without being listed; remove it [response-header-safelisted]"),
            )
        ),
        (
            {"origins": ["*", APP]},
            (f"origins: ('*', '{APP}') holds '*', which covers the others; "
            "write '*' alone, or without it [origins-mixed]"),
        ),
    ],
)  # fmt: skip
def test_a_problem_says_what_was_found_why_it_fails_and_what_to_write(arguments: dict[str, object], said: str) -> None:
    assert str(refused(**arguments)[0]) == said


def test_the_error_says_everything() -> None:
    with pytest.raises(PolicyError) as error:
        Policy(origins=["https://a.example/"], max_age=-7)
    lines = str(error.value).splitlines()
    assert lines[0] == "this CORS policy cannot be used"
    assert lines[1:] == [f"  {problem}" for problem in error.value.problems]
    assert [problem.code for problem in error.value.problems] == ["origin-trailing-slash", "max-age"]


def test_a_problem_shows_itself() -> None:
    assert repr(Problem("a", "b", 1, "c", "d")) == "Problem('a', 'b', 1, 'c', 'd')"


def test_a_step_that_fails_is_named() -> None:
    assert POLICY.refuses(APP, "GET", None) is None
    assert POLICY.refuses(APP, "GET", "content-type") is None
    assert POLICY.refuses("https://evil.test", "GET", None) == "origin"
    assert POLICY.refuses(APP, "PUT", "x") == "method"
    assert POLICY.refuses(APP, "PATCH", "content-type, X-B ,x-c") == "headers"
    assert POLICY.unlisted("content-type, X-B ,x-c") == "x-b"
    assert POLICY.unlisted("x" * 5000) == "x" * 64
    assert POLICY.unlisted("content-type," * 63 + "content-type") is None
    assert POLICY.unlisted("content-type," * 64) is not None
    assert POLICY.unlisted("content-type".ljust(4096)) is None
    assert POLICY.unlisted("content-type".ljust(4097)) is not None


def test_a_long_origin_is_not_read() -> None:
    longest = "https://" + "a." * 150 + "example.org"
    assert len(longest) == 319
    assert POLICY.allows(longest)
    assert POLICY.allows(longest.replace("//", "//b", 1))
    assert not POLICY.allows(longest.replace("//", "//bb", 1))
