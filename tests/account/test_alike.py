"""Front doors that differ in names alone share a judgement, and it says what their own would."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corsmith.account.alike import Alike
from corsmith.account.judge import Judged, judge
from corsmith.account.unit import Unit
from corsmith.api.caller import CallerFlags

from . import states
from .test_hostile import FUNCTION, HTTP, REST, VALUES, fitting, places

API = "abc123def4"
NAMES = {
    API: "zyx987wvu6",
    "web456": "web45678ab",
    '"orders"': '"orders-of-others"',
    ":function:orders": ":function:orders-of-others",
    "abcdefgh.lambda-url": "ijklmnop.lambda-url",
    '"shop"': '"shop for others"',
    '"items"': '"r8a8b8"',
    '"d1"': '"d9x"',
    '"d"': '"e"',
    '"r1"': '"q1"',
    "integrations/i1": "integrations/k1",
    '"i1"': '"k1"',
}


def renamed(api: Any) -> Any:
    """Return the same API of another customer: other ids, other names, another function."""
    text = json.dumps(api)
    for old, new in NAMES.items():
        text = text.replace(old, new)
    made = json.loads(text)
    for each in made.get("resources", ()):
        # The part of the path that is called as the id was.
        if each.get("pathPart") == "r8a8b8":
            each["pathPart"] = "items"
    return made


def unit_of(api: dict[str, Any], function: dict[str, Any]) -> Unit:
    return states.url_unit(api) if "configuration" in api else states.unit(api, function)


class Counting:
    """Judges, and counts."""

    def __init__(self) -> None:
        self.judged = 0

    def __call__(self, unit: Unit) -> Judged:
        self.judged += 1
        return judge(unit, CallerFlags())


GUARDED = states.rest(
    methods={"POST": states.proxy(authorizationType="CUSTOM", authorizerId="a1"), "OPTIONS": states.preflight()},
    authorizers=[{"id": "a1", "name": "guard", "type": "TOKEN", "authorizerUri": states.invocation("orders")}],
)
BEHIND = states.changed(states.rest(methods={"POST": states.proxy()}), ("api", "binaryMediaTypes"), ["*/*"])
CANARY = states.rest(
    stages=[
        {"stageName": "prod", "deploymentId": "d1", "canarySettings": {"deploymentId": "d2", "percentTraffic": 5.0}}
    ]
)
_SOURCE = f"arn:aws:execute-api:eu-west-1:{states.ACCOUNT}"
NARROW = states.function(
    policies={"": states.policy(*(states.permission(f"{_SOURCE}:{id_}/*/GET/x") for id_ in (API, "other12345")))}
)
"""A function that two APIs may invoke."""
WEB = {**states.http("web45600", cors=states.GOOD_CORS)}


@pytest.mark.parametrize("api", [states.rest(), GUARDED, BEHIND, CANARY, REST, WEB, HTTP, FUNCTION])
@pytest.mark.parametrize("function", [states.function(), NARROW], ids=["open", "narrow"])
def test_a_twin_is_not_judged_and_keeps_its_names(api: dict[str, Any], function: dict[str, Any]) -> None:
    alike, counting = Alike(), Counting()
    first = unit_of(api, function)
    second = unit_of(renamed(api), renamed(function))
    assert alike.judged(first, counting) == judge(first, CallerFlags())
    assert alike.judged(second, counting) == judge(second, CallerFlags())
    # A web ACL has a name of its own, and a short id may be a word of a path.
    lone = "web_acls" in api or api.get("api", {}).get("ApiId") == "web456"
    assert counting.judged == (2 if lone else 1)


def test_what_differs_is_judged_for_itself() -> None:
    alike, counting = Alike(), Counting()
    for api in (states.rest(), GUARDED, BEHIND, states.rest(methods={"POST": states.proxy()})):
        one = states.unit(api)
        assert alike.judged(one, counting) == judge(one, CallerFlags())
    assert counting.judged == 4


@pytest.mark.parametrize(
    ("api", "function"),
    [
        (states.changed(states.rest(), ("stages", 0, "variables"), {"to": "stageVariables.x"}), states.function()),
        (
            states.rest(),
            states.function(policies={"": states.policy(states.permission("arn:aws:execute-api:eu-west-1:1:abc*/x"))}),
        ),
        (states.rest("short"), states.function()),
        (states.changed(states.rest(), ("api", "name"), "corsmith0q0q"), states.function()),
    ],
    ids=["stage variables", "a pattern of ids", "a short id", "a mark of its own"],
)
def test_where_a_name_may_decide_it_is_judged_for_itself(api: dict[str, Any], function: dict[str, Any]) -> None:
    alike, counting = Alike(), Counting()
    for _ in range(2):
        one = states.unit(api, function)
        assert alike.judged(one, counting) == judge(one, CallerFlags())
    assert counting.judged == 2


def test_domains_and_code_are_judged_for_themselves() -> None:
    alike, counting = Alike(), Counting()
    domain = states.domain_state("api.example.com", {"ApiId": API, "ApiMappingKey": "", "Stage": "prod"})
    for _ in range(2):
        alike.judged(states.unit(states.rest(), domains=(domain,)), counting)
        alike.judged(states.unit(states.rest(), code={states.function_arn("orders"): {"app.py": ""}}), counting)
    assert counting.judged == 4


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([states.rest(), GUARDED, WEB, FUNCTION]), st.data(), VALUES)
def test_shared_or_not_the_judgement_is_its_own(api: dict[str, Any], data: st.DataObject, value: Any) -> None:
    place = data.draw(st.sampled_from(list(places(api))))
    made = copy.deepcopy(api)
    node: Any = made
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = value if place[0] in ("exports", "policies") else fitting(node[place[-1]], value)
    alike = Alike()
    for each in (made, renamed(made)):
        one = unit_of(each, states.function())
        assert alike.judged(one, lambda unit: judge(unit, CallerFlags())) == judge(one, CallerFlags())
