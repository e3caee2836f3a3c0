"""CORS settings that CloudFormation refuses, because the resource has none of that name.

Source: the CloudFormation reference: a property or a member that a resource's schema does not have is refused.
"""

from __future__ import annotations

from corsmith.readers.nodes import Mapping
from corsmith.readers.reading import Reading
from corsmith.readers.refusals import Refusals
from corsmith.readers.strays import SETTINGS

_KNOWN = {"AWS::ApiGatewayV2::Api": "CorsConfiguration", "AWS::Lambda::Url": "Cors"}
"""The resources with CORS settings of their own; API Gateway's others, and functions, have none."""
_KEYS = frozenset(("AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge", "AllowCredentials"))
_BY = "CloudFormation"


def check(reading: Reading, refusals: Refusals) -> None:
    """Note CORS settings that a resource does not have, and members that the settings do not have."""
    for resource in reading.template.resources.values():
        if not resource.type.startswith(("AWS::ApiGateway", "AWS::Lambda::")):
            continue
        known = _KNOWN.get(resource.type)
        wrong = [
            entry for entry in resource.properties.entries if entry.key.text in SETTINGS and entry.key.text != known
        ]
        for entry in (*wrong, *[entry for entry in resource.body.entries if entry.key.text in SETTINGS]):
            name = entry.key.text
            has = f"; it has {known} in its Properties" if known is not None else ""
            message = f"{resource.name}, an {resource.type}, has no setting {name} here{has}."
            refusals.add("misplaced", entry.key.span, message, api=resource.name, key=name, by=_BY)
        settings = resource.properties.get(known) if known is not None else None
        for entry in settings.entries if isinstance(settings, Mapping) and not settings.tag else ():
            if entry.key.text not in _KEYS and not entry.key.text.startswith("Fn::"):
                message = (
                    f"{known} of {resource.name} has no setting {entry.key.text}; it has {', '.join(sorted(_KEYS))}."
                )
                refusals.add("unknown-key", entry.key.span, message, api=resource.name, key=entry.key.text, by=_BY)
