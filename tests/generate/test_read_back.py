"""What is generated is read back by the readers and judged: the policy's own pages pass, and nobody finds a fault."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lambda_cors import Policy

from corsmith.api.cell import Cell
from corsmith.api.finding import Severity
from corsmith.api.model import Api
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known
from corsmith.generate import CannotSay, generate
from corsmith.readers import read

from .projects import behind_a_distribution, judged, project

POLICIES = {
    "one": Policy(
        origins=["https://app.example.com"], methods=["GET", "PUT"], request_headers=["content-type"], max_age=600
    ),
    "credentials": Policy(
        origins=["https://app.example.com"],
        methods=["PUT", "DELETE"],
        request_headers=["authorization", "content-type", "x-trace"],
        response_headers=["etag"],
        credentials=True,
    ),
    "open": Policy(origins="*", methods="*", request_headers=["*", "authorization"]),
    "two": Policy(origins=["https://a.example", "http://localhost:3000"], methods=["PUT"], request_headers=["x-a"]),
    "two with credentials": Policy(
        origins=["https://a.example", "https://b.example"], methods=["PUT"], credentials=True, max_age=5
    ),
    "nothing but origins": Policy(origins=["https://app.example.com"]),
}
PAIRS = [
    (target, front_door)
    for target in ("sam", "cloudformation", "serverless", "terraform", "openapi")
    for front_door in ("rest_api", "http_api", "function_url")
    if (target, front_door) != ("openapi", "function_url")
]


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize(("target", "front_door"), PAIRS)
def test_the_pages_of_the_policy_pass(target: str, front_door: str, name: str) -> None:
    policy = POLICIES[name]
    method = "PUT" if policy.methods else "POST"
    files = project(target, front_door, policy, method)
    found = judged(files, policy, method)
    assert found.problems == ()
    assert found.cells
    said = "\n".join(f"--- {file}\n{text}" for file, text in files.items())
    weak = {"rest-missing-gateway-responses"} if name == "two with credentials" else set()
    worst = [
        (finding.rule, finding.message)
        for finding in found.findings
        if finding.severity is not Severity.INFO and finding.rule not in weak
    ]
    assert worst == [], said
    blocked = [cell for cell in found.cells if cell.verdict is not None and not cell.verdict.allowed and not weak]
    assert blocked == []
    if target != "openapi":  # what a definition's function does is not known
        assert any(cell.verdict is not None and cell.verdict.allowed for cell in found.cells), said
        assert [cell.undecided for cell in found.cells if cell.undecided is not None] == [], said


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("target", ["sam", "cloudformation", "terraform"])
def test_a_distribution_lets_the_pages_of_the_policy_pass(target: str, name: str) -> None:
    policy = POLICIES[name]
    files = behind_a_distribution(target, policy)
    found = judged(files, policy, "PUT" if policy.methods else "POST")
    assert found.problems == ()
    cells = [cell for cell in found.cells if cell.route.front_door.kind == "cloudfront"]
    assert cells
    assert [(cell.undecided, cell.verdict and cell.verdict.error) for cell in cells if not _passes(cell)] == []
    faults = [each.rule for each in found.findings if each.front_door == "cloudfront" and each.severity != "info"]
    assert faults == []


def _passes(cell: Cell) -> bool:
    return cell.verdict is not None and bool(cell.verdict.allowed)


NAMES = st.sampled_from(["content-type", "authorization", "x-api-key", "x-b3-traceid", "x.y", "x_z", "on", "null"])
EXACT = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["https", "http"]),
    st.sampled_from(["localhost", "app.example.com", "no", "xn--bcher-kva.example", "127.0.0.1", "[::1]"]),
    st.sampled_from(["", ":8080", ":3000"]),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy that an HTTP API or a Function URL can say."""
    credentials = draw(st.booleans())
    origins = draw(st.lists(EXACT, min_size=1, max_size=3, unique=True))
    return Policy(
        origins=[o for o in origins if not credentials or o.startswith("https")] or ["https://app.example.com"],
        methods=draw(st.lists(st.sampled_from(["GET", "PUT", "DELETE", "PATCH"]), unique=True)),
        request_headers=draw(st.lists(NAMES, unique=True)),
        response_headers=draw(st.lists(st.sampled_from(["etag", "x-total", "true"]), unique=True)),
        credentials=credentials,
        max_age=draw(st.none() | st.integers(0, 86400)),
    )


