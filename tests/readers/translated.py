"""aws-sam-translator as the oracle: what it makes of a template, and both models in one comparable form."""

from __future__ import annotations

import json
import warnings
from typing import Any

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from corsmith.api.alb import Alb
from corsmith.api.front_door import HttpProxy, LambdaProxy
from corsmith.api.http_api import HttpApi
from corsmith.api.model import Api
from corsmith.api.rest_api import Mapped, Mock, RestApi
from corsmith.api.tree import Memory, Tree
from corsmith.api.value import Known, OneOf
from corsmith.readers import Settings, read

PLACEHOLDER = "s3://bucket/key"


class Refusal(Exception):  # noqa: N818 - it names what the translator does
    """The translator refuses the template. `messages` are its own."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


def translate(text: str) -> str:
    """Return the CloudFormation template, as JSON, that the translator makes of a SAM template. Raises `Refusal`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        template = yaml_parse(text)
        packaged(template)
        session = boto3.Session(region_name="eu-west-1")
        translator = Translator({}, Parser(), boto_session=session)
        translator.get_managed_policy_map = dict  # type: ignore[attr-defined]
        try:
            made = translator.translate(template, parameter_values=defaults(template), get_managed_policy_map=dict)
        except InvalidDocumentException as error:
            raise Refusal([cause.message for cause in error.causes]) from error
    return json.dumps(made, indent=1, default=str)


def packaged(template: dict[str, Any]) -> None:
    """Put an S3 address for every local path, as `sam package` does."""
    sections = [(template.get("Globals") or {}).get("Function")]
    sections += [(r or {}).get("Properties") for r in template.get("Resources", {}).values() if isinstance(r, dict)]
    for section in sections:
        if isinstance(section, dict):
            for key in ("CodeUri", "ContentUri", "DefinitionUri"):
                if isinstance(section.get(key), str) and not section[key].startswith("s3://"):
                    section[key] = PLACEHOLDER


def defaults(template: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters' defaults as the service hands them to the translator: lists are split."""
    found: dict[str, Any] = {}
    for name, body in (template.get("Parameters") or {}).items():
        if isinstance(body, dict) and "Default" in body:
            listed = body.get("Type") == "CommaDelimitedList"
            found[name] = [part.strip() for part in body["Default"].split(",")] if listed else str(body["Default"])
    return found


def models(text: str, settings: Settings | None = None) -> tuple[Api, Api]:
    """Return the model read from a SAM template, and the model read from what the translator makes of it."""
    settings = settings or Settings()
    tree = Tree(Memory({"template.yaml": text, "translated.json": translate(text)}))
    mine, theirs = read(tree, "template.yaml", settings), read(tree, "translated.json", settings)
    assert mine is not None
    assert theirs is not None
    return mine, theirs


def comparable(api: Api) -> dict[str, Any]:
    """Return the model as plain data: values without spans, in an order that does not depend on the template's."""
    found: dict[str, Any] = {}
    for door in api.front_doors:
        if isinstance(door, RestApi):
            found[door.name] = rest(door)
        elif isinstance(door, HttpApi):
            found[door.name] = http(door)
        elif isinstance(door, Alb):
            found[door.name] = [plain(door.rules), plain(door.default), plain(door.inserts)]
        else:
            found[door.name] = {
                "auth": plain(door.auth_type),
                "function": plain(door.function),
                "mode": plain(door.invoke_mode),
                "cors": plain(door.cors),
                "may": [plain(door.may_invoke_url), plain(door.may_invoke)],
            }
    return found


def rest(door: RestApi) -> dict[str, Any]:
    """A REST API as plain data."""
    return {
        "methods": {f"{m.verb} {m.path}": method(m) for m in door.methods},
        "responses": {
            r.type: [dict(plain(r.parameters)), plain(r.status), plain(r.templates)] for r in door.gateway_responses
        },
        "binary": sorted(plain(door.binary_media_types), key=str),
        "stages": sorted({str(plain(stage.name)) for stage in door.stages} - {"Stage"}),
    }


def method(each: Any) -> dict[str, Any]:
    """A method as plain data."""
    return {
        "integration": integration(each.integration),
        "authorizer": authorizer(each.authorizer),
        "key": plain(each.api_key_required),
        "responses": [[plain(r.status), sorted(r.headers)] for r in each.responses]
        if isinstance(each.integration, Mock)
        else [],
        "validates": sorted(each.validates),
    }


def http(door: HttpApi) -> dict[str, Any]:
    """An HTTP API as plain data."""
    return {
        "routes": {
            f"{r.method} {r.path}": [integration(r.integration), authorizer(Known(r.authorizer))] for r in door.routes
        },
        "cors": plain(door.cors),
        "stages": sorted(str(plain(stage.name)) for stage in door.stages),
    }


def integration(made: Any) -> Any:
    """An integration as plain data."""
    if isinstance(made, LambdaProxy):
        return [
            "lambda",
            *map(plain, (made.function, made.payload_format, made.timeout_ms, made.permitted, made.streams)),
        ]
    if isinstance(made, HttpProxy):
        return ["http", plain(made.uri)]
    if isinstance(made, Mock):
        return ["mock", plain(made.request_templates), [response(r) for r in made.responses], plain(made.passthrough)]
    if isinstance(made, Mapped):
        return ["mapped", plain(made.function), [response(r) for r in made.responses]]
    return None


def response(each: Any) -> list[Any]:
    """An integration response as plain data."""
    return [plain(each.status), plain(each.selection_pattern), dict(plain(each.parameters)), plain(each.templates)]


def authorizer(value: Any) -> Any:
    """An authorizer as plain data."""
    if not isinstance(value, Known):
        return "unknown"
    each = value.value
    if each is None:
        return None
    fields = (
        each.identity_sources,
        each.function,
        each.issuer,
        each.audience,
        each.payload_format,
        each.simple_responses,
    )
    return [each.name, each.kind, *map(plain, fields), plain(each.token_validation)]


def plain(value: Any) -> Any:
    """A value without its spans; what is unknown is only that."""
    if isinstance(value, Known):
        return plain(value.value)
    if isinstance(value, OneOf):
        return {"one of": [plain(option) for option in value.options]}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if type(value).__name__ == "Unknown":
        return "unknown"
    if hasattr(value, "__slots__") and not isinstance(value, str | int | bool):
        return {name: plain(getattr(value, name)) for name in value.__slots__ if name not in ("span", "via")}
    return value
