"""Whatever an account holds, it is judged: odd values where AWS has a type, anything where it hands over a document."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corsmith.account.judge import judge
from corsmith.api.caller import CallerFlags

from . import states

ODD = ("'*'", "*", "https://a.example", "NONE", "AWS_IAM", "MOCK", "{", "/", "{proxy+}", "${stageVariables.x}", "'", "")
LEAVES = st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=12) | st.sampled_from(ODD)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
REST = states.rest(web_acls={states.ACL: states.web_acl()})
HTTP = {
    **states.http(cors=states.GOOD_CORS, stages=[{"StageName": "$default", "AutoDeploy": False, "DeploymentId": "d"}]),
    "exports": {
        "$default": {
            "openapi": "3.0.1",
            "paths": {"/things": {"put": {"x-amazon-apigateway-integration": {"type": "aws_proxy"}}}},
            "x-amazon-apigateway-cors": {"allowOrigins": ["*"]},
        }
    },
}
FUNCTION = states.function(
    urls=[states.url(states.GOOD_CORS)], policies={"": states.policy(*states.public_url_permissions())}
)
IDS = frozenset(("id", "ApiId", "IntegrationId", "AuthorizerId", "FunctionName", "FunctionArn"))
"""What AWS makes itself, and every answer has."""
LISTS = frozenset(
    ("resources", "stages", "gateway_responses", "routes", "integrations", "urls", "exports", "policies", "web_acls")
)


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something can be changed: not the parts themselves, of which AWS has lists."""
    if at and at[-1] not in IDS and len(at) != 1 and not (len(at) == 2 and at[0] in LISTS):
        yield at
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from places(child, (*at, key))


def fitting(old: Any, new: Any) -> Any:
    """Return a value of the type that AWS's model has there."""
    if isinstance(old, str):
        return new if isinstance(new, str) else json.dumps(new)
    if isinstance(old, bool):
        return not old
    return type(old)() if isinstance(old, dict | list) else 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([REST, HTTP, FUNCTION]), st.data(), VALUES)
def test_nothing_stops_a_judgement(api: dict[str, Any], data: st.DataObject, value: Any) -> None:
    place = data.draw(st.sampled_from(list(places(api))))
    made = copy.deepcopy(api)
    node: Any = made
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value if place[0] in ("exports", "policies") else fitting(node[place[-1]], value)
    judged = judge(states.url_unit(made) if api is FUNCTION else states.unit(made), CallerFlags())
    assert all(each.deployed for each in judged.found)
