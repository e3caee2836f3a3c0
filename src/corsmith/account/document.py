"""A unit of an account as a CloudFormation document, which the reader of templates turns into an Api like any other.

So the same model and the same rules hold for what is deployed and for what a template will deploy. Nothing here does I/O.
"""

from __future__ import annotations

from . import http_document, links, rest_document
from .distribution_document import write_distributions
from .function_document import Functions, folder_of
from .snapshot import FunctionState, HttpApiState, RestApiState
from .unit import Unit
from .writing import Document, Writer, attribute


def working_copy(unit: Unit) -> Document:
    """Return the document of what the unit is defined as now, deployed or not."""
    return _written(unit, None)


def deployed(unit: Unit, stage: str) -> Document:
    """Return the document of what a stage of the unit's API serves; the stage's definition must have been exported."""
    return _written(unit, stage)


def _written(unit: Unit, stage: str | None) -> Document:
    writer = Writer(unit.path)
    door = unit.door
    known = {each.arn: each for each in unit.functions}
    if isinstance(door, FunctionState):
        _write_urls(writer, unit, door, Functions(writer, {**known, door.arn: door}, unit.code))
    else:
        name = (
            rest_document.name_of(door, writer)
            if isinstance(door, RestApiState)
            else http_document.name_of(door, writer)
        )
        functions = Functions(writer, known, unit.code, (door.id, name))
        writer.addresses[name] = _address(door)
        _write_api(writer, door, name, functions, stage)
        http_document.write_domains(writer, door, name, unit.domains)
        write_distributions(writer, unit, {door.id: name})
    folder = f"{unit.place.account}/{unit.place.region}"
    states = (*unit.functions, *((door,) if isinstance(door, FunctionState) else ()))
    with_code = {f"{folder}/{folder_of(state)}": state for state in states if state.arn in unit.code}
    files = {f"{at}/{path}": text for at, state in with_code.items() for path, text in unit.code[state.arn].items()}
    return writer.document(files, {at: links.function(state) for at, state in with_code.items()})


def _write_api(
    writer: Writer, door: RestApiState | HttpApiState, name: str, functions: Functions, stage: str | None
) -> None:
    if isinstance(door, RestApiState):
        if stage is None:
            rest_document.write_working_copy(writer, door, name, functions)
        else:
            rest_document.write_deployed(writer, door, name, functions, stage)
    elif isinstance(door, HttpApiState):
        if stage is None:
            http_document.write_working_copy(writer, door, name, functions)
        else:
            http_document.write_deployed(writer, door, name, functions, stage)


def _write_urls(writer: Writer, unit: Unit, door: FunctionState, functions: Functions) -> None:
    names: dict[str, str] = {}
    for url in door.urls:
        alias = alias_of(door, url)
        name = names[host_of(url)] = writer.named(f"{door.name}{f' {alias}' if alias else ''} URL")
        cors = {key: each for key, each in (url.get("Cors") or {}).items() if each not in (None, [])}
        properties = {
            "TargetFunctionArn": attribute(functions.add(door, alias)),
            "AuthType": url.get("AuthType"),
            "InvokeMode": url.get("InvokeMode"),
            "Cors": cors or None,
        }
        writer.addresses[name] = str(url.get("FunctionUrl")).rstrip("/")
        writer.add(name, "AWS::Lambda::Url", properties, links.function_url(door, alias))
    write_distributions(writer, unit, names)


def _address(door: RestApiState | HttpApiState) -> str:
    told = door.api.get("ApiEndpoint")
    suffix = ".cn" if door.place.partition == "aws-cn" else ""
    return str(told) if told else f"https://{door.id}.execute-api.{door.place.region}.amazonaws.com{suffix}"


def alias_of(door: FunctionState, url: dict[str, object]) -> str:
    """Return the alias that a Function URL belongs to, "" where it is the function's own."""
    return str(url.get("FunctionArn") or door.arn).removeprefix(door.arn).lstrip(":")


def host_of(url: dict[str, object]) -> str:
    """Return the host of a Function URL."""
    return str(url.get("FunctionUrl", "")).removeprefix("https://").removeprefix("http://").strip("/")
