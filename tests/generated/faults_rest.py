"""Faults of REST APIs."""

from __future__ import annotations

from msgspec.structs import replace

from .fault import PLAIN, RAW, Fault, both, of_preflight, parameter, setting
from .plan import CDK, CFN, CREDENTIALS, HEADERS, METHODS, OPENAPI, ORIGIN, REST, SAM, TF

_REST = (REST,)
_API = ("Shop:", '"Shop"', "Type: AWS::Serverless::Api", "aws_api_gateway_rest_api", "http:", "- http", "path:")


FAULTS = (
    Fault("rest-no-options-method", "no OPTIONS", setting(preflight=None), _REST, line=_API),
    Fault(
        "rest-options-requires-auth",
        "the authorizer takes preflights",
        of_preflight(lambda plan, preflight: replace(preflight, authorized=True)),
        _REST,
        dialects=(SAM, *RAW),
        wants={"authorizer": "tokens"},
    ),
    Fault(
        "rest-options-requires-api-key",
        "the key is asked of preflights",
        of_preflight(lambda plan, preflight: replace(preflight, keyed=True)),
        _REST,
        dialects=(SAM, *RAW),
        wants={"keyed": True, "authorizer": ""},
    ),
    *(
        Fault(
            "rest-mock-options-broken",
            f"the template is {template!r}",
            of_preflight(lambda plan, preflight, template=template: replace(preflight, template=template)),  # type: ignore[misc]
            _REST,
            dialects=RAW,
            wants={"binary": False},
        )
        for template in ('{"status": 200}', '{"statusCode": "ok"}', "", None)
    ),
    Fault(
        "rest-mock-options-broken",
        "no integration response",
        of_preflight(lambda plan, preflight: replace(preflight, answers=False)),
        _REST,
        dialects=RAW,
        wants={"binary": False},
    ),
    Fault(
        "rest-binary-media-breaks-mock-options",
        "every body is binary",
        both(setting(binary=("*/*",)), of_preflight(lambda plan, preflight: replace(preflight, text=False))),
        _REST,
        dialects=(SAM, *RAW),
        line=("*/*", "*~1*", "BinaryMediaTypes"),
    ),
    Fault(
        "rest-options-missing-response-parameters",
        "nothing is mapped",
        of_preflight(lambda plan, preflight: replace(preflight, parameters=())),
        _REST,
        dialects=RAW,
    ),
    Fault(
        "rest-unquoted-cors-value",
        "the preflight's origin has no quotes",
        of_preflight(parameter(ORIGIN, "{origin}")),
        _REST,
        dialects=(SAM, *RAW),
        line=("{origin}",),
    ),
    Fault(
        "rest-unquoted-cors-value",
        "the methods have no quotes",
        of_preflight(parameter(METHODS, "{method}")),
        _REST,
        dialects=(SAM, *RAW),
        line=("{method}",),
    ),
    Fault(
        "rest-unquoted-cors-value",
        "the gateway response's origin has no quotes",
        lambda plan, dice: replace(
            plan, gateway_responses=((ORIGIN, plan.origin), *(pair for pair in plan.gateway_responses[1:]))
        ),
        _REST,
        line=("{origin}",),
    ),
    Fault(
        "rest-missing-gateway-responses",
        "none",
        setting(gateway_responses=()),
        _REST,
        severity="warning",
    ),
    Fault(
        "rest-stage-not-deployed",
        "the deployment waits for nothing",
        setting(deployed=False),
        _REST,
        dialects=(CFN, CDK, TF),
        line=("Release:", '"Release"', "aws_api_gateway_deployment"),
    ),
    Fault(
        "rest-method-missing-response-parameters",
        "a mapped method without the header",
        setting(mapped="-"),
        _REST,
        dialects=(*PLAIN, OPENAPI),
        wants={"credentials": False},
    ),
    Fault(
        "allow-methods-missing",
        "another method is listed",
        of_preflight(parameter(METHODS, "'GET,OPTIONS'")),
        _REST,
        dialects=(SAM, *RAW),
        wants={"method": "PUT"},
        line=("'GET,OPTIONS'",),
    ),
    Fault(
        "allow-methods-missing",
        "ANY is no method",
        of_preflight(parameter(METHODS, "'ANY'")),
        _REST,
        dialects=RAW,
        wants={"method": "DELETE"},
        line=("'ANY'",),
    ),
    Fault(
        "allow-headers-missing-header",
        "another header is listed",
        of_preflight(parameter(HEADERS, "'x-other'")),
        _REST,
        wants={"sent": ("x-page",)},
        line=("x-other",),
    ),
    Fault(
        "allow-headers-missing-header",
        "no header is listed",
        of_preflight(parameter(HEADERS, None)),
        _REST,
        dialects=(SAM, *RAW),
        wants={"sent": ("x-page",), "method": "PUT"},
    ),
    Fault(
        "credentials-header-missing",
        "the preflight does not allow them",
        of_preflight(parameter(CREDENTIALS, None)),
        _REST,
        wants={"credentials": True},
    ),
    Fault(
        "wildcard-with-credentials",
        "the preflight names everybody",
        of_preflight(parameter(ORIGIN, "'*'")),
        _REST,
        dialects=RAW,
        wants={"credentials": True},
        line=("'*'",),
    ),
    Fault(
        "wildcard-with-credentials",
        "the preflight allows all headers",
        of_preflight(parameter(HEADERS, "'*'")),
        _REST,
        dialects=(SAM, *RAW),
        wants={"credentials": True, "sent": ("x-page",)},
        line=("'*'",),
    ),
    Fault(
        "allow-headers-wildcard-authorization",
        "the preflight allows all headers",
        of_preflight(parameter(HEADERS, "'*'")),
        _REST,
        wants={"credentials": False, "authorizer": "tokens"},
        severity="warning",
    ),
    Fault(
        "origin-trailing-slash",
        "in the preflight",
        of_preflight(parameter(ORIGIN, "'{origin}/'")),
        _REST,
        line=("{origin}/",),
    ),
    Fault(
        "origin-mismatch",
        "in the preflight",
        of_preflight(parameter(ORIGIN, "'https://old.example.com'")),
        _REST,
        line=("https://old.example.com",),
    ),
    Fault(
        "origin-mismatch",
        "a path in the preflight",
        of_preflight(parameter(ORIGIN, "'{origin}/shop'")),
        _REST,
        line=("{origin}/shop",),
        explicit=False,
        wants={"sent": (), "echo": ""},
    ),
    Fault(
        "multiple-origins-in-one-header",
        "in the preflight",
        of_preflight(parameter(ORIGIN, "'{origin},https://b.example.com'")),
        _REST,
        dialects=(SAM, *RAW),
        line=("https://b.example.com",),
    ),
    Fault(
        "header-typo",
        "a mapped header",
        of_preflight(
            lambda plan, preflight: replace(
                preflight,
                parameters=tuple(
                    (name.replace("Allow-Origin", "Allow-Origins"), text) for name, text in preflight.parameters
                ),
            )
        ),
        _REST,
        dialects=RAW,
        line=("Allow-Origins",),
    ),
    Fault(
        "header-typo",
        "a key of Cors",
        of_preflight(
            lambda plan, preflight: replace(
                preflight,
                parameters=tuple(
                    (name.replace("Allow-Origin", "Allow-Orgin"), text) for name, text in preflight.parameters
                ),
            )
        ),
        _REST,
        dialects=(SAM,),
        line=("AllowOrgin",),
    ),
    Fault(
        "cors-config-on-wrong-resource",
        "the settings of HTTP APIs",
        setting(preflight=None, stray=True),
        _REST,
        dialects=(SAM,),
    ),
    Fault(
        "preflight-not-cached",
        "no time",
        of_preflight(parameter("Access-Control-Max-Age", None)),
        _REST,
        severity="info",
    ),
)