def settings_of(api: Api, front_door: str) -> dict[str, object]:
    """Return the CORS settings that were read, in CloudFormation's words; what is not set is left out."""
    (found,) = (each for each in api.front_doors if each.kind == front_door)
    cors = found.cors  # type: ignore[union-attr]
    assert isinstance(cors, Known)
    said: dict[str, object] = {}
    for field in ("allow_origins", "allow_methods", "allow_headers", "expose_headers", "allow_credentials", "max_age"):
        value = getattr(cors.value, field)
        if value is None or value == Known(False):
            continue
        assert isinstance(value, Known), (field, value)
        plain = value.value
        said["".join(part.title() for part in field.split("_"))] = (
            [item.value for item in plain] if isinstance(plain, tuple) else plain
        )
    return said


@pytest.mark.parametrize(("target", "front_door"), [pair for pair in PAIRS if pair[1] != "rest_api"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policy=policies())
def test_every_setting_is_read_as_it_was_meant(target: str, front_door: str, policy: Policy) -> None:
    assume((target, front_door, policy.max_age) != ("terraform", "function_url", 0))
    files = project(target, front_door, policy, "GET")
    (name,) = (name for name in files if name != "app.py")
    api = read(Tree(Memory(files)), name)
    assert api is not None
    assert api.problems == ()
    read_back = settings_of(api, front_door)
    if target == "serverless" and not policy.methods:
        assert read_back.pop("AllowMethods") == ["GET", "HEAD", "POST"]  # what browsers let through anyway
    assert Policy.from_settings(read_back) == policy


CANNOT = [
    ("sam", "alb", POLICIES["one"], "a load balancer adds no CORS headers"),
    ("serverless", "cloudfront", POLICIES["one"], "a distribution is written for sam, cloudformation, terraform"),
    ("sam", "cloudfront", Policy(origins=["https://*.example.com"]), "https://*.example.com is a pattern"),
    ("sam", "cloudfront", Policy(origins=["https://a.example"], methods=["QUERY"]), "knows no method QUERY"),
    ("terraform", "cloudfront", Policy(origins=["https://a.example"], max_age=-1), "from 0 on"),
    ("sam", "http_api", Policy(origins=["https://*.example.com"]), "https://*.example.com cannot be said by http_api"),
    ("aws-cli", "function_url", Policy(origins=["https://a.example"], methods=["QUERY"]), "QUERY cannot be said"),
    ("openapi", "function_url", POLICIES["one"], "has no OpenAPI definition"),
    ("sam", "rest_api", Policy(origins=["https://a.example"], request_headers=["x'y"]), "holds a single quote"),
    ("cdk", "http_api", Policy(origins=["https://a.example"], max_age=-1), "no duration below 0"),
    ("cdk", "rest_api", Policy(origins=["https://*.example.com"]), "takes exact origins"),
    ("terraform", "function_url", Policy(origins=["https://a.example"], max_age=0), "leaves out a maximal age of 0"),
    ("serverless", "rest_api", Policy(origins=["https://a.example"], max_age=0), "from 1 second on"),
]


@pytest.mark.parametrize(("target", "front_door", "policy", "said"), CANNOT)
def test_what_a_front_door_cannot_say_is_refused(target: str, front_door: str, policy: Policy, said: str) -> None:
    with pytest.raises(CannotSay, match=said.replace("*", r"\*")):
        generate(target, front_door, policy)
