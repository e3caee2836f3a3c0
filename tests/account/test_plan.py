"""Plans without an account: what is read is written down here, and nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from corsmith.account.managed import managed
from corsmith.account.plan.applied import applied
from corsmith.account.plan.as_text import render
from corsmith.account.plan.case import find
from corsmith.account.plan.plan import UnitPlan, Wish, plan, plan_unit
from corsmith.account.snapshot import HttpApiState, Place, RestApiState
from corsmith.account.unit import Unit
from corsmith.api.caller import CallerFlags
from corsmith.report.ink import Ink

from . import states

Json = dict[str, Any]
PLACE = Place("aws", "123456789012", "eu-west-1")
PAGE = "https://app.example.com"
WISH = Wish(CallerFlags(origins=(PAGE,), headers=(("content-type", "application/json"),)), "t")
ANSWERS = {"type": "HTTP_PROXY", "httpMethod": "POST", "uri": "https://backend.example.com"}


def rest(methods: Json, **more: Any) -> Unit:
    """A REST API with methods on /items, deployed to a stage."""
    resources = (
        {"id": "r0", "path": "/"},
        {"id": "r1", "path": "/items", "parentId": "r0", "pathPart": "items", "resourceMethods": methods},
    )
    state = {"api": {"id": "abc", "name": "shop"}, "stages": ({"stageName": "prod", "deploymentId": "d0"},), **more}
    return Unit(RestApiState(place=PLACE, read_at=0, resources=resources, **state))


def post(**how: Any) -> Json:
    return {
        "httpMethod": "POST",
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodIntegration": ANSWERS,
        **how,
    }


def operations(found: UnitPlan) -> list[str]:
    return [each.request.operation for each in found.calls]


def test_the_calls_lead_to_what_is_planned() -> None:
    unit = rest({"POST": post()})
    found = plan_unit(unit, WISH)
    assert operations(found)[:4] == ["PutMethod", "PutIntegration", "PutMethodResponse", "PutIntegrationResponse"]
    assert operations(found)[-1] == "CreateDeployment"
    state: Any = unit.door
    for call in found.calls:
        assert find(Unit(state), call.thing) == call.before
        state = applied(state, call)
        assert find(Unit(state), call.thing) == call.after
    assert plan_unit(Unit(state), WISH).calls == ()


@pytest.mark.parametrize(
    "begun",
    [
        {},
        {"methodIntegration": {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 204}'}}},
        {
            "methodIntegration": {"type": "MOCK", "requestTemplates": {"application/json": '{"statusCode": 204}'}},
            "methodResponses": {"204": {"statusCode": "204"}},
        },
    ],
    ids=["bare", "integration", "response"],
)
def test_a_method_that_a_run_began_is_finished(begun: Json) -> None:
    options = {"httpMethod": "OPTIONS", "authorizationType": "NONE", "apiKeyRequired": False, **begun}
    found = plan_unit(rest({"POST": post(), "OPTIONS": options}), WISH)
    assert "PutMethod" not in operations(found)
    assert "PutIntegrationResponse" in operations(found)
    assert operations(found)[-1] == "CreateDeployment"
    assert [each.why for each in found.left] == []


def test_a_method_that_a_run_began_waits_for_an_origin() -> None:
    options = {"httpMethod": "OPTIONS", "authorizationType": "NONE"}
    found = plan_unit(rest({"POST": post(), "OPTIONS": options}), Wish())
    assert found.calls == ()


def test_a_stand_in_for_an_origin_is_never_written() -> None:
    found = plan_unit(rest({"POST": post()}), Wish(CallerFlags(headers=(("content-type", "application/json"),)), "t"))
    assert found.calls == ()
    assert [each.why for each in found.left] == ["no page's origin is known: name it with --origin"]


def test_an_api_without_a_fault_has_no_plan() -> None:
    cors = {"AllowOrigins": [PAGE], "AllowMethods": ["POST"], "AllowHeaders": ["content-type"]}
    state = HttpApiState(
        place=PLACE,
        read_at=0,
        api={"ApiId": "h1", "Name": "web", "CorsConfiguration": cors},
        stages=({"StageName": "$default", "AutoDeploy": True},),
    )
    assert list(plan([Unit(state)], WISH)) == []


def test_the_origin_of_other_pages_is_left() -> None:
    def answers(origin: str) -> Json:
        parameters = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{origin}'"}
        return {"responseType": "DEFAULT_4XX", "responseParameters": parameters, "defaultResponse": False}

    theirs = plan_unit(
        rest({"POST": post(apiKeyRequired=True)}, gateway_responses=(answers("https://other.example.com"),)), WISH
    )
    assert "DEFAULT_4XX" not in [each.thing.part[0] for each in theirs.calls]
    assert any("https://other.example.com, which pages may need" in each.why for each in theirs.left)
    both = replace(WISH, flags=replace(WISH.flags, origins=(PAGE, "https://other.example.com")))
    found = plan_unit(
        rest({"POST": post(apiKeyRequired=True)}, gateway_responses=(answers("https://other.example.com"),)), both
    )
    (call,) = (each for each in found.calls if each.thing.part == ("DEFAULT_4XX",))
    assert call.request.parameters["responseParameters"] == {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'"
    }


def test_what_cannot_be_undone_is_said() -> None:
    cors = {"AllowOrigins": [PAGE], "AllowMethods": ["POST"], "AllowHeaders": ["content-type"]}
    api = {"ApiId": "h1", "Name": "web", "CorsConfiguration": cors}
    made = {"IntegrationId": "i", "IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://backend.example.com"}
    state = HttpApiState(
        place=PLACE,
        read_at=0,
        api=api,
        routes=({"RouteId": "r", "RouteKey": "POST /items", "Target": "integrations/i"},),
        integrations=(made,),
        stages=({"StageName": "new", "AutoDeploy": False},),
    )
    found = plan_unit(Unit(state), WISH)
    assert operations(found) == ["CreateDeployment"]
    assert found.calls[0].inverse == ()
    text = render([found], Ink())
    assert "The stage serves nothing yet. It cannot be undone: stage new of HTTP API web (h1) served nothing" in text
    assert "ends httpapi-stage-not-deployed; it cannot be undone" in text


def test_a_text_tells_what_is_there_and_what_will_be() -> None:
    cors = {"AllowOrigins": ["https://other.example.com"], "AllowMethods": ["POST"], "AllowHeaders": ["content-type"]}
    made = {"IntegrationId": "i", "IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://backend.example.com"}
    state = HttpApiState(
        place=PLACE,
        read_at=0,
        api={"ApiId": "h1", "Name": "we\x1bb", "CorsConfiguration": cors},
        routes=({"RouteId": "r", "RouteKey": "POST /items", "Target": "integrations/i"},),
        integrations=(made,),
        stages=({"StageName": "$default", "AutoDeploy": True},),
    )
    text = render([plan_unit(Unit(state), WISH)], Ink())
    assert f'AllowOrigins: ["https://other.example.com"] -> ["https://other.example.com", "{PAGE}"]' in text
    assert "undone by UpdateApi" in text
    assert text.endswith("1 call that ends 1 finding; 0 left\n")
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("tags", "tool", "what"),
    [
        ({}, "", ""),
        ({"team": "terraform-platform"}, "", ""),
        ({"terraform": "false"}, "", ""),
        ({"aws:cloudformation:stack-name": "shop"}, "CloudFormation", "the CloudFormation stack shop"),
        (
            {"aws:cloudformation:stack-name": "shop", "lambda:createdBy": "SAM"},
            "SAM",
            "the CloudFormation stack shop, which SAM deploys",
        ),
        (
            {"aws:cloudformation:stack-name": "shop-dev", "STAGE": "dev"},
            "Serverless",
            "the CloudFormation stack shop-dev, which Serverless deploys",
        ),
        (
            {"aws:cloudformation:stack-name": "shop-dev", "STAGE": "prod"},
            "CloudFormation",
            "the CloudFormation stack shop-dev",
        ),
        (
            {"aws:cloudformation:stack-name": "shop", "aws-cdk:bucket": "x"},
            "CDK",
            "the CloudFormation stack shop, which CDK deploys",
        ),
        ({"Terraform": "true"}, "Terraform", "Terraform (its tag Terraform is true)"),
        ({"managed_by": "OpenTofu"}, "Terraform", "OpenTofu (its tag managed_by says so)"),
        ({"ManagedBy": "hand"}, "", ""),
        ({"pulumi:project": "shop"}, "Pulumi", "the Pulumi project shop"),
    ],
)
def test_whose_it_is(tags: dict[str, str], tool: str, what: str) -> None:
    found = managed(tags)
    assert (found.tool, found.what) == (tool, what) if found is not None else tool == ""


def test_pages_that_come_through_a_distribution_name_their_origin() -> None:
    front = states.distribution("web456.execute-api.eu-west-1.amazonaws.com", ResponseHeadersPolicyId="rh")
    origins = {"Quantity": 1, "Items": [PAGE]}
    everything = {"Quantity": 1, "Items": ["ALL"]}
    policy = {
        "CorsConfig": {
            "AccessControlAllowOrigins": origins,
            "AccessControlAllowHeaders": {"Quantity": 1, "Items": ["content-type"]},
            "AccessControlAllowMethods": everything,
            "AccessControlAllowCredentials": False,
            "OriginOverride": True,
        }
    }
    before = states.distribution_state(front, response_headers_policies={"rh": policy})
    made = plan_unit(states.unit(states.http(), distributions=(before,)), WISH)
    assert [each.request.operation for each in made.calls] == ["UpdateApi"]
    assert made.calls[0].request.parameters["CorsConfiguration"]["AllowOrigins"] == [PAGE]
    assert made.left == ()
