"""Random SAM projects with Python handlers: correct ones, and ones with faults."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec import Struct

ORIGIN = "https://app.example.com"


class Project(Struct, frozen=True, dict=True):
    """A project's files, and whether a person would call it correct."""

    files: dict[str, str]
    correct: bool


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Draw a project of one front door with one to three functions behind it."""
    door = draw(st.sampled_from(("rest", "http", "url")))
    sound = draw(st.booleans())
    names = ["First", "Second", "Third"][: 1 if door == "url" else draw(st.integers(1, 3))]
    handlers = [draw(_handler(door, sound)) for _ in names]
    front = draw(_front(door, sound))
    lines = ["Transform: AWS::Serverless-2016-10-31", "# kept", "Resources:"]
    if door != "url":
        lines += ["  ShopApi:", f"    Type: AWS::Serverless::{'Api' if door == 'rest' else 'HttpApi'}", *front]
    for name in names:
        lines += _function(name, door, draw, front)
    end = draw(st.sampled_from(("\n", "\r\n")))
    files = {"template.yaml": end.join(lines) + draw(st.sampled_from((end, "")))}
    files |= {f"{name.lower()}.py": text for name, text in zip(names, handlers, strict=True)}
    return Project(files, sound)


def _function(name: str, door: str, draw: st.DrawFn, front: list[str]) -> list[str]:
    lines = [
        f"  {name}:",
        "    Type: AWS::Serverless::Function",
        "    Properties:",
        "      Runtime: python3.13",
        f"      Handler: {name.lower()}.handler",
        "      CodeUri: .",
    ]
    if door == "url":
        return [*lines, "      FunctionUrlConfig:", "        AuthType: NONE", *front]
    method = draw(st.sampled_from(("get", "post", "put", "delete", "GET")))
    kind = "Api" if door == "rest" else "HttpApi"
    reference = "RestApiId" if door == "rest" else "ApiId"
    path = draw(st.sampled_from((f"/{name.lower()}", f"/{name.lower()}/{{id}}")))
    return [
        *lines,
        "      Events:",
        "        Call:",
        f"          Type: {kind}",
        "          Properties:",
        f"            {reference}: !Ref ShopApi",
        f"            Path: {path}",
        f"            Method: {method}",
    ]


@st.composite
def _front(draw: st.DrawFn, door: str, sound: bool) -> list[str]:
    if door == "rest":
        lines = ["    Properties:", "      StageName: prod"]
        if sound:
            return [*lines, *_rest_cors("'DELETE,GET,OPTIONS,POST,PUT'", "'content-type'"), *_gateway_responses()]
        methods = draw(st.sampled_from(("'DELETE,GET,OPTIONS,POST,PUT'", "'GET,OPTIONS'")))
        headers = draw(st.sampled_from(("'content-type'", "'x-other'", None)))
        some = draw(st.booleans())
        return [
            *lines,
            *(_rest_cors(methods, headers) if some else ()),
            *(_gateway_responses() if draw(st.booleans()) else ()),
        ]
    key, pad = ("CorsConfiguration", "      ") if door == "http" else ("Cors", "        ")
    head = ["    Properties:"] if door == "http" else []
    origin = ORIGIN if sound else draw(st.sampled_from((ORIGIN, ORIGIN + "/")))
    methods = (
        ["GET", "POST", "PUT", "DELETE"]
        if sound
        else draw(st.sampled_from((["GET"], ["GET", "POST", "PUT", "DELETE"])))
    )
    if not sound and draw(st.booleans()):
        return []
    block = [f"{pad}{key}:", f"{pad}  AllowOrigins:", f"{pad}    - {origin}"]
    block += [f"{pad}  AllowMethods: [{', '.join(methods)}]"]
    if sound or draw(st.booleans()):
        block += [f"{pad}  AllowHeaders: [content-type]"]
    return [*head, *block]


def _rest_cors(methods: str, headers: str | None) -> list[str]:
    lines = ["      Cors:", f"        AllowOrigin: \"'{ORIGIN}'\"", f'        AllowMethods: "{methods}"']
    return [*lines, f'        AllowHeaders: "{headers}"'] if headers else lines


def _gateway_responses() -> list[str]:
    lines = ["      GatewayResponses:"]
    for type_ in ("DEFAULT_4XX", "DEFAULT_5XX"):
        lines += [
            f"        {type_}:",
            "          ResponseParameters:",
            "            Headers:",
            f"              Access-Control-Allow-Origin: \"'{ORIGIN}'\"",
        ]
    return lines


@st.composite
def _handler(draw: st.DrawFn, door: str, sound: bool) -> str:
    sends = door == "rest" if sound else draw(st.booleans())
    failing = sends if sound else draw(st.booleans())
    literal = f'{{"Access-Control-Allow-Origin": "{ORIGIN}"}}'
    style = draw(st.sampled_from(("literal", "constant", "helper")))
    if style == "helper":
        headers = f', "headers": {literal}' if sends else ""
        return (
            "import json\n\n\ndef respond(status, body):\n"
            f'    return {{"statusCode": status{headers}, "body": json.dumps(body)}}\n'
            '\n\ndef handler(event, context):\n    if not event.get("headers"):\n        return respond(400, {})\n'
            "    return respond(200, {})\n"
        )
    good = ', "headers": ' + ("HEADERS" if style == "constant" else literal) if sends else ""
    bad = good if failing else ""
    constant = f"HEADERS = {literal}\n\n" if style == "constant" else ""
    return (
        f"import json\n\n{constant}\ndef handler(event, context):\n"
        f'    if not event.get("headers"):\n        return {{"statusCode": 400{bad}, "body": "no"}}\n'
        f"    return {{\n        \"statusCode\": 200{good},\n        'body': json.dumps({{}}),\n    }}\n"
    )
