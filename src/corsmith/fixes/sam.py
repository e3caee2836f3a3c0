"""Fixes in SAM templates, and in CloudFormation where the settings are the same."""

from __future__ import annotations

from corsmith.api.fix import Edit
from corsmith.api.function_url import FunctionUrl
from corsmith.api.http_api import HttpApi, HttpRoute
from corsmith.api.model import Api, FrontDoor
from corsmith.api.tree import Tree
from corsmith.api.wanted import Wanted
from corsmith.readers.nodes import Mapping, Scalar

from .yaml_edit import add_entries, add_entry, replace_value
from .yaml_source import Source, at, entry_of, load, scalar_text
from .yaml_written import Content, Verbatim

IMPLICIT = {"ServerlessRestApi": "Api", "ServerlessHttpApi": "HttpApi"}
"""The APIs that SAM makes by itself, and the section of Globals that configures them."""


def configure_cors(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give the front door CORS settings for `wanted`; none where a person has to decide."""
    source = load(tree, api.file)
    if source is None or api.dialect not in ("sam", "cloudformation", "cdk"):
        return ()
    if isinstance(front_door, FunctionUrl):
        return _function_url(source, front_door, wanted)
    if isinstance(front_door, HttpApi):
        return _set(source, front_door.name, "CorsConfiguration", _http_cors(source, wanted))
    kind = scalar_text(at(source.root, "Resources", front_door.name, "Type"))
    if api.dialect != "sam" or (front_door.name not in IMPLICIT and kind != "AWS::Serverless::Api"):
        return ()
    origin = _rest_origin(source, wanted)
    if origin is None:
        return ()
    edits = _set(source, front_door.name, "Cors", _rest_cors(origin, wanted))
    # Where both go to the same place, the deeper one comes first.
    return (*_free_preflight(source, front_door.name), *edits) if edits else ()


def free_preflight(tree: Tree, api: Api, front_door: FrontDoor) -> tuple[Edit, ...]:
    """Return the edits that take the default authorizer and the API key off the OPTIONS methods that SAM makes."""
    source = load(tree, api.file)
    return _free_preflight(source, front_door.name) if source is not None and api.dialect == "sam" else ()


def free_options_event(tree: Tree, api: Api, path: str) -> tuple[Edit, ...]:
    """Return the edit that takes the authorizer off an OPTIONS event that the template itself declares."""
    source = load(tree, api.file)
    resources = at(source.root, "Resources") if source is not None else None
    if source is None or not isinstance(resources, Mapping):
        return ()
    for resource in resources.entries:
        events = at(resource.value, "Properties", "Events")
        for event in events.entries if isinstance(events, Mapping) else ():
            properties = at(event.value, "Properties")
            if (scalar_text(at(properties, "Method")) or "").upper() != "OPTIONS" or not isinstance(
                properties, Mapping
            ):
                continue
            if scalar_text(at(properties, "Path")) != path:
                continue
            auth = properties.entry("Auth")
            if auth is None:
                return (add_entry(source, properties, "Auth", {"Authorizer": "NONE"}),)
            return (replace_value(source, auth, properties, {"Authorizer": "NONE"}),)
    return ()


def gateway_responses(tree: Tree, api: Api, front_door: FrontDoor, wanted: Wanted) -> tuple[Edit, ...]:
    """Return the edits that give API Gateway's own errors the CORS headers."""
    source = load(tree, api.file)
    if source is None or api.dialect != "sam":
        return ()
    origin = _rest_origin(source, wanted)
    if origin is None:
        return ()
    headers: dict[str, Content] = {"Access-Control-Allow-Origin": origin}
    if wanted.credentials:
        headers["Access-Control-Allow-Credentials"] = "'true'"
    response: Content = {"ResponseParameters": {"Headers": headers}}
    kind = scalar_text(at(source.root, "Resources", front_door.name, "Type"))
    if front_door.name not in IMPLICIT and kind != "AWS::Serverless::Api":
        return ()
    existing = at(settings_of_api(source, front_door.name), "GatewayResponses")
    if not isinstance(existing, Mapping):
        both: Content = {"DEFAULT_4XX": response, "DEFAULT_5XX": response}
        return _set(source, front_door.name, "GatewayResponses", both)
    edits = [_headers_of(source, existing, type_, headers, response) for type_ in _names(existing)]
    edits += [
        (add_entry(source, existing, type_, response),)
        for type_ in ("DEFAULT_4XX", "DEFAULT_5XX")
        if existing.get(type_) is None
    ]
    return tuple(edit for group in edits for edit in group)


def _headers_of(
    source: Source, responses: Mapping, type_: str, headers: dict[str, Content], response: Content
) -> tuple[Edit, ...]:
    """Return the edits that add what lacks to one customised gateway response."""
    entry = responses.entry(type_)
    assert entry is not None
    if not isinstance(entry.value, Mapping):
        return (replace_value(source, entry, responses, response),)
    parameters = entry.value.entry("ResponseParameters")
    if parameters is None or not isinstance(parameters.value, Mapping):
        return (
            (add_entry(source, entry.value, "ResponseParameters", {"Headers": headers}),) if parameters is None else ()
        )
    written = parameters.value.get("Headers")
    if written is None:
        return (add_entry(source, parameters.value, "Headers", headers),)
    if not isinstance(written, Mapping):
        return ()
    there = {name.lower() for name in _names(written)}
    return tuple(
        add_entry(source, written, name, value) for name, value in headers.items() if name.lower() not in there
    )


def _http_cors(source: Source, wanted: Wanted) -> Content:
    cors: dict[str, Content] = {
        "AllowOrigins": [_origin(source, origin) for origin in wanted.origins],
        "AllowMethods": list(wanted.methods),
    }
    if wanted.headers:
        cors["AllowHeaders"] = list(wanted.headers)
    if wanted.credentials:
        cors["AllowCredentials"] = True
    return cors


def _rest_cors(origin: Content, wanted: Wanted) -> Content:
    methods = ",".join(sorted({*wanted.methods, "OPTIONS"}))
    cors: dict[str, Content] = {"AllowOrigin": origin, "AllowMethods": f"'{methods}'"}
    if wanted.headers:
        cors["AllowHeaders"] = f"'{','.join(wanted.headers)}'"
    if wanted.credentials:
        cors["AllowCredentials"] = True
    return cors


def _function_url(source: Source, url: FunctionUrl, wanted: Wanted) -> tuple[Edit, ...]:
    cors: dict[str, Content] = {
        "AllowOrigins": [_origin(source, origin) for origin in wanted.origins],
        "AllowMethods": [method for method in wanted.methods if len(method) <= 6],
    }
    if wanted.headers:
        cors["AllowHeaders"] = list(wanted.headers)
    if wanted.credentials:
        cors["AllowCredentials"] = True
    holder = at(source.root, "Resources", url.name, "Properties")
    if holder is None:
        holder = at(source.root, "Resources", url.name.removesuffix("Url"), "Properties", "FunctionUrlConfig")
    return (
        (add_entry(source, holder, "Cors", cors),) if isinstance(holder, Mapping) and holder.get("Cors") is None else ()
    )


def _free_preflight(source: Source, name: str) -> tuple[Edit, ...]:
    auth = at(settings_of_api(source, name), "Auth")
    edits: list[Edit] = []
    if isinstance(auth, Mapping):
        for needs, switch in (
            ("DefaultAuthorizer", "AddDefaultAuthorizerToCorsPreflight"),
            ("ApiKeyRequired", "AddApiKeyRequiredToCorsPreflight"),
        ):
            if auth.get(needs) is None:
                continue
            entry = auth.entry(switch)
            if entry is None:
                edits.append(add_entry(source, auth, switch, content=False))
            elif isinstance(entry.value, Scalar) and entry.value.text.lower() != "false":
                edits.append(replace_value(source, entry, auth, content=False))
    return tuple(edits)


def _names(mapping: Mapping) -> tuple[str, ...]:
    return tuple(entry.key.text for entry in mapping.entries)


def settings_of_api(source: Source, name: str) -> Mapping | None:
    """Return the mapping that holds an API's settings: its Properties, or the section of Globals for SAM's own APIs."""
    way = ("Globals", IMPLICIT[name]) if name in IMPLICIT else ("Resources", name, "Properties")
    node = at(source.root, *way)
    return node if isinstance(node, Mapping) else None


def _set(source: Source, name: str, setting: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that gives the API a setting it lacks, with the levels above it where they lack too."""
    holder = settings_of_api(source, name)
    if holder is not None:
        entry = holder.entry(setting)
        if entry is None:
            return (add_entry(source, holder, setting, content),)
        return (replace_value(source, entry, holder, content),) if isinstance(entry.value, Scalar) else ()
    if name in IMPLICIT:
        above = at(source.root, "Globals")
        if isinstance(above, Mapping):
            return _put(source, above, IMPLICIT[name], {setting: content})
        return _put(source, source.root, "Globals", {IMPLICIT[name]: {setting: content}})
    resource = at(source.root, "Resources", name)
    return _put(source, resource, "Properties", {setting: content}) if isinstance(resource, Mapping) else ()


def _put(source: Source, above: Mapping, name: str, content: Content) -> tuple[Edit, ...]:
    """Return the edit that gives `above` an entry that it lacks, or that stands there without a value."""
    entry = above.entry(name)
    if entry is None:
        return (add_entry(source, above, name, content),)
    empty = isinstance(entry.value, Scalar) and entry.value.kind == "null"
    return (replace_value(source, entry, above, content),) if empty else ()


def _origin(source: Source, origin: str) -> Content:
    """Return the origin as the template would say it: through its own parameter, where that has this default."""
    parameters = at(source.root, "Parameters")
    for entry in parameters.entries if isinstance(parameters, Mapping) else ():
        if scalar_text(at(entry.value, "Default")) == origin:
            return {"Ref": entry.key.text}
    return origin


def _rest_origin(source: Source, wanted: Wanted) -> Content | None:
    """Return the quoted literal for the one origin that a REST API can name; None for several with credentials."""
    if len(wanted.origins) > 1:
        return None if wanted.credentials else "'*'"
    origin = _origin(source, wanted.origins[0])
    if isinstance(origin, dict):
        return {"Fn::Sub": f"'${{{origin['Ref']}}}'"}
    return f"'{origin}'"


def options_event(tree: Tree, route: HttpRoute) -> tuple[Edit, ...]:
    """Return the edit that adds events for OPTIONS without an authorizer beside the HttpApi event at `route`."""
    source = load(tree, route.span.file)
    held = entry_of(source.root, route.span) if source is not None else None
    if source is None or held is None or scalar_text(at(held[0].value, "Type")) != "HttpApi":
        return ()
    event, events = held
    api = at(event.value, "Properties", "ApiId")
    written = source.cut(api.span) if api is not None else ""
    if "\n" in written:
        return ()
    named: dict[str, Content] = {"ApiId": Verbatim(written)} if written else {}
    # NONE is a word against the API's default authorizer alone.
    own = at(event.value, "Properties", "Auth", "Authorizer")
    auth: dict[str, Content] = {"Auth": {"Authorizer": "NONE"}} if own is None else {}
    # A greedy path does not take the root.
    paths = {"Options": "/{proxy+}", "OptionsRoot": "/"} if route.path == "$default" else {"Options": route.path}
    added: dict[str, Content] = {
        f"{event.key.text}{name}": {
            "Type": "HttpApi",
            "Properties": {**named, "Path": path, "Method": "OPTIONS", **auth},
        }
        for name, path in paths.items()
    }
    return (add_entries(source, events, added),)
