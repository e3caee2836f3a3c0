"""Settings that SAM refuses because it knows none of that name in that place.

Only those that have to do with CORS, authorization or errors are looked at: which other settings there are changes with
every release of SAM, and is not this tool's concern.
"""

from __future__ import annotations

import re

from corsmith.readers.nodes import Mapping
from corsmith.readers.refusals import Refusals
from corsmith.readers.template import Resource, Template

_CONCERNS = re.compile(r"cors|origin|allow|auth|gateway_?responses?$|binarymedia", re.IGNORECASE)
_PROPERTIES = {
    "AWS::Serverless::Api": frozenset({"Auth", "BinaryMediaTypes", "Cors", "GatewayResponses"}),
    "AWS::Serverless::HttpApi": frozenset({"Auth", "CorsConfiguration"}),
    "AWS::Serverless::Function": frozenset({"AutoPublishAlias"}),
}
_GLOBALS = {
    "Api": _PROPERTIES["AWS::Serverless::Api"],
    "HttpApi": _PROPERTIES["AWS::Serverless::HttpApi"],
}
_CORS = {"Cors": "AWS::Serverless::Api", "CorsConfiguration": "AWS::Serverless::HttpApi"}


def check_properties(resource: Resource, refusals: Refusals) -> None:
    """Note properties of an API that SAM does not know there."""
    _check(resource.properties, resource.name, _PROPERTIES[resource.type], refusals)


def check_function(resource: Resource, properties: Mapping, refusals: Refusals) -> None:
    """Note CORS settings of a function or of its events, which have none."""
    _refuse(properties, resource.name, "a function", resource.name, refusals)
    events = properties.get("Events")
    for event in events.entries if isinstance(events, Mapping) else ():
        own = event.value.get("Properties") if isinstance(event.value, Mapping) else None
        if isinstance(own, Mapping):
            _refuse(own, f"The event {event.key.text} of {resource.name}", "an event", resource.name, refusals)


def _refuse(mapping: Mapping, owner: str, what: str, function: str, refusals: Refusals) -> None:
    for entry in mapping.entries:
        if entry.key.text in _CORS:
            message = f"{owner} has no setting {entry.key.text}: CORS is set on the API, not on {what}."
            refusals.add("misplaced", entry.key.span, message, api=function, key=entry.key.text)


def check_globals(template: Template, refusals: Refusals) -> None:
    """Note settings of Globals that SAM does not know there."""
    for section, known in _GLOBALS.items():
        body = template.globals.get(section) if template.globals is not None else None
        if isinstance(body, Mapping):
            _check(body, f"Globals.{section}", known, refusals)


def _check(mapping: Mapping, owner: str, known: frozenset[str], refusals: Refusals) -> None:
    for entry in mapping.entries:
        name = entry.key.text
        if name in known or not _CONCERNS.search(name):
            continue
        if name in _CORS:
            message = f"{owner} has no setting {name}: it is one of {_CORS[name]}."
            refusals.add("misplaced", entry.key.span, message, api=owner, key=name)
        else:
            message = f"{owner} has no setting {name}; it has {', '.join(sorted(known))}."
            refusals.add("unknown-key", entry.key.span, message, api=owner, key=name)
