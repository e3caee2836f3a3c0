"""What browsers make of what is deployed: by the rules for templates, and of what was changed but never deployed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from corsmith.account import document
from corsmith.account.judge import Judged, judge
from corsmith.account.unit import Unit
from corsmith.api.caller import CallerFlags

from . import states
from .states import GOOD_CORS, PAGE, PLACE, changed, deployed, preflight, proxy, rest, unit

PREFLIGHT = ("resources", 1, "resourceMethods", "OPTIONS")


def rules(judged: Judged, *severities: str) -> list[str]:
    wanted = severities or ("error", "warning")
    return [each.finding.rule for each in judged.found if each.finding.severity in wanted]


def found(judged: Judged, rule: str) -> Any:
    (each,) = [each for each in judged.found if each.finding.rule == rule]
    return each


GOOD: dict[str, Unit] = {
    "a REST API": unit(rest()),
    "a REST API that lets its function be invoked for this method": unit(
        rest(),
        states.function(
            policies={
                "": states.policy(
                    states.permission("arn:aws:execute-api:eu-west-1:123456789012:abc123def4/*/POST/items")
                )
            }
        ),
    ),
    "a REST API whose stage has an alias in a variable": unit(
        rest(
            methods={"POST": proxy(function="orders:${stageVariables.alias}"), "OPTIONS": preflight()},
            stages=[{"stageName": "prod", "deploymentId": "d1", "variables": {"alias": "live"}}],
        ),
        states.function(policies={"": states.policy(), "live": states.policy(states.permission())}),
    ),
    "a REST API behind a web ACL that lets preflights pass": unit(
        rest(
            stages=[{"stageName": "prod", "deploymentId": "d1", "webAclArn": states.ACL}],
            web_acls={states.ACL: states.web_acl(blocks="TRACE")},
        )
    ),
    "an HTTP API": unit(states.http(cors=GOOD_CORS)),
    "a Function URL": states.url_unit(
        states.function(
            urls=[states.url({"AllowOrigins": [PAGE], "AllowMethods": ["*"], "AllowHeaders": ["content-type"]})],
            policies={"": states.policy(*states.public_url_permissions())},
        )
    ),
    "a name that AWS allows and templates do not": unit(
        changed(rest(), ("api", "name"), 'Shop: "a/b" {c} $d \U0001f600')
    ),
}


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
def test_what_is_right_has_no_findings(good: Unit) -> None:
    judged = judge(good, CallerFlags())
    assert rules(judged) == []
    assert judged.unexplained == 0
    assert judged.undecided or judged.allowed


def _dropping(origin: str) -> Any:
    """A distribution that forwards one header, which is not Origin."""
    headers = {"HeaderBehavior": "whitelist", "Headers": {"Quantity": 1, "Items": ["Accept"]}}
    return states.distribution_state(
        states.distribution(origin, OriginRequestPolicyId="own"),
        origin_request_policies={"own": {"Name": "own", "HeadersConfig": headers}},
    )


FAULTY: dict[str, tuple[Unit, str, str]] = {
    "no OPTIONS": (unit(rest(methods={"POST": proxy()})), "rest-no-options-method", ""),
    "IAM on OPTIONS": (
        unit(rest(methods={"POST": proxy(), "OPTIONS": preflight(authorizationType="AWS_IAM")})),
        "rest-options-requires-auth",
        "/resources/items/methods/OPTIONS",
    ),
    "a key on OPTIONS": (
        unit(rest(methods={"POST": proxy(), "OPTIONS": preflight(apiKeyRequired=True)})),
        "rest-options-requires-api-key",
        "/resources/items/methods/OPTIONS",
    ),
    "headers not allowed": (
        unit(rest(methods={"POST": proxy(), "OPTIONS": preflight(headers="authorization")})),
        "allow-headers-missing-header",
        "/resources/items/methods/OPTIONS",
    ),
    "a method not allowed": (
        unit(rest(methods={"PUT": proxy("PUT"), "OPTIONS": preflight(methods="POST")})),
        "allow-methods-missing",
        "/resources/items/methods/OPTIONS",
    ),
    "binary media": (
        unit(deployed(changed(rest(), ("api", "binaryMediaTypes"), ["*/*"]))),
        "rest-binary-media-breaks-mock-options",
        "",
    ),
    "no gateway responses": (unit(rest(gateway_responses=[])), "rest-missing-gateway-responses", ""),
    "no permission": (
        unit(rest(gateway_responses=[]), states.function(policies={"": states.policy()})),
        "lambda-permission-missing",
        "",
    ),
    "a permission for another API": (
        unit(
            rest(gateway_responses=[]),
            states.function(
                policies={"": states.policy(states.permission("arn:aws:execute-api:eu-west-1:123456789012:other/*"))}
            ),
        ),
        "lambda-permission-missing",
        "",
    ),
    "a permission on the function, where the alias is called": (
        unit(
            rest(methods={"POST": proxy(function="orders:live"), "OPTIONS": preflight()}, gateway_responses=[]),
            states.function(policies={"": states.policy(states.permission()), "live": {}}),
        ),
        "lambda-permission-missing",
        "",
    ),
    "a web ACL that blocks OPTIONS": (
        unit(
            rest(
                stages=[{"stageName": "prod", "deploymentId": "d1", "webAclArn": states.ACL}],
                web_acls={states.ACL: states.web_acl()},
            )
        ),
        "preflight-blocked-in-front",
        "webacl/front/acl1",
    ),
    "an HTTP API without CORS": (unit(states.http()), "httpapi-no-cors-config", ""),
    "a slash": (unit(states.http(cors={**GOOD_CORS, "AllowOrigins": [PAGE + "/"]})), "origin-trailing-slash", ""),
    "a catch-all with an authorizer": (
        unit(
            states.http(
                cors=GOOD_CORS,
                routes=[
                    {
                        "RouteId": "r1",
                        "RouteKey": "ANY /things",
                        "AuthorizationType": "JWT",
                        "AuthorizerId": "a1",
                        "Target": "integrations/i1",
                    }
                ],
                authorizers=[
                    {
                        "AuthorizerId": "a1",
                        "Name": "users",
                        "AuthorizerType": "JWT",
                        "IdentitySource": ["$request.header.Authorization"],
                        "JwtConfiguration": {"Issuer": "https://id.example.com", "Audience": ["web"]},
                    }
                ],
            )
        ),
        "httpapi-default-route-authorizer-catches-options",
        "/routes/r1",
    ),
    "a URL without permissions": (
        states.url_unit(
            states.function(
                urls=[states.url({"AllowOrigins": [PAGE], "AllowMethods": ["*"], "AllowHeaders": ["content-type"]})],
                policies={"": {}},
            )
        ),
        "function-url-permission-missing",
        ":function:orders",
    ),
    "a distribution that drops Origin": (
        unit(
            states.http(cors=GOOD_CORS),
            distributions=(_dropping("web456.execute-api.eu-west-1.amazonaws.com"),),
        ),
        "cloudfront-drops-origin-header",
        ":distribution/E1",
    ),
    "a distribution in front of a custom domain": (
        unit(
            states.http(cors=GOOD_CORS),
            domains=(
                states.domain_state("api.example.com", {"ApiId": "web456", "ApiMappingKey": "", "Stage": "$default"}),
            ),
            distributions=(_dropping("api.example.com"),),
        ),
        "cloudfront-drops-origin-header",
        ":distribution/E1",
    ),
    "a greedy resource with an authorizer": (
        unit(
            rest(
                resources=[
                    {"id": "root", "path": "/"},
                    {
                        "id": "p",
                        "parentId": "root",
                        "pathPart": "{proxy+}",
                        "path": "/{proxy+}",
                        "resourceMethods": {"ANY": proxy("ANY", authorizationType="CUSTOM", authorizerId="a1")},
                    },
                ],
                authorizers=[
                    {
                        "id": "a1",
                        "name": "guard",
                        "type": "TOKEN",
                        "identitySource": "method.request.header.Authorization",
                    }
                ],
            )
        ),
        "rest-options-requires-auth",
        "/resources/p/methods/ANY",
    ),
    "a resource policy against OPTIONS": (
        unit(
            changed(
                rest(),
                ("api", "policy"),
                # As GetRestApis writes it: its quotes and slashes are escaped once more.
                r"{\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"execute-api:Invoke\","
                r"\"Resource\":\"arn:aws:execute-api:eu-west-1:123456789012:abc123def4\/prod\/OPTIONS\/*\"}]}",
            )
        ),
        "rest-options-requires-auth",
        "",
    ),
    "a limit of zero": (
        unit(
            rest(
                stages=[
                    {
                        "stageName": "prod",
                        "deploymentId": "d1",
                        "methodSettings": {"*/*": {"throttlingBurstLimit": 0, "throttlingRateLimit": 0.0}},
                    }
                ]
            )
        ),
        "preflight-blocked-in-front",
        "/stages/prod",
    ),
    "a distribution that refuses OPTIONS": (
        unit(
            rest(),
            states.function(),
            distributions=(
                states.distribution_state(
                    states.distribution(
                        "abc123def4.execute-api.eu-west-1.amazonaws.com",
                        AllowedMethods={
                            "Quantity": 2,
                            "Items": ["GET", "HEAD"],
                            "CachedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"]},
                        },
                    )
                ),
            ),
        ),
        "cloudfront-options-not-allowed",
        ":distribution/E1",
    ),
}


@pytest.mark.parametrize(("faulty", "rule", "ends"), FAULTY.values(), ids=FAULTY)
def test_faults_are_found_where_one_can_act(faulty: Unit, rule: str, ends: str) -> None:
    judged = judge(faulty, CallerFlags())
    each = found(judged, rule)
    assert any(place.arn.endswith(ends) for place in each.deployed)
    assert all(place.console.startswith("https://") for place in each.deployed)
    assert each.place == PLACE
    assert "template" not in each.finding.message


def test_addresses_are_those_of_the_account() -> None:
    evidence = found(
        judge(unit(rest(methods={"POST": proxy()})), CallerFlags()), "rest-no-options-method"
    ).finding.evidence
    assert evidence.request.url == "https://abc123def4.execute-api.eu-west-1.amazonaws.com/prod/items"
    assert "https://abc123def4.execute-api.eu-west-1" in evidence.console


def test_what_rests_on_json_says_so() -> None:
    judged = judge(unit(rest(methods={"POST": proxy()})), CallerFlags())
    each = found(judged, "rest-no-options-method").finding
    assert each.confidence == "medium"
    assert "pages send JSON" in each.message
    # Who says what the page sends is not second-guessed.
    said = judge(unit(rest(methods={"POST": proxy()})), CallerFlags(headers=(("x-a", "1"),)))
    assert "pages send JSON" not in found(said, "rest-no-options-method").finding.message


def test_an_unread_policy_is_not_taken_for_none() -> None:
    judged = judge(unit(rest(), states.function(policies={})), CallerFlags())
    assert "lambda-permission-missing" not in rules(judged)


def test_an_api_without_stages_answers_nobody() -> None:
    assert judge(unit(rest(methods={"POST": proxy()}, stages=[])), CallerFlags()) == Judged()


def test_code_is_judged_where_it_is_there() -> None:
    files = {"app.py": "def handler(event, context):\n    return {'statusCode': 200, 'body': ''}\n"}
    judged = judge(unit(rest(), states.function(), code={states.function_arn("orders"): files}), CallerFlags())
    each = found(judged, "handler-missing-headers")
    assert ("function orders, app.py:2", states.function_arn("orders")) in [(p.label, p.arn) for p in each.deployed]


UNDEPLOYED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a header's value": (
        changed(
            rest(methods={"POST": proxy(), "OPTIONS": preflight("https://old.example.com")}), PREFLIGHT, preflight()
        ),
        "Access-Control-Allow-Origin of OPTIONS /items (the stage serves 'https://old.example.com', defined is 'https://shop.example.com')",
        "error",
    ),
    "a new OPTIONS": (
        changed(rest(methods={"POST": proxy()}), PREFLIGHT, preflight()),
        "OPTIONS /items (new)",
        "error",
    ),
    "a new gateway response": (
        changed(rest(gateway_responses=[]), ("gateway_responses",), rest()["gateway_responses"]),
        "the gateway response DEFAULT_4XX (new); the gateway response DEFAULT_5XX (new)",
        "warning",
    ),
    "an authorizer taken off OPTIONS": (
        changed(
            rest(methods={"POST": proxy(), "OPTIONS": preflight(authorizationType="AWS_IAM")}), PREFLIGHT, preflight()
        ),
        "authorization of OPTIONS /items (the stage serves iam, defined is none)",
        "error",
    ),
    "a key taken off OPTIONS": (
        changed(rest(methods={"POST": proxy(), "OPTIONS": preflight(apiKeyRequired=True)}), PREFLIGHT, preflight()),
        "an API key of OPTIONS /items (the stage serves required, defined is not required)",
        "error",
    ),
    "a new method": (
        changed(rest(), ("resources", 1, "resourceMethods", "PUT"), proxy("PUT")),
        "PUT /items (new)",
        "error",
    ),
    "a new header that nobody needs": (
        changed(rest(), PREFLIGHT, preflight(headers="content-type,x-more")),
        "Access-Control-Allow-Headers of OPTIONS /items",
        "info",
    ),
}


@pytest.mark.parametrize(("api", "named", "severity"), UNDEPLOYED.values(), ids=UNDEPLOYED)
def test_undeployed_changes_are_named(api: dict[str, Any], named: str, severity: str) -> None:
    each = found(judge(unit(api), CallerFlags()), "rest-stage-not-deployed")
    assert named in each.finding.message
    assert each.finding.severity == severity
    assert each.deployed[0].arn.endswith("/stages/prod")
    assert "rest-stage-not-deployed" not in rules(judge(unit(deployed(api)), CallerFlags()), "error", "warning", "info")


def test_a_fault_that_is_not_deployed_yet_is_a_warning() -> None:
    api = changed(rest(), PREFLIGHT, preflight("https://wrong.example.com"))
    judged = judge(unit(api), CallerFlags(origins=(PAGE,)))
    each = found(judged, "origin-mismatch").finding
    assert each.severity == "warning"
    assert "next deployment" in each.message
    again = judge(unit(deployed(api)), CallerFlags(origins=(PAGE,)))
    assert found(again, "origin-mismatch").finding.severity == "error"


def test_gateway_responses_that_an_export_lists_as_aws_made_them_are_no_change() -> None:
    api = rest()
    listed = api["exports"]["prod"]["x-amazon-apigateway-gateway-responses"]
    listed["UNAUTHORIZED"] = {
        "statusCode": "401",
        "responseTemplates": {"application/json": '{"message":$context.error.messageString}'},
    }
    assert rules(judge(unit(api), CallerFlags()), "error", "warning", "info") == rules(
        judge(unit(rest()), CallerFlags()), "error", "warning", "info"
    )


def test_an_export_that_mentions_no_gateway_responses_may_leave_them_out() -> None:
    api = rest()
    sure = changed(rest(gateway_responses=[]), ("gateway_responses",), api["gateway_responses"])
    assert found(judge(unit(sure), CallerFlags()), "rest-stage-not-deployed").finding.confidence == "high"
    del api["exports"]["prod"]["x-amazon-apigateway-gateway-responses"]
    assert found(judge(unit(api), CallerFlags()), "rest-stage-not-deployed").finding.confidence == "medium"


def http_stage(**cors: Any) -> dict[str, Any]:
    """An HTTP API without auto-deploy whose stage serves a CORS configuration with these members changed."""
    api = states.http(cors=GOOD_CORS, stages=[{"StageName": "$default", "AutoDeploy": False, "DeploymentId": "d1"}])
    served = {key[0].lower() + key[1:]: each for key, each in {**GOOD_CORS, **cors}.items()}
    integration = {
        "type": "AWS_PROXY",
        "uri": states.invocation("orders"),
        "payloadFormatVersion": "2.0",
        "httpMethod": "POST",
    }
    body = {
        "openapi": "3.0.1",
        "info": {"title": "web"},
        "paths": {"/things": {"put": {"responses": {}, "x-amazon-apigateway-integration": integration}}},
        "x-amazon-apigateway-cors": served,
    }
    return {**api, "exports": {"$default": body}}


def test_http_stages_without_auto_deploy_are_compared() -> None:
    same = judge(unit(http_stage(AllowHeaders=["Content-Type"])), CallerFlags())
    assert rules(same, "error", "warning", "info") == rules(
        judge(unit(states.http(cors=GOOD_CORS)), CallerFlags()), "error", "warning", "info"
    )
    older = found(judge(unit(http_stage(AllowMethods=["GET"])), CallerFlags()), "httpapi-stage-not-deployed")
    assert "AllowMethods (the stage serves get, defined is put)" in older.finding.message
    assert older.finding.severity == "error"
    assert older.deployed[0].arn.endswith("/stages/$default")


def test_a_stage_to_which_nothing_was_deployed() -> None:
    api = states.http(cors=GOOD_CORS, stages=[{"StageName": "v1", "AutoDeploy": False}])
    each = found(judge(unit(api), CallerFlags()), "httpapi-stage-not-deployed")
    assert "Nothing was ever deployed" in each.finding.message


def test_an_api_with_its_own_address_turned_off_is_called_at_its_domain() -> None:
    api = changed(rest(methods={"POST": proxy()}), ("api", "disableExecuteApiEndpoint"), True)
    domain = states.domain_state("api.example.com", {"ApiId": "abc123def4", "ApiMappingKey": "shop", "Stage": "prod"})
    evidence = found(judge(unit(api, domains=(domain,)), CallerFlags()), "rest-no-options-method").finding.evidence
    assert evidence.request.url == "https://api.example.com/shop/items"


def test_what_is_expected_of_calls() -> None:
    guarded = states.rest(
        methods={"POST": proxy(apiKeyRequired=True), "OPTIONS": preflight(headers="content-type,x-api-key")}
    )
    verdicts = {
        "allowed": unit(states.http(cors=GOOD_CORS)),
        "blocked": unit(states.http(cors={**GOOD_CORS, "AllowMethods": ["GET"]})),
        "undecided": unit(rest()),
    }
    for verdict, each in verdicts.items():
        (expected,) = judge(each, CallerFlags()).expected
        assert expected.verdict == verdict
    # Nobody calls with a key that is good: only what happens before it is looked at can be compared.
    code = {states.function_arn("orders"): {"app.py": "def handler(e, c):\n    return {'statusCode': 200}\n"}}
    (with_key,) = judge(unit(guarded, code=code), CallerFlags()).expected
    assert (with_key.verdict, with_key.at_preflight) == ("undecided", False)


def test_a_stage_may_be_behind_another_by_intention() -> None:
    stages = [{"stageName": name, "deploymentId": name} for name in ("dev", "prod")]
    new = ("resources", 1, "resourceMethods", "PUT")
    api = changed(rest(stages=stages), new, proxy("PUT"))
    severities = [
        each.finding.severity for each in judge(unit(api), CallerFlags()).found if "stage" in each.finding.rule
    ]
    assert severities == ["error", "error"]
    api["exports"]["dev"] = states.exported(api)
    (behind,) = [each for each in judge(unit(api), CallerFlags()).found if "stage" in each.finding.rule]
    assert behind.finding.severity == "info"
    # A call that the stage has, and refuses, is a fault there all the same.
    api = changed(rest(methods={"POST": proxy()}, stages=stages), PREFLIGHT, preflight())
    api["exports"]["dev"] = states.exported(api)
    assert found(judge(unit(api), CallerFlags()), "rest-stage-not-deployed").finding.severity == "error"


def test_the_first_stage_is_what_addresses_name() -> None:
    stages = [{"stageName": name, "deploymentId": name} for name in ("dev", "prod")]
    api = changed(rest(methods={"POST": proxy()}, stages=stages), PREFLIGHT, preflight())
    api["exports"]["dev"] = states.exported(api)
    (expected,) = judge(unit(api), CallerFlags()).expected
    assert expected.url.endswith("/dev/items")
    assert not expected.at_preflight
    named = [each.finding.message for each in judge(unit(api), CallerFlags()).found if "stage" in each.finding.rule]
    assert ["The stage prod" in each for each in named] == [True]


def test_a_canary_is_told() -> None:
    stages = [
        {"stageName": "prod", "deploymentId": "d1", "canarySettings": {"percentTraffic": 12.5, "deploymentId": "d2"}}
    ]
    judged = judge(unit(rest(stages=stages)), CallerFlags())
    (left,) = [each for each in judged.undecided if each.outcome == "stage prod"]
    assert "sends 12.5 % of its calls to the canary deployment d2" in left.because
    assert left.deployed is not None
    assert left.deployed.arn.endswith("/stages/prod")
    usual = judge(unit(rest()), CallerFlags())
    assert [each for each in usual.undecided if each.outcome == "stage prod"] == []
    assert judged.found == usual.found


def test_a_canary_without_the_preflight_is_found() -> None:
    settings = {"percentTraffic": 5.0, "deploymentId": "d2"}
    stages = [{"stageName": "prod", "deploymentId": "d1", "canarySettings": settings}]
    verb = {"authorizationType": "NONE", "apiKeyRequired": False}

    def judged(**verbs: Any) -> list[str]:
        one = unit(rest(stages=stages, canaries={"prod": {"/items": verbs}}))
        return [each.finding.message for each in judge(one, CallerFlags()).found if "canary" in each.finding.message]

    (message,) = judged(POST=verb)
    assert "to which 5 % of its calls go, serves an older definition: it lacks OPTIONS /items" in message
    assert judged(POST=verb, OPTIONS=verb) == []
    assert judged(ANY=verb) == []


def test_web_acls_that_are_not_read_leave_it_undecided() -> None:
    def left(arn: str, **more: Any) -> list[str]:
        stages = [{"stageName": "prod", "deploymentId": "d1", "webAclArn": arn}]
        judged = judge(unit(rest(stages=stages, **more)), CallerFlags())
        return [each.because for each in judged.undecided if each.outcome == "stage prod"]

    (classic,) = left("arn:aws:waf-regional:eu-west-1:123456789012:webacl/abc")
    assert "AWS WAF Classic" in classic
    (denied,) = left(states.ACL)
    assert "whose rules were not read" in denied
    assert left(states.ACL, web_acls={states.ACL: states.web_acl(blocks="DELETE")}) == []


def test_a_web_acl_before_a_distribution_decides() -> None:
    acl = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/front/acl1"
    front = {**states.distribution("web456.execute-api.eu-west-1.amazonaws.com"), "WebACLId": acl}
    api = states.http(cors=states.GOOD_CORS)
    guarded = states.distribution_state(front, web_acl=states.web_acl())
    found = judge(states.unit(api, distributions=(guarded,)), CallerFlags()).found
    assert "preflight-blocked-in-front" in [each.finding.rule for each in found]
    unread = judge(states.unit(api, distributions=(states.distribution_state(front),)), CallerFlags())
    assert "preflight-blocked-in-front" not in [each.finding.rule for each in unread.found]
    assert [each.api for each in unread.undecided if each.outcome == "web ACL"] == ["E1"]


def test_keys_that_no_usage_plan_gives_are_noted() -> None:
    api = rest(methods={"POST": states.proxy(apiKeyRequired=True), "OPTIONS": states.preflight(headers="x-api-key")})

    def noted(plans: tuple[Any, ...] | None) -> tuple[str, ...]:
        one = unit(api)
        return judge(replace(one, door=replace(one.door, usage_plans=plans)), CallerFlags()).remarks

    (remark,) = noted(())
    assert "no usage plan holds its stage prod" in remark
    assert noted(({"apiStages": [{"apiId": "abc123def4", "stage": "prod"}]},)) == ()
    assert len(noted(({"apiStages": [{"apiId": "abc123def4", "stage": "beta"}]},))) == 1
    assert noted(None) == ()


def test_a_load_balancer_that_is_not_read_is_noted() -> None:
    may = {**states.permission(), "Principal": {"Service": "elasticloadbalancing.amazonaws.com"}}
    function = states.function(policies={"": states.policy(states.permission(), may)})
    (remark,) = judge(unit(rest(), function), CallerFlags()).remarks
    assert "A load balancer may call function orders, too" in remark
    assert judge(unit(rest()), CallerFlags()).remarks == ()


def test_code_that_cannot_be_read_is_a_failure_with_its_place() -> None:
    files = {"app.py": "def handler(event, context)\n    return {}\n"}
    (failure,) = judge(unit(rest(), code={states.function_arn("orders"): files}), CallerFlags()).failures
    assert failure.message.startswith("shop: orders/app.py:1: ")


def test_models_of_an_export_are_left_out() -> None:
    api = rest()
    api["exports"]["prod"]["components"]["schemas"] = {f"Model{n}": {"type": "object"} for n in range(1000)}
    assert "Model1" not in document.deployed(unit(api), "prod").text
    assert "sigv4" in document.deployed(unit(api), "prod").text


@pytest.mark.parametrize(("alias", "lacking"), [("$LATEST", True), ("${stageVariables.alias}", False)])
def test_aliases_that_are_none(alias: str, lacking: bool) -> None:
    api = rest(methods={"POST": proxy(function=f"orders:{alias}"), "OPTIONS": preflight()}, gateway_responses=[])
    judged = judge(unit(api, states.function(policies={"": states.policy()})), CallerFlags())
    assert ("lambda-permission-missing" in rules(judged)) is lacking


def test_the_largest_api_that_aws_allows_is_read() -> None:
    verbs = ("GET", "POST", "PUT", "PATCH", "DELETE")
    methods = {verb: proxy(verb) for verb in verbs} | {"OPTIONS": preflight(methods=",".join(verbs))}
    resources = [{"id": "root", "path": "/"}]
    resources += [
        {"id": f"r{n}", "parentId": "root", "pathPart": f"p{n}", "path": f"/p{n}", "resourceMethods": methods}
        for n in range(300)
    ]
    text = document.working_copy(unit(rest(resources=resources))).text
    assert len(text) < 2_000_000
    judged = judge(unit(rest(resources=resources)), CallerFlags(path="/p299", methods=("PUT",)))
    assert judged.failures == ()
    assert [each.route for each in judged.undecided] == ["PUT /p299"]


def test_spots_cover_the_text_they_stand_for() -> None:
    written = document.working_copy(unit(rest()))
    for spot in written.spots:
        text = written.text[spot.start : spot.end]
        assert text.startswith('"')
        assert text.endswith("}")
    assert [spot.start for spot in written.spots] == sorted(spot.start for spot in written.spots)
