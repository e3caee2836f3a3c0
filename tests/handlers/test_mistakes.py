"""The mistakes people make in handlers, each beside a twin that is right: what is read tells them apart."""
# ruff: noqa: E501 - whole handlers in one line, bad beside right

from __future__ import annotations

import pytest

from corsmith.api.outcome import AnyText, Array, Echo, Mirror, Object, Raised, Unserialisable, WhenOrigin
from corsmith.api.value import Known

from .reading import read, short

H = '{"Access-Control-Allow-Origin": "*"}'
HEAD = "import json, os, re, sys\nALLOWED = ['https://a.example']\n"


def _body(text: str, indent: str = "    ") -> str:
    return HEAD + "def handler(event, context):\n" + "".join(f"{indent}{line}\n" for line in text.strip().split("\n"))


# name: (bad, what is read, right, what is read)
PAIRS: dict[str, tuple[str, set[str], str, set[str]]] = {
    "no CORS headers": (
        'return {"statusCode": 200, "body": "x"}', {"200 no headers"},
        f'return {{"statusCode": 200, "headers": {H}, "body": "x"}}', {"200 *"},
    ),
    "error branch without headers": (
        f'if not event["pathParameters"].get("u"):\n    return {{"statusCode": 404}}\nreturn {{"statusCode": 200, "headers": {H}}}',
        {"without u: 404 no headers", "with u: 200 *"},
        f'h = {H}\nif not event["pathParameters"].get("u"):\n    return {{"statusCode": 404, "headers": h}}\nreturn {{"statusCode": 200, "headers": h}}',
        {"without u: 404 *", "with u: 200 *"},
    ),
    "an exception nobody catches": (
        f'item = context.table.get_item(Key={{}})["Item"]\nreturn {{"statusCode": 200, "headers": {H}}}', {"200 *", "raises KeyError"},
        f'try:\n    item = context.table.get_item(Key={{}})["Item"]\nexcept KeyError:\n    return {{"statusCode": 404, "headers": {H}}}\nreturn {{"statusCode": 200, "headers": {H}}}',
        {"200 *", "404 *"},
    ),
    "preflight is not answered": (
        f'm = event["httpMethod"]\nif m == "POST":\n    return {{"statusCode": 200, "headers": {H}}}\nreturn {{"statusCode": 405}}',
        {"POST v1.0 200 *", "DELETE|GET|HEAD|OPTIONS|PATCH|PUT v1.0 405 no headers", "v2.0 raises KeyError"},
        f'm = event["httpMethod"]\nif m == "OPTIONS":\n    return {{"statusCode": 204, "headers": {H}}}\nif m == "POST":\n    return {{"statusCode": 200, "headers": {H}}}\nreturn {{"statusCode": 405, "headers": {H}}}',
        {"OPTIONS v1.0 204 *", "POST v1.0 200 *", "DELETE|GET|HEAD|PATCH|PUT v1.0 405 *", "v2.0 raises KeyError"},
    ),
    "origins joined with commas": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": ",".join(["https://a.example", "https://b.example"])}}',
        {"200 https://a.example,https://b.example"},
        'o = event["headers"].get("origin")\nh = {"Vary": "Origin"}\nif o in ALLOWED:\n    h["Access-Control-Allow-Origin"] = o\nreturn {"statusCode": 200, "headers": h}',
        {"200 echo:list['https://a.example']"},
    ),
    "headers set on the event": (
        'event["headers"]["Access-Control-Allow-Origin"] = "*"\nreturn {"statusCode": 200, "body": "x"}', {"200 no headers"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "no statusCode": (
        f'return {{"headers": {H}, "body": "x"}}', {"no status *"},
        f'return {{"statusCode": 200, "headers": {H}, "body": "x"}}', {"200 *"},
    ),
    "headers inside the body": (
        f'return {{"statusCode": 200, "body": json.dumps({{"headers": {H}, "data": 1}})}}', {"200 no headers"},
        f'return {{"statusCode": 200, "headers": {H}, "body": json.dumps({{"data": 1}})}}', {"200 *"},
    ),
    "slash at the end": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://a.example/"}}', {"200 https://a.example/"},
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://a.example/".rstrip("/")}}', {"200 https://a.example"},
    ),
    "no scheme": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "a.example"}}', {"200 a.example"},
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://" + "a.example"}}', {"200 https://a.example"},
    ),
    "quotes of a mapping": (
        """return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "'*'"}}""", {"200 '*'"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "headers under another key": (
        f'return {{"statusCode": 200, "header": {H}}}', {"200 no headers"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "name misspelt": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origins": "*"}}', {"200 -"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "origin needed": (
        'o = event["headers"]["origin"]\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o}}',
        {"any: 200 echo:any", "not any: raises KeyError"},
        'o = event["headers"].get("origin", "https://a.example")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o}}',
        {"200 echo:any else https://a.example"},
    ),
    "any origin echoed": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": event["headers"].get("origin", "*"), "Access-Control-Allow-Credentials": "true"}}',
        {"200 echo:any else *"},
        'o = event["headers"].get("origin", "")\nif o not in ALLOWED:\n    return {"statusCode": 403}\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o}}',
        {"not list['https://a.example']: 403 no headers", "any: list['https://a.example']: 200 echo:list['https://a.example']"},
    ),
    "suffix test": (
        'o = event["headers"].get("origin", "")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o.endswith("a.example") else "null"}}',
        {"200 echo:suffix['a.example'] else null"},
        'o = event["headers"].get("origin", "")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in ALLOWED else "null"}}',
        {"200 echo:list['https://a.example'] else null"},
    ),
    "pattern without anchors": (
        'o = event["headers"].get("origin", "")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if re.match(r"https://.*a.example", o) else "x"}}',
        {"200 echo:regex(start)['https://.*a.example'] else x"},
        'o = event["headers"].get("origin", "")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if re.fullmatch(r"https://a\\.example", o) else "x"}}',
        {"200 echo:regex(full)['https://a\\\\.example'] else x"},
    ),
    "the first origin for everybody else": (
        'o = event["headers"].get("origin")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in ALLOWED else ALLOWED[0]}}',
        {"200 echo:list['https://a.example'] else https://a.example"},
        'o = event["headers"].get("origin")\nh = {"Access-Control-Allow-Origin": o} if o in ALLOWED else {}\nreturn {"statusCode": 200, "headers": h}',
        {"any: list['https://a.example']: 200 echo:list['https://a.example']", "not list['https://a.example']: 200 -"},
    ),
    "in multiValueHeaders only": (
        'return {"statusCode": 200, "multiValueHeaders": {"Access-Control-Allow-Origin": ["*"]}}', {"200 no headers"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "two spellings in one dict": (
        'return {"statusCode": 200, "headers": {"access-control-allow-origin": "*", "Access-Control-Allow-Origin": "https://a.example"}}',
        {"200 * and https://a.example"},
        'h = {"access-control-allow-origin": "*"}\nh["access-control-allow-origin"] = "https://a.example"\nreturn {"statusCode": 200, "headers": h}',
        {"200 https://a.example"},
    ),
    "headers on OPTIONS only": (
        f'if event["httpMethod"] == "OPTIONS":\n    return {{"statusCode": 204, "headers": {H}}}\nreturn {{"statusCode": 200}}',
        {"OPTIONS v1.0 204 *", "DELETE|GET|HEAD|PATCH|POST|PUT v1.0 200 no headers", "v2.0 raises KeyError"},
        f'status = 204 if event["httpMethod"] == "OPTIONS" else 200\nreturn {{"statusCode": status, "headers": {H}}}',
        {"OPTIONS v1.0 204 *", "DELETE|GET|HEAD|PATCH|POST|PUT v1.0 200 *", "v2.0 raises KeyError"},
    ),
    "token asked of the preflight": (
        f'if not event["headers"].get("authorization"):\n    return {{"statusCode": 401}}\nif event.get("httpMethod") == "OPTIONS":\n    return {{"statusCode": 204, "headers": {H}}}\nreturn {{"statusCode": 200, "headers": {H}}}',
        {"401 no headers", "OPTIONS v1.0 204 *", "DELETE|GET|HEAD|PATCH|POST|PUT v1.0 200 *", "v2.0 200 *"},
        f'if event.get("httpMethod") == "OPTIONS":\n    return {{"statusCode": 204, "headers": {H}}}\nif not event["headers"].get("authorization"):\n    return {{"statusCode": 401, "headers": {H}}}\nreturn {{"statusCode": 200, "headers": {H}}}',
        {"OPTIONS v1.0 204 *", *(f"{where} {answer}" for where in ("DELETE|GET|HEAD|PATCH|POST|PUT v1.0", "v2.0") for answer in ("200 *", "401 *"))},
    ),
    "preflight refused with the right headers": (
        f'return {{"statusCode": 404 if event.get("httpMethod") == "OPTIONS" else 200, "headers": {H}}}', {"OPTIONS v1.0 404 *", "DELETE|GET|HEAD|PATCH|POST|PUT v1.0 200 *", "v2.0 200 *"},
        f'return {{"statusCode": 204 if event.get("httpMethod") == "OPTIONS" else 200, "headers": {H}}}', {"OPTIONS v1.0 204 *", "DELETE|GET|HEAD|PATCH|POST|PUT v1.0 200 *", "v2.0 200 *"},
    ),
    "redirect": (
        'return {"statusCode": 307, "headers": {"Location": "/x/"}}', {"307 -"},
        f'return {{"statusCode": 200, "headers": {H}}}', {"200 *"},
    ),
    "environment list used as one value": (
        'return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": os.environ["ORIGINS"]}}', {"200 https://a.example, https://b.example"},
        'o = event["headers"].get("origin")\nallowed = [x.strip() for x in os.environ["ORIGINS"].split(",")]\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in allowed else "null"}}',
        {"200 echo:list['https://a.example', 'https://b.example'] else null"},
    ),
    "blank after splitting": (
        'o = event["headers"].get("origin")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in os.environ["ORIGINS"].split(",") else "null"}}',
        {"200 echo:list['https://a.example', ' https://b.example'] else null"},
        'o = event["headers"].get("origin")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in re.sub(" ", "", os.environ["ORIGINS"]).split(",") else "null"}}',
        {"200 echo:unknown else null"},
    ),
    "exit": (
        "sys.exit(1)", {"raises SystemExit"},
        f'return {{"statusCode": 500, "headers": {H}}}', {"500 *"},
    ),
    "null among the origins": (
        'o = event["headers"].get("origin")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in ["null", "https://a.example"] else "x"}}',
        {"200 echo:list['null', 'https://a.example'] else x"},
        'o = event["headers"].get("origin")\nreturn {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": o if o in ALLOWED else "x"}}',
        {"200 echo:list['https://a.example'] else x"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_bad_and_right_are_told_apart(name: str) -> None:
    bad, of_bad, right, of_right = PAIRS[name]
    environment = {"ORIGINS": "https://a.example, https://b.example"}
    assert short(_body(bad), environment) == of_bad
    assert short(_body(right), environment) == of_right


VALUES: dict[str, tuple[str, object]] = {
    "true as a bool": ('{"Access-Control-Allow-Credentials": True}', True),
    "true as a text": ('{"Access-Control-Allow-Credentials": "true"}', "true"),
    "true made a text": ('{"Access-Control-Allow-Credentials": str(True)}', "True"),
    "true made JSON's text": ('{"Access-Control-Allow-Credentials": str(True).lower()}', "true"),
    "a list": ('{"Access-Control-Allow-Methods": ["GET", "POST"]}', ["GET", "POST"]),
    "a list joined": ('{"Access-Control-Allow-Methods": ",".join(["GET", "POST"])}', "GET,POST"),
    "ANY": ('{"Access-Control-Allow-Methods": "ANY"}', "ANY"),
    "a number": ('{"Access-Control-Max-Age": 600}', 600),
    "a number's text": ('{"Access-Control-Max-Age": f"{600}"}', "600"),
    "star": ('{"Access-Control-Allow-Headers": "*"}', "*"),
    "None": ('{"Access-Control-Allow-Origin": None}', None),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_keep_their_type(name: str) -> None:
    text, expected = VALUES[name]
    (outcome,) = read(f"def handler(e, c): return {{'statusCode': 200, 'headers': {text}}}").outcomes
    ((_, value),) = dict(outcome.result.result.entries)["headers"].entries
    if isinstance(value, Array):
        assert [item.value for item in value.items] == expected
    else:
        assert isinstance(value, Known)
        assert (type(value.value), value.value) == (type(expected), expected)


def test_a_body_that_is_no_text_is_kept_as_it_is() -> None:
    bad, right = (
        read(f"import json\ndef handler(e, c): return {{'statusCode': 200, 'body': {body}}}")
        for body in ("{'a': 1}", "json.dumps({'a': 1})")
    )
    assert isinstance(dict(bad.outcomes[0].result.result.entries)["body"], Object)
    assert isinstance(dict(right.outcomes[0].result.result.entries)["body"], AnyText)


def test_what_cannot_be_sent() -> None:
    assert {type(outcome.result) for outcome in read("async def handler(e, c): return {}").outcomes} == {Unserialisable}
    assert {type(outcome.result) for outcome in read("def handler(e, c): return {'statusCode': 200}").outcomes} != {
        Unserialisable
    }


def test_vary_is_there_or_not() -> None:
    source = "def handler(e, c): return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': e['headers'].get('origin')%s}}"
    for more, names in (("", 1), (", 'Vary': 'Origin'", 2)):
        (outcome,) = read(source % more).outcomes
        assert len(dict(outcome.result.result.entries)["headers"].entries) == names


def test_the_origin_of_another_header_is_a_mirror() -> None:
    (outcome,) = read(
        "def handler(e, c): return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': e['headers'].get('referer')}}"
    ).outcomes
    value = dict(dict(outcome.result.result.entries)["headers"].entries)["Access-Control-Allow-Origin"]
    assert isinstance(value, Mirror)
    assert value.name == "referer"


def test_credentials_follow_the_same_test_as_the_origin() -> None:
    source = """
    def handler(event, context):
        o = event["headers"].get("origin")
        h = {}
        if o in ("https://a.example",):
            h["Access-Control-Allow-Origin"] = o
            h["Access-Control-Allow-Credentials"] = "true"
        return {"statusCode": 200, "headers": h}
    """
    (outcome,) = read(source).outcomes
    headers = dict(dict(outcome.result.result.entries)["headers"].entries)
    assert isinstance(headers["Access-Control-Allow-Origin"], Echo)
    assert isinstance(headers["Access-Control-Allow-Credentials"], WhenOrigin)


def test_failure_while_the_module_loads() -> None:
    bad = read("import os\nTABLE = {}['x']\ndef handler(e, c): return {'statusCode': 200}")
    assert [(type(outcome.result), outcome.expected, outcome.error) for outcome in bad.outcomes] == [
        (Raised, True, True)
    ]
    right = read(
        "import os\nTABLE = os.environ['TABLE']\ndef handler(e, c): return {'statusCode': 200}",
        environment={"TABLE": "t"},
    )
    assert [type(outcome.result).__name__ for outcome in right.outcomes] == ["Returned"]
